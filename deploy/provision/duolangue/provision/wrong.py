"""What ends provision: said in one sentence that names the server, the user or the setting, and never a password."""

from __future__ import annotations


class CannotProvision(Exception):
    """Something that provision needs is missing, does not answer or refuses; the message says which."""
