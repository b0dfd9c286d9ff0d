"""What leaves registration, or lies in its database, so that nobody else can read or change it."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

INFO: Final = b"duolangue registration sealing v1"


class Unsealed(Exception):
    """Not sealed here, for something else, or too long ago."""


class Sealer:
    """Encrypts and authenticates short texts (Fernet), with a key derived (HKDF, RFC 5869) from the one that signs."""

    def __init__(self, private_key_pem: bytes) -> None:
        key = serialization.load_pem_private_key(private_key_pem, password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError("the signing key must be an Ed25519 key")
        derived = HKDF(hashes.SHA256(), 32, salt=None, info=INFO).derive(key.private_bytes_raw())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def seal(self, purpose: str, text: str, now: datetime) -> str:
        """The text, sealed for one purpose."""
        return self._fernet.encrypt_at_time(f"{purpose}\n{text}".encode(), int(now.timestamp())).decode()

    def unseal(self, purpose: str, sealed: str, now: datetime, seconds: int | None = None) -> str:
        """The text again, where it was sealed for this purpose and at most so many seconds ago.

        Raises:
            Unsealed: it was not.
        """
        try:
            plain = self._fernet.decrypt(sealed.encode())
            if seconds is not None:
                plain = self._fernet.decrypt_at_time(sealed.encode(), seconds, int(now.timestamp()))
        except (InvalidToken, UnicodeError) as error:
            raise Unsealed from error
        found, _, text = plain.decode().partition("\n")
        if found != purpose:
            raise Unsealed
        return text

    def unsealed(self, purpose: str, sealed: str, now: datetime) -> str:
        """The text again, or an empty one where it was not sealed for this purpose."""
        try:
            return self.unseal(purpose, sealed, now)
        except Unsealed:
            return ""
