"""The bus: what a service reacts to, what it tells, what it asks and answers; retries and dead letters."""

from duolangue.chassis.bus import idle as _idle  # noqa: F401 - mends the fetch before anybody subscribes
from duolangue.chassis.bus.bus import Bus, BusSettings
from duolangue.chassis.bus.reactions import Answers, Reactions
from duolangue.chassis.bus.requests import Refused, Unavailable

__all__ = ["Answers", "Bus", "BusSettings", "Reactions", "Refused", "Unavailable"]
