"""The main job over the four services, each a process of its own: from a CSV file to conversations counted and duos to call."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

import pytest

from duolangue.provision.platform import PLATFORM
from duolangue.standalone.catcher import text_of
from duolangue.standalone.demo.desk import Coordinator
from duolangue.standalone.demo.people import ANSWER, Participants
from duolangue.standalone.demo.story import WEEKS, Outcome, Story
from duolangue.standalone.operate import dead_letters, fact_counts, found_association, operator, operator_link
from duolangue.standalone.settling import settling
from tests.processes import Platform, platform_in_processes

pytestmark = [pytest.mark.end_to_end, pytest.mark.long, pytest.mark.timeout(180)]

SHEET: Final = Path(__file__).parents[2] / "data" / "liege.csv"
CHOSEN: Final = {
    "+32486875281", "+32470348889",  # Émilie and Sofiya: a duo that runs already, and will not talk
    "+32488585750", "+32481260190", "+32473702885", "+32466857860", "+32485953204", "+32487840828",
    "+32490646012",  # Samir: no e-mail
    "+32469331566", "+32468300376", "+32485169409", "+32472150870", "+32477862500", "+32499301871",
}  # fmt: skip
SILENT: Final = {"Émilie", "Sofiya"}
NO_MAIL: Final = "+32490646012"


class Desk(Coordinator):
    """A coordinator whose every handed-over message is kept."""

    texts: list[str]

    async def hand_over(self) -> list[str]:
        handed = await super().hand_over()
        self.texts = [*getattr(self, "texts", []), *handed]
        return handed


class Talkers(Participants):
    """They talk as their habits are, but for one duo, which never does."""

    logged = 0

    async def log(self, texts: Iterable[str]) -> int:
        count = await super().log(text for text in texts if not all(name in text for name in SILENT))
        self.logged += count
        return count


@dataclass
class Played:
    """What came of the story, and all that was said to whom."""

    outcome: Outcome
    logged: int
    handed: list[str]
    catcher_mails: list[tuple[str, EmailMessage]]
    facts: dict[str, int]
    dead: int
    totals: dict[str, Any]
    messages: dict[str, Any]
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What each participant told, by id."""

    def mails(self, participant: str, link: str = "") -> list[str]:
        """All that somebody's mails show, of those that hold a link of some kind."""
        address = self.told[participant]["email"]
        found = [mail for recipient, mail in self.catcher_mails if recipient == address]
        return [shown(mail) for mail in found if link in text_of(mail)]

    @property
    def sides(self) -> Iterable[tuple[str, str]]:
        """Everybody of the new duos, with their partner."""
        for duo in self.outcome.duos:
            if duo["origin"] != "import":
                yield duo["newcomer"], duo["volunteer"]
                yield duo["volunteer"], duo["newcomer"]

    def secrets(self, participant: str) -> list[str]:
        """What nobody learns before both said yes."""
        person = self.told[participant]
        return [each for each in (person["last_name"], digits(person["phone"]), person["email"]) if each]


def digits(phone: str) -> str:
    return phone.removeprefix("+32")


def shown(mail: EmailMessage) -> str:
    """Subject, plain text and HTML, with the spaces of telephone numbers taken out."""
    parts = [str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"]
    return re.sub(r"(?<=\d)[ .](?=\d)", "", "\n".join((str(mail["Subject"]), *parts)))


def chosen_rows() -> list[dict[str, str]]:
    with SHEET.open(encoding="utf-8-sig", newline="") as sheet:
        return [row for row in csv.DictReader(sheet) if row["phone"] in CHOSEN]


def as_sheet(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


async def play(platform: Platform) -> Played:
    slug, address = "interra", "coordination@example.org"
    await found_association(platform.configuration, slug, "Interra", address)

    async def link() -> str:
        return await operator_link(platform.configuration, slug, address)

    desk, people = Desk(platform.url, link), Talkers(platform.url, platform.catcher, slug)
    async with settling(platform.servers, PLATFORM, platform.clock) as quiet:
        await quiet.settled()
        story = Story(slug, desk, people, platform.catcher, platform.clock, quiet.settled, lambda _: None)
        outcome = await story.play(as_sheet(chosen_rows()))
    async with operator(platform.servers) as client:
        dead = len(await dead_letters(client))
    played = Played(
        outcome, people.logged, desk.texts, platform.catcher.mails, await fact_counts(platform.servers), dead,
        await desk.get("/sessions/api/totals"), await desk.get("/messages/api/totals"),
    )  # fmt: skip
    for participant in outcome.names:
        played.told[participant] = await desk.get(f"/people/api/participants/{participant}")
    await desk.close()
    return played


@pytest.fixture(scope="module")
async def played(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Played]:
    async with platform_in_processes(tmp_path_factory.mktemp("platform")) as platform:
        with platform.telling():
            played = await play(platform)
        codes = {name: await process.stop() for name, process in platform.processes.items()}
        assert codes == dict.fromkeys(platform.processes, 0)
        yield played


async def test_people_come_in_and_duos_form(played: Played) -> None:
    done = played.outcome
    assert (done.imported, done.rejected, done.running) == (len(CHOSEN), [], 1)
    assert done.newcomers + done.volunteers == len(CHOSEN)
    assert {person["status"] for person in played.told.values()} == {"active"}
    assert done.proposed >= 4
    assert done.confirmed == done.proposed
    assert done.waiting == done.newcomers - done.running - done.confirmed
    assert all(person["sentence"] for person in done.left_waiting)
    assert all(any(reason["sentence"] for reason in duo["reasons"]) for duo in done.duos if duo["origin"] != "import")
    newcomers = [duo["newcomer"] for duo in done.duos]
    assert len(newcomers) == len(set(newcomers)) == done.confirmed + done.running
    for volunteer, count in Counter(duo["volunteer"] for duo in done.duos).items():
        assert count <= played.told[volunteer]["volunteer"]["places"]


async def test_both_are_asked_and_learn_no_more_than_a_first_name_before_both_said_yes(played: Played) -> None:
    for person, partner in played.sides:
        if not played.told[person]["email"]:
            continue
        proposals = played.mails(person, ANSWER)
        assert len(proposals) == [asked for asked, _ in played.sides].count(person)
        assert len([mail for mail in proposals if played.told[partner]["first_name"] in mail]) == 1
        assert not [secret for secret in played.secrets(partner) for mail in proposals if secret in mail]


async def test_both_are_told_how_to_reach_each_other_once_both_said_yes(played: Played) -> None:
    for person, partner in played.sides:
        if played.told[person]["email"]:
            number = f"wa.me/32{digits(played.told[partner]['phone'])}"
            assert len([mail for mail in played.mails(person) if number in mail]) == 1


async def test_nobody_learns_how_to_reach_somebody_else_than_their_partner(played: Played) -> None:
    partners = {(duo["newcomer"], duo["volunteer"]) for duo in played.outcome.duos}
    for person in played.told:
        if not played.told[person]["email"]:
            continue
        everything = "\n".join(played.mails(person))
        for other in played.told:
            if other != person and not {(person, other), (other, person)} & partners:
                assert not [secret for secret in played.secrets(other)[1:] if secret in everything]


async def test_who_has_no_mail_is_served_through_the_desk(played: Played) -> None:
    [samir] = [person for person in played.told.values() if person["phone"] == NO_MAIL]
    assert samir["email"] is None
    assert played.outcome.handed_over == len(played.handed) == played.messages["by_status"]["handed_over"] > 0
    assert all("Samir" in text for text in played.handed)
    partners = [partner for person, partner in played.sides if person == samir["id"]]
    asked = [text for text in played.handed if ANSWER in text]
    assert len(asked) == len(partners) == 1
    assert not [secret for secret in played.secrets(partners[0]) if secret in asked[0]]
    assert [text for text in played.handed if f"wa.me/32{digits(played.told[partners[0]]['phone'])}" in text]


async def test_conversations_are_counted_once_and_a_silent_duo_is_to_be_called(played: Played) -> None:
    done = played.outcome
    assert played.logged / 2 <= done.sessions <= played.logged  # what both sides tell of one day is one conversation
    assert done.sessions == played.totals["conversations"] > 0
    assert done.minutes == sum(duo["minutes"] for duo in done.weeks) == played.totals["minutes"]
    assert {duo["duo"] for duo in done.weeks} == {duo["id"] for duo in done.duos}
    [running] = [duo["id"] for duo in done.duos if duo["origin"] == "import"]
    [silent] = [duo for duo in done.weeks if duo["duo"] == running]
    assert (silent["minutes"], silent["missed_weeks"], silent["to_call"]) == (0, WEEKS, True)
    assert played.facts["commitment.missed.v1"] == sum(duo["missed_weeks"] for duo in done.weeks)
    assert all(duo["to_call"] is (duo["last_missed"] is not None) for duo in done.weeks)
    assert done.below_commitment == sum(duo["missed_weeks"] > 0 for duo in done.weeks)


async def test_every_step_was_told_once_and_nothing_was_put_aside(played: Played) -> None:
    done, facts = played.outcome, played.facts
    assert facts["participant.registered.v1"] == done.imported
    assert facts["duo.proposed.v1"] == done.proposed
    assert facts["duo.confirmed.v1"] == done.confirmed + done.running
    assert facts["notification.sent.v1"] == done.mails + done.handed_over
    assert facts["notification.sent.v1"] == played.messages["by_status"]["sent"] + done.handed_over
    assert played.dead == 0
