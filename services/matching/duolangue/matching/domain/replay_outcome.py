"""What one policy would have brought in a replay: figures alone."""

from __future__ import annotations

from duolangue.matching.domain.state import State


class Spread(State):
    """Days, over some people."""

    people: int = 0
    mean: float = 0.0
    percentile_95: float = 0.0
    """By nearest rank: 95 of a hundred waited no longer."""
    longest: float = 0.0


class Slice(State):
    """How one level, or one language, fared."""

    key: str
    """A level (`A1`) or a language's code (`ar`); empty for those who told none."""
    newcomers: int
    paired: int
    """Who had a duo at least once."""
    waited: Spread = Spread()
    """Until their duo."""
    waiting: int = 0
    """Without a duo at the end."""
    score: int = 0
    """The confirmed pairs' mean, as in the outcome."""
    tenths_km: Spread = Spread()
    """Between the two of a duo."""


class Outcome(State):
    """What one policy would have brought."""

    runs: int = 0
    proposals: int = 0
    declined: int = 0
    unanswered: int = 0
    duos: int = 0
    """Confirmed by both sides."""
    newcomers: int = 0
    """Who was there at any time; every one of them is counted once in the five figures that follow."""
    in_duo: int = 0
    waiting: int = 0
    """Also who is in a draft or asked at the end."""
    away: int = 0
    """On a break, or not asked any more after silence."""
    content: int = 0
    """Had a duo that ended, and did not look for another."""
    left: int = 0
    paired: int = 0
    """Newcomers who had a duo at least once."""
    waited: Spread = Spread()
    """From coming (or from the end of a duo) to the duo."""
    still: Spread = Spread()
    """So far, of those who wait at the end."""
    longest: float = 0.0
    """The longest wait of all, ended or not, in days."""
    score: int = 0
    """The confirmed pairs' mean by the weights in force today, in millionths, so that policies can be compared."""
    tenths_km: Spread = Spread()
    """Between the two of a duo, in tenths of a kilometre."""
    by_level: tuple[Slice, ...] = ()
    by_language: tuple[Slice, ...] = ()
    """The most frequent languages; whoever speaks two is counted with both."""
    weeks: tuple[int, ...] = ()
    """How many newcomers waited, week after week, at the beginning and after each."""
