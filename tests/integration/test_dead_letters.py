"""What becomes of a fact that a service cannot handle."""

from __future__ import annotations

import uuid
from typing import Any

from duolangue.standalone.servers import Servers
from tests.integration import toy
from tests.integration.running import both, fresh, operator, until


async def test_a_reaction_that_fails_is_retried_then_put_aside_and_redelivered_to_that_service_alone(
    servers: Servers,
) -> None:
    pupil = fresh()
    client = await operator(servers)
    before = (await client.jetstream().stream_info("DEAD")).state.last_seq
    async with both(servers, retry_seconds=(0.05, 0.05, 0.05)) as (owner, follower):
        toy.FAULTS.failing.add(pupil)
        await owner.ports("liege").pupils.add(toy.Pupil(id=pupil), toy.registered())

        async def buried() -> Any:
            state = (await client.jetstream().stream_info("DEAD")).state
            return state.last_seq > before and await client.jetstream().get_msg("DEAD", state.last_seq)

        letter = await until(buried)
        assert letter.headers["Duo-Deliveries"] == "4"
        assert letter.headers["Duo-Reason"] == "RuntimeError"
        assert await follower.ports("liege").seen.find(pupil) is None
        assert toy.FAULTS.handled.count((pupil, 1)) == 4
        toy.FAULTS.failing.clear()
        await client.jetstream().publish(
            letter.subject.replace("dead.", "retry.", 1),
            letter.data,
            headers={"Nats-Msg-Id": str(uuid.uuid4())},
            stream="EVENTS",
        )
        await until(lambda: follower.ports("liege").seen.find(pupil))
        assert (await owner.foundation.bus.consumer_info()).num_pending == 0
    await client.close()
