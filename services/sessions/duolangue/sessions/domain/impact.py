"""How the figures of a report are counted, from what is kept: pure, so that the same period gives the same figures.

Every count depends on days of the period and before it alone, never on the day on which the report is made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from math import ceil
from statistics import median
from typing import Final

from duolangue.contracts.facts.activities import ActivityKind
from duolangue.contracts.facts.matching import DuoOrigin
from duolangue.contracts.vocabulary import Medium, Role
from duolangue.sessions.domain import suppression
from duolangue.sessions.domain.breakdowns import breakdowns
from duolangue.sessions.domain.counted import LEVELS
from duolangue.sessions.domain.figures import Figure, Impact, QuestionChange
from duolangue.sessions.domain.formed import Formed
from duolangue.sessions.domain.lasting import LONG, SHORT, due_in
from duolangue.sessions.domain.material import Held, Material, Sight, Talk, talks_in
from duolangue.sessions.domain.period import Period, before, month_of
from duolangue.sessions.domain.story import Answers, Moment, Outcome, Question

NINE_IN_TEN: Final = 0.9
Value = int | float | None
_OUTCOMES: Final = {Outcome.TRAINING: Figure.TRAINING, Outcome.JOB: Figure.JOB, Outcome.HOME: Figure.HOME}


def impact(
    material: Material,
    period: Period,
    zone: str = "",
    municipalities: frozenset[str] | None = None,
    others: tuple[frozenset[str], ...] = (),
    *,
    people_apart: bool = True,
) -> Impact:
    """The report of a period. `municipalities`: those of the zone it is limited to (their first postcodes), none for everybody; `others`:
    the same of the association's other zones; `people_apart`: with breakdowns.
    """
    sight = Sight(material, period, municipalities, others)
    duos = [each for each in material.duos.values() if sight.lives_there(each.newcomer)]
    figures: dict[Figure, Value] = {
        **_people(sight),
        **_duos(sight, duos),
        **_talks(material.talks, {each.id for each in duos}),
        **_waiting(sight, duos),
        **_activities(sight),
        **_change(sight),
    }
    formed = Counter(month_of(each.confirmed_on) for each in duos if _new(each, period))
    months = material.months
    if municipalities is not None:
        theirs = {each.id for each in duos}
        _, months = talks_in(period, (each for each in material.noted if each.duo in theirs))
    return Impact(
        first=period.first,
        last=period.last,
        zone=zone,
        figures=figures,
        breakdowns=breakdowns(sight) if people_apart else (),
        months=tuple(each.model_copy(update={"duos_formed": formed[each.month]}) for each in months),
        questions=_questions(sight),
        words=_words(sight),
    )


def _people(sight: Sight) -> dict[Figure, Value]:
    joined: list[Role] = []
    first, last = sight.period.first, sight.period.last
    for key, told in sight.standing.items():
        person = sight.material.people[key]
        if person.joined and first <= person.joined <= last and sight.lives_there(key):
            joined += (person.as_of(person.joined) or told).roles
    return {
        Figure.NEWCOMERS_REACHED: len(sight.reached[Role.NEWCOMER]),
        Figure.VOLUNTEERS_REACHED: len(sight.reached[Role.VOLUNTEER]),
        Figure.NEWCOMERS_JOINED: joined.count(Role.NEWCOMER),
        Figure.VOLUNTEERS_JOINED: joined.count(Role.VOLUNTEER),
    }


def _new(formed: Formed, period: Period) -> bool:
    return formed.confirmed_on in period and formed.origin is not DuoOrigin.IMPORT


def _duos(sight: Sight, duos: Sequence[Formed]) -> dict[Figure, Value]:
    period, talked = sight.period, {talk.duo for talk in sight.material.talks}
    due = Counter(weeks for each in duos for weeks in due_in(each, period))
    lasted = {each.duo: each.lasted for each in sight.material.noted}
    met = Counter(weeks for each in duos for weeks in due_in(each, period) if weeks in lasted.get(each.id, ()))
    return {
        Figure.DUOS_FORMED: sum(_new(each, period) for each in duos),
        Figure.DUOS_TALKED: sum(each.id in talked for each in duos),
        Figure.DUOS_RUNNING: sum(each.runs_on(period.until) for each in duos),
        Figure.FOUR_WEEKS: due[SHORT],
        Figure.MET_FOUR_WEEKS: met[SHORT],
        Figure.TWELVE_WEEKS: due[LONG],
        Figure.MET_TWELVE_WEEKS: met[LONG],
    }


def _talks(talks: Iterable[Talk], duos: Collection[str]) -> dict[Figure, Value]:
    minutes: Counter[Medium] = Counter()
    conversations = 0
    for talk in talks:
        if talk.duo in duos:
            minutes[talk.medium] += talk.minutes
            conversations += talk.conversations
    return {
        Figure.CONVERSATIONS: conversations,
        Figure.MINUTES: sum(minutes.values()),
        Figure.MINUTES_VIDEO: minutes[Medium.VIDEO],
        Figure.MINUTES_PHONE: minutes[Medium.PHONE],
        Figure.MINUTES_IN_PERSON: minutes[Medium.IN_PERSON],
    }


def _waiting(sight: Sight, duos: Sequence[Formed]) -> dict[Figure, Value]:
    period, first = sight.period, dict[str, Formed]()
    for each in sorted(sight.material.duos.values(), key=lambda duo: (duo.confirmed_on, duo.id)):
        first.setdefault(each.newcomer, each)
    waits = sorted(
        each.waited_days
        for each in duos
        if each.waited_days is not None and _new(each, period) and first[each.newcomer] is each
    )
    running = [each for each in sight.material.duos.values() if each.runs_on(period.until)]
    paired, taken = {each.newcomer for each in running}, Counter(each.volunteer for each in running)
    waiting = free = 0
    for key, told in sight.standing.items():
        if told.active and sight.lives_there(key):
            waiting += Role.NEWCOMER in told.roles and key not in paired
            free += max(0, told.places - taken[key]) if Role.VOLUNTEER in told.roles else 0
    return {
        Figure.WAITED_MEDIAN: median(waits) if waits else None,
        Figure.WAITED_NINE_IN_TEN: waits[ceil(NINE_IN_TEN * len(waits)) - 1] if waits else None,
        Figure.NEWCOMERS_WAITING: waiting,
        Figure.PLACES_FREE: free,
        Figure.VOLUNTEERS_MISSING: max(0, waiting - free),
    }


def _activities(sight: Sight) -> dict[Figure, Value]:
    visits = [each for each in sight.material.visits if sight.lives_there(each.participant)]
    people = {kind: len({each.participant for each in visits if each.kind is kind}) for kind in ActivityKind}
    minutes = Counter[ActivityKind]()
    times = Counter[Role]()
    for each in visits:
        minutes[each.kind] += each.minutes
        if each.kind is ActivityKind.WORKSHOP:
            times[each.side] += each.times
    workshops = [each for each in sight.material.held if each.kind is ActivityKind.WORKSHOP]
    return {
        Figure.WORKSHOPS: len(workshops),
        Figure.WORKSHOPS_BY_NEWCOMERS: sum(Role.NEWCOMER in _roles(sight, each) for each in workshops),
        Figure.WORKSHOP_PEOPLE: people[ActivityKind.WORKSHOP],
        Figure.WORKSHOP_NEWCOMERS: times[Role.NEWCOMER],
        Figure.WORKSHOP_LOCALS: times[Role.VOLUNTEER],
        Figure.COURSE_PEOPLE: people[ActivityKind.COURSE],
        Figure.COURSE_HOURS: round(minutes[ActivityKind.COURSE] / 60, 1),
        Figure.COURSE_LEVELS: sum(
            step.on in sight.period
            for each in sight.material.learners
            if sight.lives_there(each.id)
            for step in each.reached
        ),
        Figure.LESSON_HOURS: round(minutes[ActivityKind.LESSON] / 60, 1),
        Figure.OUTING_PEOPLE: people[ActivityKind.OUTING],
        Figure.MODULE_PEOPLE: people[ActivityKind.MODULE],
    }


def _roles(sight: Sight, held: Held) -> tuple[Role, ...]:
    """As what whoever gave it took part in that month."""
    person = sight.material.people.get(held.host)
    told = person.as_of(held.month) if person else None
    return told.roles if told else ()


def _change(sight: Sight) -> dict[Figure, Value]:
    known = higher = 0
    for key in sight.reached[Role.NEWCOMER]:
        person, now = sight.material.people.get(key), sight.standing.get(key)
        if person is None or now is None or person.joined is None:
            continue
        then = person.as_of(max(before(sight.period.first), person.joined))
        if then is not None and then.level and now.level:
            known += 1
            higher += LEVELS.index(now.level) > LEVELS.index(then.level)
    outcomes = Counter(
        outcome
        for story in sight.material.stories
        if sight.lives_there(story.id)
        for outcome in story.reached_within(sight.period.first, sight.period.last)
    )
    return {
        Figure.LEVEL_KNOWN: known,
        Figure.LEVEL_HIGHER: higher,
        **{figure: outcomes[outcome] for outcome, figure in _OUTCOMES.items()},
        Figure.ANSWERED_TWICE: len(_twice(sight)),
    }


def _twice(sight: Sight) -> list[tuple[str, Answers, Answers]]:
    """What was answered at the start and at the end, of those who told the end within the period, as it was known when the period ended;
    and by whom.
    """
    first, last = sight.period.first, sight.period.last
    told = [
        each
        for each in sight.material.stories
        if (month := each.first_answered(Moment.END)) and first <= month <= last and sight.lives_there(each.id)
    ]
    both = ((each.id, each.answers_by(Moment.START, last), each.answers_by(Moment.END, last)) for each in told)
    return [(person, start, end) for person, start, end in both if start and end]


def _words(sight: Sight) -> tuple[str, ...]:
    told = [each for each in sight.material.stories if each.words and sight.lives_there(each.id)]
    return tuple(each.words.text for each in told if each.words and each.words.counted_in <= sight.period.last)


def _answers(sight: Sight, question: Question) -> dict[str, tuple[int, int]]:
    """What each answered to a question at the start and at the end."""
    both = ((person, start.of(question), end.of(question)) for person, start, end in _twice(sight))
    return {person: (then, now) for person, then, now in both if then and now}


def _few_elsewhere(sight: Sight, question: Question) -> bool:
    """Whether few answered whom this zone's report sets apart: subtracted from others, it would tell what they said."""
    everybody = _answers(Sight(sight.material, sight.period), question)
    return any(0 < rest.total() < suppression.LEAST for rest in sight.rests((each, question) for each in everybody))


def _questions(sight: Sight) -> tuple[QuestionChange, ...]:
    changes = []
    for question in Question:
        pairs = list(_answers(sight, question).values())
        enough = len(pairs) >= suppression.LEAST and not _few_elsewhere(sight, question)
        changes.append(
            QuestionChange(
                question=question,
                people=len(pairs),
                start=round(sum(then for then, _ in pairs) / len(pairs), 1) if enough else None,
                end=round(sum(now for _, now in pairs) / len(pairs), 1) if enough else None,
                better=sum(now > then for then, now in pairs) if enough else None,
            )
        )
    return tuple(changes)


def to_send(report: Impact, period: Period, today: date, *, parts: bool = False) -> Impact:
    """The report as it may leave the desk: people are told apart in it for a whole calendar year that is over, and for no other period.

    Periods that overlap are counted from the same people: whoever has two of them subtracts one from the other, and finds few people in
    the difference, or what one of them answered. Calendar years never overlap. Totals are told for any period. Of one zone among several
    (`parts`) people are never told apart: from everybody all other zones could be subtracted.
    """
    if period.told_apart(today) and not parts:
        return report
    questions = tuple(each.model_copy(update={"start": None, "end": None, "better": None}) for each in report.questions)
    return report.model_copy(update={"breakdowns": (), "questions": questions, "people_apart": False})
