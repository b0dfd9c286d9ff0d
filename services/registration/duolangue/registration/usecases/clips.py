"""Questions read aloud: an association brings a sound for a question in a language, or takes it away."""

from __future__ import annotations

import hashlib

from duolangue.chassis.decision import Change
from duolangue.chassis.store import Taken
from duolangue.registration.domain.signup import clip
from duolangue.registration.domain.signup.answers import Question
from duolangue.registration.domain.signup.clip import Clip, Sound
from duolangue.registration.ports import Ports


async def keep_clip(question: Question, language: str, content: bytes, ports: Ports) -> Clip:
    """Keep a sound, in place of the one before.

    Raises:
        Invalid: it is no sound, or too large.
    """
    fresh = Clip(
        id=clip.clip_id(question, language),
        question=question,
        language=language,
        media_type=clip.media_type(content),
        size=len(content),
        version=hashlib.sha256(content).hexdigest()[:12],
        uploaded_at=ports.clock.now(),
    )
    sound = Sound(id=fresh.id, content=content)
    try:
        await ports.sounds.add(sound)
    except Taken:
        await ports.sounds.update(fresh.id, lambda _: Change(sound))
    try:
        return await ports.clips.add(fresh)
    except Taken:
        return await ports.clips.update(fresh.id, lambda _: Change(fresh))


async def remove_clip(clip_id: str, ports: Ports) -> None:
    """Take a sound away; to do again changes nothing."""
    await ports.clips.forget(clip_id)
    await ports.sounds.forget(clip_id)


async def clips(ports: Ports) -> list[Clip]:
    """The sounds there are."""
    return await ports.clips.select(sort=[("question", 1), ("language", 1)])


async def clip_for(question: Question, language: str, ports: Ports) -> Clip | None:
    """The sound of a question in a language, if there is one."""
    return await ports.clips.find(clip.clip_id(question, language))
