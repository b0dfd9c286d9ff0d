"""How registration itself verifies tokens: with its own key, and against the revocations it keeps."""

from __future__ import annotations

from duolangue.chassis.clock import Clock
from duolangue.chassis.identity import Coordinator, OwnKeys, Signer, TokenRefused
from duolangue.chassis.store import Aggregates
from duolangue.registration.domain.door import Revocation


class RegistrationKeys(OwnKeys):
    """A revocation counts from the moment it is stored, in every replica and after every restart."""

    def __init__(self, signer: Signer, clock: Clock, revocations: Aggregates[Revocation]) -> None:
        super().__init__(signer, clock)
        self._revocations = revocations

    async def coordinator(self, token: str) -> Coordinator:
        """Who signed in. Raises `TokenRefused`."""
        known = await super().coordinator(token)
        revocation = await self._revocations.find(known.id)
        if revocation is not None and known.issued_at <= revocation.revoked_at:
            raise TokenRefused("revoked")
        return known
