"""nats-py 2.16 ends an idle fetch of several messages with the bare `TimeoutError`; FastStream expects nats-py's own and takes
any other for a crash: it logs a traceback and starts its loop again. Importing this module makes the fetch raise what both document.
"""

from __future__ import annotations

from typing import Any

from nats.errors import TimeoutError as NatsTimeoutError
from nats.js import JetStreamContext

_fetch = JetStreamContext.PullSubscription.fetch


async def _fetch_or_time_out(self: Any, *args: Any, **named: Any) -> Any:
    try:
        return await _fetch(self, *args, **named)
    except NatsTimeoutError:
        raise
    except TimeoutError as error:
        raise NatsTimeoutError from error


JetStreamContext.PullSubscription.fetch = _fetch_or_time_out  # type: ignore[method-assign]  # the purpose of this module
