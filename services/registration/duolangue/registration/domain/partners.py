"""Duos that ran before the import: who names whom by e-mail, resolved to participants once all rows are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from duolangue.contracts.vocabulary import Role
from duolangue.registration.domain.application import Application
from duolangue.registration.domain.imports import Draft, Reading, Remark
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.participant import GONE, Participant


@dataclass(slots=True)
class Running:
    """The running duos of an import."""

    pairs: list[tuple[str, str]] = field(default_factory=list)
    """Newcomer and volunteer, each once."""
    remarks: list[Remark] = field(default_factory=list)

    @property
    def partner(self) -> dict[str, str]:
        """With whom each runs a duo; a volunteer with several is named by each of the newcomers."""
        named: dict[str, str] = {}
        for newcomer, volunteer in self.pairs:
            named[newcomer] = volunteer
            named.setdefault(volunteer, newcomer)
        return named


@dataclass(frozen=True, slots=True)
class _Somebody:
    id: str
    roles: tuple[Role, ...]
    places: int
    row: int


def resolve(reading: Reading, ids: Mapping[int, str], known: Iterable[Participant]) -> Running:
    """Find the running duos. `ids` gives the participant of each row that was imported; `known` are those registered before."""
    by_email: dict[str, list[_Somebody]] = {}
    for participant in known:
        if participant.email and participant.status not in GONE:
            places = participant.volunteer.places if participant.volunteer else 0
            by_email.setdefault(participant.email, []).append(
                _Somebody(participant.id, tuple(participant.roles), places, 0)
            )
    drafts = [draft for draft in reading.drafts if draft.row in ids]
    for draft in drafts:
        if draft.told.email:
            by_email.setdefault(draft.told.email, []).append(_somebody(draft, ids))
    running = Running()
    taken: dict[str, str] = {}
    for draft in drafts:
        if draft.partner_email is None:
            continue
        partner, remark = _partner(draft, by_email.get(draft.partner_email, []), reading, ids[draft.row])
        if partner is not None:
            remark = _join(running, taken, draft, ids[draft.row], partner.id)
        if remark is not None:
            running.remarks.append(Remark(draft.row, remark))
    running.remarks.extend(_too_many(running, drafts, ids))
    return running


def may_run(told: Application, partner: Participant) -> None:
    """Hold a partner who is known against what somebody told.

    Raises:
        Invalid: they cannot be the two sides of a duo.
    """
    if partner.status in GONE:
        raise _remark("partner_gone", "The partner does not take part any more.")
    if not any(role.other in partner.roles for role in told.roles):
        raise _remark("partner_same_role", "The partner has the same role: no running duo was taken over.")


def _somebody(draft: Draft, ids: Mapping[int, str]) -> _Somebody:
    places = draft.told.volunteer.places if draft.told.volunteer else 0
    return _Somebody(ids[draft.row], tuple(draft.told.roles), places, draft.row)


def _partner(
    draft: Draft, found: list[_Somebody], reading: Reading, own: str
) -> tuple[_Somebody | None, Invalid | None]:
    if draft.role is None:
        return None, _remark(
            "partner_without_role", "Who only gives workshops has no duo: no running duo was taken over."
        )
    side = draft.role.other
    others = [each for each in found if each.id != own]
    if not others:
        rejected = reading.rejected_emails.get(draft.partner_email or "")
        if found:
            return None, _remark("partner_self", "This is the person's own address: no running duo was taken over.")
        if rejected is not None:
            return None, _remark(
                "partner_rejected",
                "The partner stands in row %(row)s, which could not be imported: no running duo was taken over.",
                row=rejected,
            )
        return None, _remark("partner_unknown", "Nobody with this address is known: no running duo was taken over.")
    fitting = [each for each in others if side in each.roles]
    if not fitting:
        return None, _remark("partner_same_role", "The partner has the same role: no running duo was taken over.")
    if len(fitting) > 1:
        return None, _remark("partner_ambiguous", "Several people share this address: no running duo was taken over.")
    return fitting[0], None


def _join(running: Running, taken: dict[str, str], draft: Draft, own: str, partner: str) -> Invalid | None:
    newcomer, volunteer = (own, partner) if draft.role is Role.NEWCOMER else (partner, own)
    if taken.get(newcomer, volunteer) != volunteer:
        return _remark(
            "partner_taken", "The newcomer has another running duo in this file: this one was not taken over."
        )
    if newcomer not in taken:
        taken[newcomer] = volunteer
        running.pairs.append((newcomer, volunteer))
    return None


def _too_many(running: Running, drafts: list[Draft], ids: Mapping[int, str]) -> Iterable[Remark]:
    duos_of = Counter(volunteer for _, volunteer in running.pairs)
    for draft in drafts:
        if draft.told.volunteer is None:
            continue
        duos = duos_of[ids[draft.row]]
        if duos > draft.told.volunteer.places:
            yield Remark(
                draft.row,
                Invalid(
                    "more_duos_than_places",
                    "%(duos)s running duos, but %(places)s wished: no new one until then.",
                    field="max_duos",
                    duos=duos,
                    places=draft.told.volunteer.places,
                ),
            )


def _remark(code: str, template: str, **values: object) -> Invalid:
    return Invalid(code, template, field="current_partner", **values)
