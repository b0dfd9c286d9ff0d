"""What each user of the bus may publish and hear: exactly what its service declares."""

from __future__ import annotations

from typing import Any, Final

from duolangue.chassis.service import Declaration
from duolangue.contracts.facts.registration import CoordinatorRevoked
from duolangue.contracts.requests import KEYS
from duolangue.contracts.subjects import DEAD_STREAM, EVENTS_STREAM

OPERATOR: Final = "operator"
PROVISION: Final = "provision"


def service_permissions(declaration: Declaration[Any, Any], inbox: str) -> dict[str, list[str]]:
    """Subjects a service may publish to and subscribe to.

    Only its own facts and dead letters, its own consumer, the questions it asks, the questions it answers.
    """
    name = declaration.name
    consumer = f"{EVENTS_STREAM}.{name}"
    asks = {*declaration.asks, *([] if declaration.keys else [KEYS])}
    return {
        "publish": [
            f"events.*.{name}.>",
            f"dead.{name}.>",
            f"$JS.API.CONSUMER.INFO.{consumer}",
            f"$JS.API.CONSUMER.MSG.NEXT.{consumer}",
            f"$JS.ACK.{consumer}.>",
            *sorted(asks),
        ],
        "subscribe": [f"{inbox}.>", CoordinatorRevoked.pattern(), *sorted(declaration.answers.handlers)],
    }


def operator_permissions() -> dict[str, list[str]]:
    """The operator reads the dead letters and what streams and consumers say of themselves, and has dead letters delivered again."""
    return {
        "publish": [
            "retry.>",
            f"$JS.API.STREAM.INFO.{EVENTS_STREAM}",
            f"$JS.API.STREAM.INFO.{DEAD_STREAM}",
            f"$JS.API.STREAM.MSG.GET.{DEAD_STREAM}",
            f"$JS.API.STREAM.MSG.DELETE.{DEAD_STREAM}",
            f"$JS.API.CONSUMER.INFO.{EVENTS_STREAM}.*",
            f"$JS.API.CONSUMER.NAMES.{EVENTS_STREAM}",
            f"$JS.API.STREAM.MSG.GET.{EVENTS_STREAM}",
        ],
        "subscribe": [f"_INBOX_{OPERATOR}.>"],
    }


def provision_permissions() -> dict[str, list[str]]:
    """Provision manages streams and consumers, and says nothing on the bus."""
    return {
        "publish": ["$JS.API.STREAM.>", "$JS.API.CONSUMER.>", "$JS.API.INFO"],
        "subscribe": [f"_INBOX_{PROVISION}.>"],
    }
