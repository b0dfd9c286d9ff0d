"""A question read aloud: a sound file an association gives for one question in one language."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.contracts.vocabulary import EntityId, Language
from duolangue.registration.domain.invalid import Invalid
from duolangue.registration.domain.signup.answers import Question

MOST_BYTES: Final = 2 * 1024 * 1024
_MPEG_SYNC: Final = 0xE0
_BRANDS: Final = (b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2", b"dash", b"3gp4")


class Clip(BaseModel):
    """That there is a sound for a question, and of what kind."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    question: Question
    language: Language
    media_type: str
    size: int
    """In bytes."""
    version: str
    """Changes with the sound, so that a browser may keep it."""
    uploaded_at: datetime


class Sound(BaseModel):
    """The sound itself; its id is the clip's."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    content: bytes


def clip_id(question: Question, language: str) -> str:
    """Under which id a question's sound in a language is kept."""
    return f"{question.value}-{language}"


def media_type(content: bytes) -> str:
    """What kind of sound it is, by its first bytes, whatever its name says.

    Raises:
        Invalid: none that browsers play, or too large.
    """
    if len(content) > MOST_BYTES:
        raise Invalid("sound_too_large", "A sound has at most 2 MB: about two minutes.", field="file")
    if content[:3] == b"ID3" or (len(content) > 2 and content[0] == 0xFF and content[1] & _MPEG_SYNC == _MPEG_SYNC):
        return "audio/mpeg"
    if content[:4] == b"OggS":
        return "audio/ogg"
    if content[4:8] == b"ftyp" and content[8:12] in _BRANDS:
        return "audio/mp4"
    raise Invalid("no_sound", "This is not a sound file: send an MP3, OGG or M4A file.", field="file")
