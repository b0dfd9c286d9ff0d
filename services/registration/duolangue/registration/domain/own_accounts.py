"""The accounts an association has of its own (OpenID Connect): with which provider its coordinators may sign in."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import Slug
from duolangue.registration.domain import values
from duolangue.registration.domain.invalid import Invalid

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
LONGEST: Final = 300
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


class OwnAccounts(BaseModel):
    """With which provider an association's coordinators sign in. Its id is the association's."""

    model_config = ConfigDict(frozen=True)

    id: Slug
    label: str
    """What stands on the button."""
    issuer: str
    client_id: str
    sealed_secret: str
    """The client secret, encrypted: whoever reads the database alone does not have it."""
    domains: list[str] = []
    """Domains of e-mail addresses that are taken from this provider; any when empty."""
    active: bool = True

    def takes(self, email: str) -> bool:
        """Whether an address is one this provider may speak for."""
        return not self.domains or email.rpartition("@")[2] in self.domains


def agree(slug: str, label: str, issuer: str, client_id: str, sealed_secret: str, domains: str) -> OwnAccounts:
    """An association's coordinators may sign in with this provider.

    Raises:
        Invalid: something of it cannot be taken.
    """
    if not client_id.strip():
        raise Invalid("client_missing", "The provider's client name is needed.", field="client_id")
    name = values.name(label)
    if not name:
        raise Invalid("label_missing", "The button needs a word.", field="label")
    return OwnAccounts(
        id=slug,
        label=name,
        issuer=_issuer(issuer),
        client_id=client_id.strip(),
        sealed_secret=sealed_secret,
        domains=_domains(domains),
    )


def stop(present: OwnAccounts) -> Change[OwnAccounts] | None:
    """Nobody signs in with it any more, and the secret is forgotten."""
    return Change(present.model_copy(update={"active": False, "sealed_secret": ""})) if present.active else None


def _issuer(text: str) -> str:
    tidy = text.strip().rstrip("/")
    parts = urlsplit(tidy)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not secure or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc or len(tidy) > LONGEST:
        raise Invalid("issuer_invalid", "The provider's address begins with https://.", field="issuer")
    return text.strip()


def _domains(text: str) -> list[str]:
    found = list(dict.fromkeys(part.strip("@") for part in text.lower().replace(",", " ").split()))
    for each in found:
        if not _DOMAIN.fullmatch(each):
            raise Invalid(
                "domain_invalid", "%(value)s is not a domain of addresses.", field="domains", value=values.shown(each)
            )
    return found
