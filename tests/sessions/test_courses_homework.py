"""Homework: what may be handed in, corrected, given back; a file is known before its bytes are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from duolangue.contracts.facts.courses import HomeworkHandedIn, HomeworkReturned, HomeworkSet
from duolangue.sessions.domain import handing_in, watching
from duolangue.sessions.domain import homework as works
from duolangue.sessions.domain.homework import Channel, Form, Homework, HomeworkWrong, Part, Stage
from duolangue.sessions.domain.watching import LessonWrong

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def lesson() -> watching.Lesson:
    return watching.lesson("l-1", "g-1", "Au  marché", "Raconte", "https://example.org/v", date(2026, 11, 29), NOW)


def set_for(participant: str = "ali") -> Homework:
    change = works.wanted("h-1", lesson(), participant, "e-1")
    assert [type(fact) for fact in change.facts] == [HomeworkSet]
    return change.state


def photo(part_id: str = "p-1") -> Part:
    file = {"media_type": "image/jpeg", "file": "f-1", "bytes": 10}
    return Part(id=part_id, form=Form.PHOTO, channel=Channel.LINK, at=NOW, **file)


@pytest.mark.parametrize("link", ["http://example.org", "javascript:alert(1)", "https://", "https://a b", "//x"])
def test_a_lesson_links_out_to_https_alone(link: str) -> None:
    with pytest.raises(LessonWrong):
        watching.lesson("l-1", "g-1", "Au marché", "", link, None, NOW)


def test_a_text_is_handed_in_once_for_each_form_corrected_and_given_back() -> None:
    handed = handing_in.typed(set_for(), "p-1", "  Je suis allé au marché. ", Channel.LINK, "", NOW)
    assert handed is not None
    assert [type(fact) for fact in handed.facts] == [HomeworkHandedIn]
    assert handed.state.stage is Stage.HANDED_IN
    assert handing_in.typed(handed.state, "p-1", "again", Channel.LINK, "", NOW) is None
    back = works.give_back(handed.state, "Très bien!", ["p-1"], "c-1", NOW)
    assert back is not None
    assert [type(fact) for fact in back.facts] == [HomeworkReturned]
    assert "bien" not in str(back.facts[0])
    assert back.state.stage is Stage.RETURNED
    assert works.give_back(back.state, "Très bien!", ["p-1"], "c-1", NOW) is None
    with pytest.raises(HomeworkWrong):
        handing_in.without(back.state, "p-1")
    more = handing_in.typed(back.state, "p-2", "Encore", Channel.WHATSAPP, "c-1", NOW)
    assert more is not None
    assert more.state.stage is Stage.HANDED_IN, "handing in more asks for another correction"
    with pytest.raises(HomeworkWrong, match="meanwhile"):
        works.give_back(more.state, "Très bien aussi", ["p-1"], "c-1", NOW)
    assert works.give_back(more.state, "Très bien aussi", ["p-2", "p-1"], "c-1", NOW)


def test_nothing_handed_in_is_not_corrected_and_an_empty_text_is_not_handed_in() -> None:
    with pytest.raises(HomeworkWrong):
        works.give_back(set_for(), "Bravo", [], "c-1", NOW)
    with pytest.raises(HomeworkWrong):
        handing_in.typed(set_for(), "p-1", "  \n ", Channel.LINK, "", NOW)


def test_a_file_is_named_before_it_arrives_and_cleared_away_when_it_never_does() -> None:
    expected = handing_in.expecting(set_for(), "p-1", "f-1", NOW)
    assert expected is not None
    assert (expected.state.files, expected.state.parts) == (["f-1"], ())
    assert expected.state.due_at == NOW + timedelta(hours=1)
    arrived = handing_in.arrived(expected.state, photo())
    assert arrived is not None
    assert (arrived.state.files, arrived.state.due_at) == (["f-1"], None)
    given_up = handing_in.gone(expected.state, ["f-1"])
    assert given_up is not None
    with pytest.raises(HomeworkWrong):
        handing_in.arrived(given_up.state, photo())


def test_a_file_taken_back_is_due_to_be_removed_at_once() -> None:
    state = set_for().model_copy(update={"parts": (photo(),)})
    change = handing_in.without(state, "p-1")
    assert change is not None
    assert (change.state.parts, change.state.files) == ((), ["f-1"])
    assert change.state.due_at is not None
    assert change.state.due_at <= NOW


def test_six_pieces_are_enough_those_on_their_way_included() -> None:
    state = set_for()
    for number in range(works.MOST_PARTS):
        change = handing_in.expecting(state, f"p-{number}", f"f-{number}", NOW)
        assert change is not None
        state = change.state
    assert handing_in.expecting(state, "p-1", "f-again", NOW), "the same form again takes no more room"
    with pytest.raises(HomeworkWrong):
        handing_in.typed(state, "p-9", "text", Channel.LINK, "", NOW)


def test_what_is_erased_keeps_no_word_and_takes_nothing_more() -> None:
    state = set_for().model_copy(update={"parts": (photo(),)})
    change = works.erased(state, NOW)
    assert change is not None
    assert (change.state.parts, change.state.correction, change.state.files) == ((), None, ["f-1"])
    assert change.state.due_at == NOW, "its file is to be removed"
    assert works.erased(change.state, NOW) is None
    assert works.stored_again(change.state, HomeworkHandedIn.fact_name()) is None
    with pytest.raises(HomeworkWrong):
        handing_in.typed(change.state, "p-3", "text", Channel.LINK, "", NOW)


def test_a_teachers_word_stands_until_what_came_after_it_is_corrected_too() -> None:
    known = handing_in.typed(set_for(), "p-1", "Je vais au marche.", Channel.LINK, "", NOW)
    assert known is not None
    given = works.give_back(known.state, "Bien ! Recopie : marché.", ["p-1"], "c-1", NOW)
    assert given is not None
    more = handing_in.typed(given.state, "p-2", "Je vais au marché.", Channel.LINK, "", NOW)
    assert more is not None
    assert more.state.stage is Stage.HANDED_IN
    assert more.state.correction == given.state.correction
    assert [more.state.corrected(part) for part in more.state.parts] == [True, False]
    with pytest.raises(HomeworkWrong):
        handing_in.without(more.state, "p-1")
    back = handing_in.without(more.state, "p-2")
    assert back is not None
    assert (back.state.stage, back.state.correction) == (Stage.RETURNED, given.state.correction)
    again = works.give_back(more.state, "Bien ! Recopie : marché.", ["p-1", "p-2"], "c-1", NOW)
    assert again is not None, "the same word for what came since is another correction"
    assert again.state.stage is Stage.RETURNED
