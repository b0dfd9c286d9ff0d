"""Who somebody is: coordinators by a short token, participants by a link for one purpose, people by asking registration."""

from duolangue.chassis.identity.directory import Directory
from duolangue.chassis.identity.keys import Keyring, Keys, OwnKeys
from duolangue.chassis.identity.tokens import Access, Coordinator, LinkClaims, Signer, TokenRefused

__all__ = ["Access", "Coordinator", "Directory", "Keyring", "Keys", "LinkClaims", "OwnKeys", "Signer", "TokenRefused"]
