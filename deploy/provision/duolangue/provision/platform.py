"""The four services as they declare themselves: the only list of them."""

from __future__ import annotations

from typing import Final

from duolangue.matching import service as matching
from duolangue.notifications import service as notifications
from duolangue.provision.member import Member
from duolangue.registration import service as registration
from duolangue.sessions import service as sessions

PLATFORM: Final = tuple(
    Member(module.DECLARATION, module.wire) for module in (registration, matching, sessions, notifications)
)
