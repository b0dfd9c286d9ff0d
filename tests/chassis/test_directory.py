"""Registration is asked once for what several want of it at the same moment; everybody gets what they asked for."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from duolangue.chassis.bus.requests import Refused
from duolangue.chassis.identity import Directory
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import BATCH, Contact, ContactsAnswer, LinkWanted

EXPIRES = datetime(2027, 1, 1, tzinfo=UTC)


class Registration:
    """Answers with a link that names its person and entity, and keeps what it was asked."""

    def __init__(self):
        self.asked = []

    async def ask(self, subject, question, answer, seconds=3.0):
        self.asked.append(question)
        await asyncio.sleep(0)
        if "forbidden" in question.people:
            raise Refused("forbidden")
        links = {each: {} for each in question.people}
        for wanted in question.links:
            assert wanted.purpose not in links[wanted.person], "two links of one purpose cannot be told apart"
            links[wanted.person][wanted.purpose] = f"{wanted.person}/{wanted.entity}"
        return ContactsAnswer(
            contacts={
                each: Contact(first_name=each, last_name="", language="fr", links=links[each])
                for each in question.people
                if each != "gone"
            }
        )


def wanted(person, entity):
    return LinkWanted(person=person, purpose=Purpose.LOG_CONVERSATION, entity=entity, expires=EXPIRES)


async def reach(directory, person, entity="duo", association="interra"):
    return await directory.contacts(association, [person], [wanted(person, entity)])


async def test_many_at_the_same_moment_are_one_question():
    registration = Registration()
    directory = Directory(registration)
    found = await asyncio.gather(*(reach(directory, f"p{each}") for each in range(50)))
    assert [each[f"p{n}"].links[Purpose.LOG_CONVERSATION] for n, each in enumerate(found)] == [
        f"p{n}/duo" for n in range(50)
    ]
    assert [list(each) for each in found] == [[f"p{n}"] for n in range(50)]
    assert len(registration.asked) == 1


async def test_two_letters_to_one_person_keep_their_own_links():
    registration = Registration()
    directory = Directory(registration)
    one, other = await asyncio.gather(reach(directory, "ali", "duo-1"), reach(directory, "ali", "duo-2"))
    assert (one["ali"].links[Purpose.LOG_CONVERSATION], other["ali"].links[Purpose.LOG_CONVERSATION]) == (
        "ali/duo-1",
        "ali/duo-2",
    )


async def test_associations_are_never_asked_for_in_one_question():
    registration = Registration()
    directory = Directory(registration)
    await asyncio.gather(reach(directory, "ali"), reach(directory, "bea", association="cpas"))
    assert sorted((each.association, each.people) for each in registration.asked) == [
        ("cpas", ["bea"]), ("interra", ["ali"]),
    ]  # fmt: skip


async def test_a_question_is_never_longer_than_registration_takes():
    registration = Registration()
    directory = Directory(registration)
    crowds = [[f"{group}-{each}" for each in range(BATCH - 1)] for group in range(3)]
    found = await asyncio.gather(*(directory.contacts("interra", crowd) for crowd in crowds))
    assert [list(each) for each in found] == crowds
    assert all(len(each.people) <= BATCH for each in registration.asked)


async def test_who_is_unknown_is_absent_and_a_refusal_is_told_to_whom_it_concerns_alone():
    directory = Directory(Registration())
    gone, refused, fine = await asyncio.gather(
        reach(directory, "gone"), reach(directory, "forbidden"), reach(directory, "fine"), return_exceptions=True
    )
    assert gone == {}
    assert isinstance(refused, Refused)
    assert list(fine) == ["fine"]
    with pytest.raises(Refused):
        await reach(directory, "forbidden")
