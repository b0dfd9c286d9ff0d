"""What other services ask: who people are, how to reach them with which links, with which keys tokens are verified."""

from __future__ import annotations

from duolangue.chassis.store import Absent
from duolangue.chassis.web import spoken
from duolangue.contracts.links import Purpose
from duolangue.contracts.requests import (
    Contact,
    ContactsAnswer,
    ContactsQuestion,
    FindQuestion,
    KeysAnswer,
    PeopleAnswer,
    PeopleQuestion,
    Person,
)
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.door import REMEMBERED
from duolangue.registration.domain.filters import Filters
from duolangue.registration.domain.participant import GONE, Participant, Status
from duolangue.registration.ports import Ports


async def people(question: PeopleQuestion, ports: Ports) -> PeopleAnswer:
    """Names as the desk shows them."""
    year = ports.clock.now().year
    found = await ports.participants.with_ids(question.people)
    return PeopleAnswer(people={each.id: _person(each, year) for each in found})


async def find(question: FindQuestion, ports: Ports) -> PeopleAnswer:
    """Those who take part, or take a break, and are found by what was typed; nobody where nothing was."""
    now = ports.clock.now()
    found: list[Participant] = []
    if question.text.strip():
        for status in (Status.ACTIVE, Status.PAUSED):
            wanted = Filters(q=question.text, status=status)
            found += await ports.participants.listed(wanted, now, after="", before="", limit=question.most)
    return PeopleAnswer(people={each.id: _person(each, now.year) for each in found[: question.most]})


def _person(participant: Participant, year: int) -> Person:
    return Person(
        first_name=participant.first_name,
        last_name=participant.last_name,
        age_band=participant.age_band(year),
        municipality=participant.municipality,
    )


async def contacts(question: ContactsQuestion, ports: Ports) -> ContactsAnswer:
    """How to reach people, with the links wanted for them. Who left or was refused is absent."""
    try:
        own = await ports.own()
    except Absent:
        return ContactsAnswer(contacts={})
    found = await ports.participants.with_ids(question.people)
    reachable = [each for each in found if each.status not in GONE]
    return ContactsAnswer(contacts={each.id: _contact(each, question, own, ports) for each in reachable})


def _contact(participant: Participant, question: ContactsQuestion, own: Association, ports: Ports) -> Contact:
    language = spoken(participant.ui_language, own.language)
    links: dict[Purpose, str] = {}
    for wanted in question.links:
        if wanted.person == participant.id:
            token = ports.signer.action_token(
                ports.association, wanted.purpose, wanted.entity, wanted.person, wanted.expires, language, wanted.scope
            )
            links[wanted.purpose] = wanted.purpose.url(ports.public_url, token)
    return Contact(
        first_name=participant.first_name,
        last_name=participant.last_name,
        language=language,
        email=participant.email,
        phone=participant.phone,
        links=links,
    )


async def keys(ports: Ports) -> KeysAnswer:
    """The public keys, and who was revoked while older tokens may still circulate."""
    recent = await ports.revocations.select({"revoked_at": {"$gt": ports.clock.now() - REMEMBERED}})
    return KeysAnswer(keys=ports.signer.jwks(), revoked={each.id: each.revoked_at for each in recent})
