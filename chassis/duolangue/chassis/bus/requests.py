"""Asking over the bus. An error is a reply; only an absent or silent service is a timeout."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from nats.errors import Error as NatsError
from pydantic import ValidationError

from duolangue.contracts.envelope import Payload
from duolangue.contracts.requests import Reply

AnswerT = TypeVar("AnswerT", bound=Payload)
PATIENCE_SECONDS: Final = 3.0


class Unavailable(Exception):
    """Nobody answered in time."""


class Refused(Exception):
    """The question was answered with a refusal."""


async def ask(
    client: Any, subject: str, question: Payload, answer: type[AnswerT], seconds: float = PATIENCE_SECONDS
) -> AnswerT:
    """Ask and wait for the answer.

    Raises:
        Unavailable: nobody listens, or no answer came within `seconds`.
        Refused: the other side says why not.
    """
    try:
        message = await client.request(subject, question.model_dump_json().encode(), timeout=seconds)
    except (NatsError, TimeoutError) as error:
        raise Unavailable(subject) from error
    try:
        reply = Reply.model_validate_json(message.data)
        if reply.refusal is not None:
            raise Refused(f"{reply.refusal.title} {reply.refusal.detail}".strip())
        return answer.model_validate(reply.answer)
    except ValidationError as error:
        raise Refused(f"{subject}: an answer that cannot be read") from error
