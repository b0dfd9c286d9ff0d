"""What the domain refuses. Each rule has a sentence of its own, which the catalogues translate."""

from __future__ import annotations

from typing import ClassVar

from duolangue.chassis.decision import RuleBroken


class Refused(RuleBroken):
    """A rule of matching says no."""

    status = 409
    sentence: ClassVar[str] = ""

    def __init__(self, sentence: str = "", *, field: str = "") -> None:
        super().__init__(sentence or self.sentence, field=field)


class NotRefused(Refused):
    """Only a no, or a discarded draft, can be taken for a mistake."""

    code = "not_refused"
    sentence = "Nobody said no to this pair."


class NotADraft(Refused):
    """Only a draft can be approved or discarded."""

    code = "not_a_draft"
    sentence = "This pair is no longer a draft."


class NotProposed(Refused):
    """Nobody was asked, so nobody can answer."""

    code = "not_proposed"
    sentence = "Nobody has been asked about this pair."


class AlreadyAccepted(Refused):
    """A no after a yes."""

    code = "already_accepted"
    sentence = "The answer was yes already. To change it, please tell your coordinator."


class AlreadyConfirmed(Refused):
    """A no to a duo that runs."""

    code = "already_confirmed"
    sentence = "The duo exists already. To stop it, please tell your coordinator."


class AlreadyDeclined(Refused):
    """A yes after a no."""

    code = "already_declined"
    sentence = "This proposal was declined. Another one may come later."


class TooLate(Refused):
    """An answer to a proposal that is over."""

    code = "too_late"
    sentence = "This proposal is over. Another one may come later."


class AlreadyEnded(Refused):
    """Something asked of a duo that has ended."""

    code = "already_ended"
    sentence = "This duo has ended."


class NotRunning(Refused):
    """Only a duo that runs can pause, go on or end."""

    code = "not_running"
    sentence = "This duo is not running."


class NotInDuo(Refused):
    """A person who is not of the duo."""

    code = "not_in_duo"
    status = 403
    sentence = "This link is not for this duo. Please open it again from your own message."


class PersonAway(Refused):
    """Somebody who paused, left, or is not known on that side."""

    code = "person_away"
    sentence = "One of the two is not available any more."


class PersonExcluded(Refused):
    """Somebody who is kept out of the pool for safety."""

    code = "person_excluded"
    sentence = "One of the two is kept out of new duos."


class NewcomerTaken(Refused):
    """A newcomer has one duo at a time."""

    code = "newcomer_taken"
    sentence = "This newcomer has a duo or a proposal already."


class NoFreePlace(Refused):
    """All places of the volunteer are held."""

    code = "no_free_place"
    sentence = "This volunteer has no free place."


class KeptApart(Refused):
    """A coordinator keeps two people apart."""

    code = "kept_apart"
    sentence = "These two are kept apart."


class NotOverridable(Refused):
    """A rule that no coordinator can set aside."""

    code = "not_overridable"
    sentence = "This rule holds for everybody: no reason sets it aside."


class ReasonMissing(Refused):
    """Setting a rule aside needs a reason."""

    code = "reason_missing"
    status = 422
    sentence = "Write why this pair is right all the same."


class ChangedMeanwhile(Refused):
    """What somebody agreed to is not what would be done now."""

    code = "changed_meanwhile"
    sentence = "Something changed meanwhile. Please look at it again."


class SamePair(Refused):
    """A swap for whom it is already."""

    code = "same_pair"
    status = 422
    sentence = "They are paired with each other already."


class Outdated(Refused):
    """Somebody else changed it meanwhile."""

    code = "outdated"
    sentence = "Somebody changed these settings meanwhile. Please look at them again."


class RunUnfinished(Refused):
    """Something asked of a run whose result is not there yet."""

    code = "run_unfinished"
    sentence = "This run is not done yet."


class ReplayUnderWay(Refused):
    """One at a time: they take a while."""

    code = "replay_under_way"
    sentence = "A comparison is being computed already. Wait until it is done."


class UnfitPeriod(Refused):
    """A time that cannot be replayed."""

    code = "unfit_period"
    status = 422
    sentence = (
        "The first day must come before the last, at least a week and at most two years apart, and not in the future."
    )


class UnfitCases(Refused):
    """Too many policies."""

    code = "unfit_cases"
    status = 422
    sentence = "At most four others can be compared with the settings in force."


class NobodyCame(Refused):
    """A file from which nobody was there in the time looked at."""

    code = "nobody_came"
    status = 422
    sentence = "Nobody who wants to speak French was there in this time."


class NotComputed(Refused):
    """Something that has to be computed first could not be."""

    code = "not_computed"
    status = 503
    sentence = "This could not be computed now. Please try again."


class ForbidsEverybody(Refused):
    """Settings under which nobody of today's pool could be paired."""

    code = "forbids_everybody"
    status = 422


class Unsuitable(Refused):
    """A hard constraint stands between two people; `code` says which."""

    status = 422

    def __init__(self, constraint: str) -> None:
        sentence, field = _CONSTRAINTS[constraint]
        super().__init__(sentence, field=field)
        self.code = f"unsuitable_{constraint}"
        self.constraint = constraint


_CONSTRAINTS = {
    "no_place": ("The postcode of one of the two is not known.", "newcomer"),
    "zone": ("They do not live in one zone of the association.", "volunteer"),
    "too_far": ("They live further apart than one of the two wishes.", "volunteer"),
    "too_far_for_them": ("They live further apart than one of the two wishes.", "volunteer"),
    "level": ("The volunteer is not at ease with this level of French.", "volunteer"),
    "wishes": ("The volunteer is not whom the newcomer wishes for.", "volunteer"),
    "their_wishes": ("The volunteer wishes for a partner of the same gender.", "newcomer"),
    "language": ("The newcomer asked for another common language.", "volunteer"),
    "common_time": ("They have no moment in common.", "volunteer"),
    "minimum_score": ("They fit less well than the settings ask for.", "volunteer"),
    "history": ("These two were partners or were proposed to each other before.", "volunteer"),
    "oneself": ("Nobody can be their own partner.", "volunteer"),
}
