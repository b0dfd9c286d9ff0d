"""Questions that other services ask over the bus."""

from __future__ import annotations

from duolangue.chassis.bus import Answers
from duolangue.contracts.requests import (
    CONTACTS,
    FIND,
    KEYS,
    PEOPLE,
    ContactsAnswer,
    ContactsQuestion,
    FindQuestion,
    KeysAnswer,
    KeysQuestion,
    PeopleAnswer,
    PeopleQuestion,
)
from duolangue.registration import usecases
from duolangue.registration.domain.association import PLATFORM
from duolangue.registration.ports import PortsOf

answers = Answers[PortsOf]()


@answers(PEOPLE, PeopleQuestion)
async def people(question: PeopleQuestion, ports_of: PortsOf) -> PeopleAnswer:
    """Who are these?"""
    return await usecases.people(question, ports_of(question.association))


@answers(FIND, FindQuestion)
async def find(question: FindQuestion, ports_of: PortsOf) -> PeopleAnswer:
    """Who of those who take part is called so?"""
    return await usecases.find(question, ports_of(question.association))


@answers(CONTACTS, ContactsQuestion)
async def contacts(question: ContactsQuestion, ports_of: PortsOf) -> ContactsAnswer:
    """How are these reached, with these links?"""
    return await usecases.contacts(question, ports_of(question.association))


@answers(KEYS, KeysQuestion)
async def keys(_: KeysQuestion, ports_of: PortsOf) -> KeysAnswer:
    """With which keys are tokens and links verified?"""
    return await usecases.keys(ports_of(PLATFORM))
