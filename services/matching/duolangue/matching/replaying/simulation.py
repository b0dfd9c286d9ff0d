"""A year under one policy, event after event: people come and go, runs happen by the policy's rhythm, people answer, duos end.

Every run is computed by the engine exactly as a real one is; the rules of what an answer means are those of `domain.life`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Final

from duolangue.contracts.facts.registration import ParticipantStatus
from duolangue.contracts.vocabulary import Role
from duolangue.matching.domain.people import Association, Person
from duolangue.matching.domain.policy import AskOrder, CriterionName, Policy, Weights
from duolangue.matching.domain.replay_question import Behaviour, History, ReplayQuestion, RunningDuo, Stay
from duolangue.matching.domain.run import Pair
from duolangue.matching.domain.schedule import WEEK, Schedule, next_run
from duolangue.matching.engine import compute
from duolangue.matching.replaying.luck import Luck
from duolangue.matching.replaying.people import Somebody, Stage, Together
from duolangue.matching.replaying.record import Made, Record, Standing, Wait

COMING, ANSWERING, RUNNING, COUNTING = range(4)
"""What happens first among what happens at one moment."""
ASSUMED_RHYTHM: Final = Schedule()
"""Where a policy has none: every Monday."""


class Simulation:
    """One policy's year."""

    def __init__(self, question: ReplayQuestion, policy: Policy, association: Association) -> None:
        self._policy, self._association = policy, association
        self._begins, self._ends = question.begins, question.ends
        self._behaviour: Behaviour = question.behaviour
        self._yardstick: Weights = question.cases[0].policy.weights
        self._luck = Luck(question.seed)
        self._queue: list[tuple[datetime, int, int, Callable[[], None]]] = []
        self._number = count()
        self._now = question.begins
        self._people = {stay.person.id: Somebody(_active(stay)) for stay in question.history.stays}
        self._apart = {frozenset(pair) for pair in question.history.apart}
        self.record = Record()
        self._prepare(question.history)

    def run(self, tell: Callable[[float], None]) -> Record:
        """From the first day to the last. `tell` hears which share of the time has passed."""
        whole = (self._ends - self._begins).total_seconds()
        while self._queue and self._queue[0][0] < self._ends:
            self._now, _, _, action = heapq.heappop(self._queue)
            action()
            tell(max(0.0, (self._now - self._begins).total_seconds()) / whole)
        self._now = self._ends
        for each in self._people.values():
            self._close(each)
        return self.record

    def _prepare(self, history: History) -> None:
        for stay in history.stays:
            if stay.came_at < self._ends and not (stay.left_at is not None and stay.left_at <= self._begins):
                self._expect(stay)
        for duo in history.running:
            self._at(self._begins, COMING, partial(self._go_on, duo))
        moment = next_run(self._schedule, self._begins - timedelta(microseconds=1), self._association.timezone)
        self._at(moment, RUNNING, self._look_for_pairs)
        for week in range((self._ends - self._begins).days // WEEK + 1):
            self._at(self._begins + timedelta(weeks=week), COUNTING, self._count)

    @property
    def _schedule(self) -> Schedule:
        return self._policy.schedule or ASSUMED_RHYTHM

    def _expect(self, stay: Stay) -> None:
        each = self._people[stay.person.id]
        self._at(max(stay.came_at, self._begins), COMING, partial(self._come, each, stay.came_at))
        for pause in stay.breaks:
            self._at(max(pause.begins, self._begins), COMING, partial(self._rest, each))
            if pause.ends is not None:
                self._at(max(pause.ends, self._begins), COMING, partial(self._be_back, each))
        self._at(stay.left_at, COMING, partial(self._leave, each))

    def _at(self, moment: datetime | None, rank: int, action: Callable[[], None]) -> None:
        if moment is not None and moment < self._ends:
            heapq.heappush(self._queue, (moment, rank, next(self._number), action))

    def _in(self, days: float, rank: int, action: Callable[[], None]) -> None:
        if days < (self._ends - self._now) / timedelta(days=1):
            self._at(self._now + timedelta(days=days), rank, action)

    # people come and go

    def _come(self, each: Somebody, since: datetime) -> None:
        each.here = each.came = True
        if each.person.newcomer is not None:
            each.began = since

    def _go_on(self, duo: RunningDuo) -> None:
        newcomer, volunteer = self._people.get(duo.newcomer), self._people.get(duo.volunteer)
        if newcomer is None or volunteer is None or not (newcomer.here and volunteer.here):
            return
        pair = Together(newcomer, volunteer, stage=Stage.DUO)
        self._hold(pair)
        newcomer.began = None
        self._at(duo.until, COMING, partial(self._end, pair))

    def _rest(self, each: Somebody) -> None:
        each.on_break = True
        self._drop_drafts(each)

    def _be_back(self, each: Somebody) -> None:
        each.on_break = False

    def _leave(self, each: Somebody) -> None:
        each.here = False
        self._give_up(each)
        for pair in [*each.helps, *([each.pair] if each.pair else [])]:
            running, partner = pair.stage is Stage.DUO, pair.newcomer
            self._release(pair)
            if running:
                self._bar(pair)
                if partner is not each:
                    partner.began, partner.first = self._now, False

    # runs

    def _look_for_pairs(self) -> None:
        self._at(next_run(self._schedule, self._now, self._association.timezone), RUNNING, self._look_for_pairs)
        self.record.runs += 1
        waiting = [each for each in self._people.values() if each.searches]
        capacity = {key: each.places for key, each in self._people.items() if each.available}
        if not waiting or not any(capacity.values()):
            return
        question = compute.Question(
            newcomers=[
                each.person.model_copy(update={"goes_first": True}) if each.first else each.person for each in waiting
            ],
            volunteers=[each.person for each in self._people.values() if each.available and each.person.volunteer],
            capacity=capacity,
            apart=self._apart,
            association=self._association,
            policy=self._policy,
            now=self._now,
        )
        for found in compute.pairs_alone(question):
            self._draft(found)

    def _draft(self, found: Pair) -> None:
        values = {each.criterion: each for each in found.reasons}
        score = sum(self._yardstick.of(name) * values[name].value for name in values) // self._yardstick.total
        tenths = values[CriterionName.DISTANCE].parameters.get("tenths_km") or 0
        pair = Together(
            self._people[found.newcomer],
            self._people[found.volunteer],
            score=score,
            tenths_km=tenths if isinstance(tenths, int) else 0,
        )
        self._hold(pair)
        days = 0.0 if self._policy.proposes_at_once else self._behaviour.approval_days
        self._in(days, ANSWERING, partial(self._propose, pair))

    # answers

    def _propose(self, pair: Together) -> None:
        if pair.stage is not Stage.DRAFT:
            return
        pair.stage = Stage.ASKED
        self.record.proposals += 1
        for side in (Role.VOLUNTEER,) if self._policy.ask_order is AskOrder.VOLUNTEER_FIRST else tuple(Role):
            self._ask(pair, side)

    def _ask(self, pair: Together, side: Role) -> None:
        asked = pair.side(side)
        pair.asked.add(side)
        nth = asked.nth(side.value)
        days = self._luck.days(self._behaviour.answer_days, "answer", side.value, asked.person.id, nth)
        if days < self._policy.expiry_days:
            self._in(days, ANSWERING, partial(self._answer, pair, side, nth))
        else:
            self._in(self._policy.expiry_days, ANSWERING, partial(self._expire, pair))

    def _answer(self, pair: Together, side: Role, nth: int) -> None:
        if pair.stage is not Stage.ASKED:
            return
        asked = pair.side(side)
        asked.silences = 0
        percent = self._behaviour.volunteer_yes if side is Role.VOLUNTEER else self._behaviour.newcomer_yes
        if not self._luck.happens(percent, "yes", side.value, asked.person.id, nth):
            self.record.declined += 1
            self._release(pair)
            self._bar(pair)
            asked.first, pair.side(side.other).first = False, True
            return
        pair.yes.add(side)
        if len(pair.yes) == len(Role):
            self._confirm(pair)
        elif side.other not in pair.asked:
            self._ask(pair, side.other)

    def _expire(self, pair: Together) -> None:
        if pair.stage is not Stage.ASKED:
            return
        self.record.unanswered += 1
        self._release(pair)
        for side in Role:
            each, silent = pair.side(side), side in pair.asked - pair.yes
            each.first = not silent
            if silent:
                each.silences += 1
                if each.not_asked:
                    self._give_up(each)
                    self._drop_drafts(each)

    def _confirm(self, pair: Together) -> None:
        newcomer = pair.newcomer
        pair.stage = Stage.DUO
        self.record.duos.append(
            Made(newcomer.person.id, pair.volunteer.person.id, self._now, pair.score, pair.tenths_km)
        )
        if newcomer.began is not None:
            self.record.waited.append(Wait(newcomer.person.id, newcomer.began, self._now))
            newcomer.began = None
        self._end_some_day(pair)

    # ends

    def _end_some_day(self, pair: Together) -> None:
        newcomer = pair.newcomer
        days = self._luck.days(self._behaviour.duo_days, "lasts", newcomer.person.id, newcomer.nth("duo"))
        self._in(days, COMING, partial(self._end, pair))

    def _end(self, pair: Together) -> None:
        if pair.stage is not Stage.DUO:
            return
        newcomer = pair.newcomer
        self._release(pair)
        self._bar(pair)
        newcomer.first = pair.volunteer.first = False
        if self._luck.happens(self._behaviour.look_again, "again", newcomer.person.id, newcomer.times.get("duo", 0)):
            newcomer.began = self._now
        else:
            newcomer.content = True

    def _hold(self, pair: Together) -> None:
        pair.newcomer.pair = pair
        pair.volunteer.helps.append(pair)

    def _release(self, pair: Together) -> None:
        pair.stage = Stage.OVER
        pair.newcomer.pair = None
        pair.volunteer.helps.remove(pair)

    def _bar(self, pair: Together) -> None:
        self._apart.add(frozenset({pair.newcomer.person.id, pair.volunteer.person.id}))

    def _drop_drafts(self, each: Somebody) -> None:
        for pair in [*each.helps, *([each.pair] if each.pair else [])]:
            if pair.stage is Stage.DRAFT:
                self._release(pair)

    def _give_up(self, each: Somebody) -> None:
        """The wait is over without a duo."""
        if each.began is not None:
            self.record.broken_off.append(Wait(each.person.id, each.began, self._now))
            each.began = None

    def _close(self, each: Somebody) -> None:
        """The last day: where a newcomer stands."""
        if each.person.newcomer is None or not each.came:
            return
        standing = self.record.standing[each.person.id] = each.standing()
        if each.began is not None:
            wait = Wait(each.person.id, each.began)
            if standing is Standing.WAITING:
                self.record.waiting.append(wait)
            else:
                self.record.broken_off.append(Wait(each.person.id, each.began, self._now))

    def _count(self) -> None:
        self.record.weeks.append(sum(1 for each in self._people.values() if each.began is not None and each.here))


def _active(stay: Stay) -> Person:
    """As they were while they were there, whatever became of them since."""
    return stay.person.model_copy(update={"status": ParticipantStatus.ACTIVE, "goes_first": False})
