"""Signed tokens (EdDSA, RFC 8037): a coordinator's for five minutes, an action link's for one purpose, entity and person."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from duolangue.contracts.links import Purpose

ISSUER: Final = "duolangue"
DESK: Final = "desk"
ACCESS_MINUTES: Final = 5


class Access(StrEnum):
    """What somebody of the association may do; each includes the ones before. An operator of the platform is apart."""

    READ = "read"
    COORDINATE = "coordinate"
    ADMINISTER = "administer"
    OPERATE = "operate"
    """Makes associations; it covers nothing that is an association's own, and nothing else covers it."""

    def covers(self, needed: Access) -> bool:
        """Whether this access suffices where `needed` is asked."""
        if Access.OPERATE in {self, needed}:
            return self is needed
        order = list(Access)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Coordinator:
    """Somebody of the association, as their token says."""

    id: str
    association: str
    access: Access
    language: str = "fr"
    issued_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    brand: str = ""
    """The association's name, for the top of every page."""
    brand_logo: str = ""
    """Where its logo is; empty without one."""


@dataclass(frozen=True, slots=True)
class LinkClaims:
    """What an action link allows, to whom, until when."""

    association: str
    purpose: Purpose
    entity: str
    person: str
    expires: datetime
    language: str
    scope: str = ""


class TokenRefused(Exception):
    """The token is not worth anything: `code` is altered, expired, revoked or misused."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Signer:
    """Registration's private key at work. Nobody else has one."""

    def __init__(self, private_key_pem: bytes) -> None:
        key = serialization.load_pem_private_key(private_key_pem, password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError("the signing key must be an Ed25519 key")
        self._key = key
        raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.key_id = hashlib.sha256(raw).hexdigest()[:8]

    @staticmethod
    def new_key() -> bytes:
        """A fresh private key, as PEM."""
        return Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def jwks(self) -> list[dict[str, Any]]:
        """The public key, as JSON Web Keys (RFC 7517)."""
        public: dict[str, Any] = jwt.algorithms.OKPAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return [{**public, "kid": self.key_id, "alg": "EdDSA", "use": "sig"}]

    def access_token(self, coordinator: Coordinator, now: datetime, minutes: int = ACCESS_MINUTES) -> str:
        """A coordinator's token."""
        brand = {"brn": coordinator.brand, "lgo": coordinator.brand_logo}
        return self._sign(
            {
                **{name: value for name, value in brand.items() if value},
                "iss": ISSUER,
                "aud": DESK,
                "sub": coordinator.id,
                "asn": coordinator.association,
                "acc": coordinator.access.value,
                "lng": coordinator.language,
                "iat": now.timestamp(),  # with fractions, so that one issued in the second of a revocation is told from those before
                "exp": int((now + timedelta(minutes=minutes)).timestamp()),
            }
        )

    def action_token(
        self,
        association: str,
        purpose: Purpose,
        entity: str,
        person: str,
        expires: datetime,
        language: str,
        scope: str = "",
    ) -> str:
        """The token of an action link: short names, since it travels in messages and printed codes."""
        claims = {
            "aud": purpose.value,
            "asn": association,
            "ent": entity,
            "sub": person,
            "exp": int(expires.timestamp()),
            "lng": language,
        }
        return self._sign({**claims, "scp": scope} if scope else claims)

    def _sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": self.key_id, "typ": None})


def key_id_of(token: str) -> str:
    """Which key a token says it was signed with.

    Raises:
        TokenRefused: it is no token at all.
    """
    try:
        return str(jwt.get_unverified_header(token).get("kid", ""))
    except jwt.InvalidTokenError as error:
        raise TokenRefused("altered") from error


def read_access(token: str, key: jwt.PyJWK, now: datetime) -> Coordinator:
    """The coordinator a token names.

    Raises:
        TokenRefused: altered, expired or made for something else.
    """
    claims = _read(token, key, DESK, now)
    try:
        return Coordinator(
            claims["sub"],
            claims["asn"],
            Access(claims["acc"]),
            claims.get("lng", "fr"),
            datetime.fromtimestamp(claims["iat"], UTC),
            claims.get("brn", ""),
            claims.get("lgo", ""),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise TokenRefused("altered") from error


def read_link(token: str, key: jwt.PyJWK, purposes: Sequence[Purpose], now: datetime) -> LinkClaims:
    """What an action link made for one of the purposes allows.

    Raises:
        TokenRefused: altered, expired or made for another purpose.
    """
    claims = _read(token, key, [each.value for each in purposes], now)
    try:
        expires = datetime.fromtimestamp(claims["exp"], UTC)
        return LinkClaims(
            claims["asn"],
            Purpose(claims["aud"]),
            claims["ent"],
            claims["sub"],
            expires,
            claims.get("lng", "fr"),
            claims.get("scp", ""),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise TokenRefused("altered") from error


def _read(token: str, key: jwt.PyJWK, audience: str | Sequence[str], now: datetime) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=["EdDSA"],
            audience=audience,
            options={"verify_exp": False, "verify_iat": False, "require": ["exp", "sub"]},
        )
    except jwt.InvalidAudienceError as error:
        raise TokenRefused("misused") from error
    except jwt.InvalidTokenError as error:
        raise TokenRefused("altered") from error
    if now.timestamp() >= float(claims["exp"]):
        raise TokenRefused("expired")
    return claims
