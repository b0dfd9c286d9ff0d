"""Authenticators, spoken to as Web Authentication Level 2 says: what they are asked, and what is believed of their answers.

An account's passkeys are discoverable, verify their user (finger, face, screen lock), and come without attestation: whose make a phone is
concerns nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

import webauthn
from webauthn.helpers import bytes_to_base64url, parse_client_data_json
from webauthn.helpers.base64url_to_bytes import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from duolangue.registration.domain import passkey
from duolangue.registration.domain.passkey import CHALLENGE_MINUTES, Passkey, RelyingParty, Signed
from duolangue.registration.ports import Answered, AnswerRefused

MILLISECONDS: Final = CHALLENGE_MINUTES * 60_000
LONGEST: Final = 20_000
"""Letters of an answer: a key, a signature and an address need a few hundred."""
FAULTY: Final = (WebAuthnException, ValueError, TypeError, KeyError, RecursionError)
"""What the library raises for an answer that is none."""


class WebAuthn:
    """Asks authenticators for signatures, and verifies them; keeps nothing."""

    def __init__(self, public_url: str) -> None:
        self.party = passkey.relying_party(public_url)

    def to_add(self, challenge: bytes, handle: bytes, name: str, display: str, known: Iterable[str]) -> str:
        """What a browser is asked, as JSON, so that an authenticator makes a passkey; those of `known` make no second one."""
        options = webauthn.generate_registration_options(
            rp_id=self._party().id,
            rp_name="Duolangue",
            user_id=handle,
            user_name=name,
            user_display_name=display,
            challenge=challenge,
            timeout=MILLISECONDS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                require_resident_key=True,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known],
        )
        return webauthn.options_to_json(options)

    def to_sign_in(self, challenge: bytes) -> str:
        """What a browser is asked, as JSON, so that whoever has a passkey signs in: it names nobody."""
        options = webauthn.generate_authentication_options(
            rp_id=self._party().id,
            challenge=challenge,
            timeout=MILLISECONDS,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return webauthn.options_to_json(options)

    def read(self, answer: str) -> Answered:
        """What a browser brings back, before any of it is believed.

        Raises:
            AnswerRefused: it is no answer of an authenticator.
        """
        try:
            told = _told(answer)
            client = parse_client_data_json(base64url_to_bytes(told["response"]["clientDataJSON"]))
            handle = told["response"].get("userHandle")
            found = base64url_to_bytes(handle) if handle else b""
            credential = str(told["id"])
        except FAULTY as error:
            raise AnswerRefused(type(error).__name__) from error
        if client.cross_origin:
            raise AnswerRefused("cross_origin")
        return Answered(credential, client.challenge, found)

    def added(self, answer: str, challenge: bytes) -> Signed:
        """The passkey that was made.

        Raises:
            AnswerRefused: it is not what was asked for, or not made here.
        """
        try:
            made = webauthn.verify_registration_response(
                credential=_told(answer),
                expected_challenge=challenge,
                expected_rp_id=self._party().id,
                expected_origin=self._party().origin,
                require_user_verification=True,
            )
        except FAULTY as error:
            raise AnswerRefused(type(error).__name__) from error
        return Signed(bytes_to_base64url(made.credential_id), made.credential_public_key, made.sign_count)

    def signed(self, answer: str, challenge: bytes, known: Passkey) -> int:
        """How often the passkey says it signed, this time included.

        Raises:
            AnswerRefused: it did not sign this, not here, not for its user, or not more often than it said before.
        """
        try:
            verified = webauthn.verify_authentication_response(
                credential=_told(answer),
                expected_challenge=challenge,
                expected_rp_id=self._party().id,
                expected_origin=self._party().origin,
                credential_public_key=known.public_key,
                credential_current_sign_count=known.count,
                require_user_verification=True,
            )
        except FAULTY as error:
            raise AnswerRefused(type(error).__name__) from error
        return verified.new_sign_count

    def _party(self) -> RelyingParty:
        if self.party is None:
            raise AnswerRefused("no_relying_party")
        return self.party


def _told(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST:
        raise ValueError("too long")
    told = json.loads(answer)
    if not isinstance(told, dict):
        raise TypeError("no object")
    return told
