"""All duos one person is or was in, as the person's page leads to them."""

from __future__ import annotations

from tests.matching.conftest import World


async def test_a_persons_duos_are_listed_with_how_they_stand_and_nobody_elses(world: World) -> None:
    duo = await world.proposed()
    headers = world.token(language="en")
    page = await world.client.get("/duos?person=ali", headers=headers)
    assert (page.status_code, f'href="/duos/{duo}"' in page.text, "waits for an answer" in page.text) == (
        200,
        True,
        True,
    )
    await world.client.post(f"/duos/{duo}/withdraw", headers=headers)
    assert f'href="/duos/{duo}"' in (await world.client.get("/duos?person=ali", headers=headers)).text
    nobody = await world.client.get("/duos?person=nobody", headers=headers)
    assert (nobody.status_code, duo in nobody.text) == (200, False)
    assert (await world.client.get("/duos?person=$ne", headers=headers)).status_code == 422
