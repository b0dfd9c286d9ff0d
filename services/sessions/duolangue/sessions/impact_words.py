"""The figures of a report in words: what each is called, and what exactly it counts."""

from __future__ import annotations

from typing import Final

from duolangue.chassis.web import spoken, translations, words
from duolangue.sessions.domain.figures import By, Figure, Topic
from duolangue.sessions.domain.story import Outcome, Question

PACKAGE: Final = "duolangue.sessions"


def N_(text: str) -> str:
    """Mark a message for the catalogues."""
    return text


TOPICS: Final = {
    Topic.PEOPLE: N_("People"),
    Topic.DUOS: N_("Duos"),
    Topic.TALKS: N_("Conversations"),
    Topic.WAITING: N_("Waiting"),
    Topic.ACTIVITIES: N_("Workshops, courses, outings"),
    Topic.CHANGE: N_("What changed"),
}
LABELS: Final = {
    Figure.NEWCOMERS_REACHED: N_("Newcomers reached"),
    Figure.VOLUNTEERS_REACHED: N_("Volunteers and locals reached"),
    Figure.NEWCOMERS_JOINED: N_("Newcomers who joined"),
    Figure.VOLUNTEERS_JOINED: N_("Volunteers who joined"),
    Figure.DUOS_FORMED: N_("Duos formed"),
    Figure.DUOS_TALKED: N_("Duos that talked"),
    Figure.DUOS_RUNNING: N_("Duos running at the end"),
    Figure.FOUR_WEEKS: N_("Duos whose first 4 weeks were over"),
    Figure.MET_FOUR_WEEKS: N_("... of which still met"),
    Figure.TWELVE_WEEKS: N_("Duos whose first 12 weeks were over"),
    Figure.MET_TWELVE_WEEKS: N_("... of which still met then"),
    Figure.CONVERSATIONS: N_("Conversations"),
    Figure.MINUTES: N_("Minutes of conversation"),
    Figure.MINUTES_VIDEO: N_("Minutes by video"),
    Figure.MINUTES_PHONE: N_("Minutes by phone"),
    Figure.MINUTES_IN_PERSON: N_("Minutes in person"),
    Figure.WAITED_MEDIAN: N_("Days until the first duo, for half of the newcomers"),
    Figure.WAITED_NINE_IN_TEN: N_("Days until the first duo, for 9 newcomers in 10"),
    Figure.NEWCOMERS_WAITING: N_("Newcomers without a duo at the end"),
    Figure.PLACES_FREE: N_("Free places of volunteers at the end"),
    Figure.VOLUNTEERS_MISSING: N_("Places of volunteers missing at the end"),
    Figure.WORKSHOPS: N_("Workshops that took place"),
    Figure.WORKSHOPS_BY_NEWCOMERS: N_("... of which given by newcomers"),
    Figure.WORKSHOP_PEOPLE: N_("People at workshops"),
    Figure.WORKSHOP_NEWCOMERS: N_("Visits of newcomers to workshops"),
    Figure.WORKSHOP_LOCALS: N_("Visits of locals to workshops"),
    Figure.COURSE_PEOPLE: N_("People at French courses"),
    Figure.COURSE_HOURS: N_("Hours followed in French courses"),
    Figure.COURSE_LEVELS: N_("Levels of French courses reached"),
    Figure.LESSON_HOURS: N_("Hours of individual lessons"),
    Figure.OUTING_PEOPLE: N_("People at outings"),
    Figure.MODULE_PEOPLE: N_("People in activation modules"),
    Figure.LEVEL_KNOWN: N_("Newcomers whose level is known before and after"),
    Figure.LEVEL_HIGHER: N_("... of which speak better French"),
    Figure.TRAINING: N_("Found a training"),
    Figure.JOB: N_("Found a job"),
    Figure.HOME: N_("Found a home"),
    Figure.ANSWERED_TWICE: N_("Answered the three questions twice"),
}
DEFINITIONS: Final = {
    Figure.NEWCOMERS_REACHED: N_(
        "People on the newcomers' side who talked in a duo, or were present at an activity, on at least one day of the period. Each counts "
        "once."
    ),
    Figure.VOLUNTEERS_REACHED: N_(
        "People on the volunteers' or locals' side who talked in a duo, or were present at an activity, on at least one day of the period. "
        "Each counts once."
    ),
    Figure.NEWCOMERS_JOINED: N_(
        "People who wanted to speak French and took part for the first time in a month of the period."
    ),
    Figure.VOLUNTEERS_JOINED: N_(
        "People who wanted to help and took part for the first time in a month of the period."
    ),
    Figure.DUOS_FORMED: N_(
        "Duos to which both said yes in the period. Duos that ran before the platform was used are left out."
    ),
    Figure.DUOS_TALKED: N_("Duos that told of at least one conversation held in the period."),
    Figure.DUOS_RUNNING: N_("Duos confirmed by the last day of the period and not ended by then; a break is no end."),
    Figure.FOUR_WEEKS: N_(
        "Duos whose first four whole weeks (Monday to Sunday, after the week of their confirmation) ended in the period."
    ),
    Figure.MET_FOUR_WEEKS: N_("Those of them that told of a conversation in the third or the fourth of these weeks."),
    Figure.TWELVE_WEEKS: N_(
        "Duos whose first twelve whole weeks (Monday to Sunday, after the week of their confirmation) ended in the period."
    ),
    Figure.MET_TWELVE_WEEKS: N_(
        "Those of them that told of a conversation in the eleventh or the twelfth of these weeks."
    ),
    Figure.CONVERSATIONS: N_(
        "Conversations of duos held in the period, as they told of them; one told by both counts once."
    ),
    Figure.MINUTES: N_("The minutes of these conversations; where the two sides differ, the fewer."),
    Figure.MINUTES_VIDEO: N_("Those of them by video."),
    Figure.MINUTES_PHONE: N_("Those of them by phone."),
    Figure.MINUTES_IN_PERSON: N_("Those of them face to face."),
    Figure.WAITED_MEDIAN: N_(
        "Of newcomers whose first duo was formed in the period: the days from the moment they began to wait to the yes of both. Half of "
        "them waited at most so long."
    ),
    Figure.WAITED_NINE_IN_TEN: N_("Of the same newcomers: nine in ten waited at most so many days."),
    Figure.NEWCOMERS_WAITING: N_("Newcomers who took part on the last day of the period, and were in no running duo."),
    Figure.PLACES_FREE: N_(
        "What volunteers who took part on the last day of the period offered, less their running duos."
    ),
    Figure.VOLUNTEERS_MISSING: N_("Newcomers without a duo, less free places; nothing where there are more places."),
    Figure.WORKSHOPS: N_(
        "Meetings of workshops in the period to which at least one person came. A zone does not change this figure."
    ),
    Figure.WORKSHOPS_BY_NEWCOMERS: N_("Those of them given by somebody who takes part as a newcomer."),
    Figure.WORKSHOP_PEOPLE: N_("People noted as present at a workshop in the period. Each counts once."),
    Figure.WORKSHOP_NEWCOMERS: N_("How often newcomers were noted as present at a workshop in the period."),
    Figure.WORKSHOP_LOCALS: N_(
        "How often locals were noted as present at a workshop in the period: with the line above, the balance."
    ),
    Figure.COURSE_PEOPLE: N_("People noted as present at a French course in the period. Each counts once."),
    Figure.COURSE_HOURS: N_("The hours for which people were noted as present at French courses, added up."),
    Figure.COURSE_LEVELS: N_(
        "How often somebody came to the end of a level of the French courses in the period, as their teacher noted it."
    ),
    Figure.LESSON_HOURS: N_("The hours for which people were noted as present at individual lessons, added up."),
    Figure.OUTING_PEOPLE: N_("People noted as present at an outing in the period. Each counts once."),
    Figure.MODULE_PEOPLE: N_("People noted as present in an activation module in the period. Each counts once."),
    Figure.LEVEL_KNOWN: N_(
        "Newcomers reached whose level of spoken French was known before the period (or when they joined) and at its end."
    ),
    Figure.LEVEL_HIGHER: N_("Those of them whose level was higher at the end."),
    Figure.TRAINING: N_("People of whom it was noted in the period that they began a training."),
    Figure.JOB: N_("People of whom it was noted in the period that they found a job."),
    Figure.HOME: N_("People of whom it was noted in the period that they found a home."),
    Figure.ANSWERED_TWICE: N_(
        "People who answered the three questions at the start, and in the period those of the end."
    ),
}
BREAKDOWNS: Final = {
    By.LEVEL: N_("By level of spoken French"),
    By.AGE: N_("By age"),
    By.GENDER: N_("By gender, where told"),
    By.MUNICIPALITY: N_("By municipality"),
}
CATEGORIES: Final = {
    (By.GENDER, "female"): N_("women"),
    (By.GENDER, "male"): N_("men"),
    (By.GENDER, "other"): N_("other genders"),
}
NOT_TOLD: Final = N_("not told")
QUESTIONS: Final = {
    Question.CONFIDENCE: N_("I dare to speak French."),
    Question.FRIENDS: N_("I have people here whom I can call."),
    Question.PROJECTS: N_("I know what I want to do next."),
}
OUTCOMES: Final = {
    Outcome.TRAINING: N_("a training"),
    Outcome.JOB: N_("a job"),
    Outcome.HOME: N_("a home"),
}
AMONG_OTHERS: Final = N_(
    "Of one zone among several, paper, files and the interface tell people apart for no period: from everybody, the other zones could be subtracted."
)
HOW_COUNTED: Final = (
    N_("A period is made of whole calendar months, in the time zone of the association."),
    N_(
        "The level, the municipality and the gender of somebody are those at the end of the period; the age is that of the year they joined."
    ),
    N_(
        "Somebody lives in a zone when the first postcode of their municipality lies in it; a duo is where its newcomer lives."
    ),
    N_(
        "Whoever had their data erased still counts, without a name and under a number that leads to nobody: the same period gives the "
        "same figures."
    ),
    N_(
        "In a breakdown a number of one to four people is hidden, and with it the next larger one, so that nobody can be recognised. "
        "Totals are always told."
    ),
    N_(
        "On paper, in files and over the interface people are told apart, and the three questions told, for a whole calendar year that is over: "
        "periods that overlap could be subtracted from one another."
    ),
    AMONG_OTHERS,
)


class Words:
    """All of it in one language."""

    def __init__(self, language: str) -> None:
        self.language = spoken(language)
        self._ = translations(PACKAGE, self.language).gettext

    def topic(self, topic: Topic) -> str:
        """What figures that belong together are about."""
        return self._(TOPICS[topic])

    def label(self, figure: Figure) -> str:
        """What a figure is called."""
        return self._(LABELS[figure])

    def definition(self, figure: Figure) -> str:
        """What it counts."""
        return self._(DEFINITIONS[figure])

    def by(self, by: By) -> str:
        """The title of a breakdown."""
        return self._(BREAKDOWNS[by])

    def category(self, by: By, category: str) -> str:
        """One of its lines."""
        if not category:
            return self._(NOT_TOLD)
        if (by, category) in CATEGORIES:
            return self._(CATEGORIES[by, category])
        return words.age_band(category, self.language) if by is By.AGE else category

    def question(self, question: Question) -> str:
        """One of the three, as a sentence to agree with or not."""
        return self._(QUESTIONS[question])

    def outcome(self, outcome: Outcome) -> str:
        """What somebody found."""
        return self._(OUTCOMES[outcome])

    def how_counted(self) -> list[str]:
        """What holds for all figures."""
        return [self._(sentence) for sentence in HOW_COUNTED]

    def say(self, message: str) -> str:
        """A message of the catalogues."""
        return self._(message)
