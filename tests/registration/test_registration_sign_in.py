"""Sign-in links and sessions: once, in time, where they were asked for, and kept only as hashes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from duolangue.registration.domain import coordinator, sign_in
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.sign_in import LinkRefused
from duolangue.registration.pages_sign_in import local

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def refused(link: sign_in.SignIn, browser: str | None, now: datetime) -> str:
    with pytest.raises(LinkRefused) as refusal:
        sign_in.use(link, browser, now)
    return refusal.value.code


def test_a_link_works_once() -> None:
    link = sign_in.link("secret", "c-1", NOW, "browser")
    used = sign_in.use(link, "browser", NOW).state
    assert refused(used, "browser", NOW) == "link_used"


def test_a_link_works_for_ten_minutes() -> None:
    link = sign_in.link("secret", "c-1", NOW, "browser")
    assert sign_in.use(link, "browser", NOW + timedelta(minutes=9, seconds=59)).state.used_at
    assert refused(link, "browser", NOW + timedelta(minutes=10)) == "link_expired"


def test_a_link_works_only_in_the_browser_that_asked_unless_an_operator_made_it() -> None:
    link = sign_in.link("secret", "c-1", NOW, "browser")
    assert refused(link, "another", NOW) == "link_elsewhere"
    assert refused(link, None, NOW) == "link_elsewhere"
    assert sign_in.use(sign_in.link("secret", "c-1", NOW), None, NOW).state.used_at == NOW


def test_no_secret_is_kept() -> None:
    in_link, in_cookie, in_session = (sign_in.fresh_secret() for _ in range(3))
    link, session = sign_in.link(in_link, "c-1", NOW, in_cookie), sign_in.begin(in_session, "c-1", NOW)
    kept = link.model_dump_json() + session.model_dump_json()
    assert not any(secret in kept for secret in (in_link, in_cookie, in_session))
    assert len({in_link, in_cookie, in_session}) == 3
    assert len(in_link) >= 43


def test_a_session_holds_for_twelve_hours_or_until_signing_out() -> None:
    session = sign_in.begin("cookie", "c-1", NOW)
    assert session.holds(NOW + timedelta(hours=11, minutes=59))
    assert not session.holds(NOW + timedelta(hours=12))
    ended = sign_in.end(session, NOW)
    assert ended is not None
    assert not ended.state.holds(NOW)


def test_a_revocation_is_told_once() -> None:
    claire = coordinator.invite("c-1", "Claire@Example.org", "", AccessLevel.ADMINISTER, "fr", NOW)
    assert claire.email == "claire@example.org"
    gone = coordinator.revoke(claire, NOW)
    assert gone is not None
    assert len(gone.facts) == 1
    assert coordinator.revoke(gone.state, NOW) is None


@pytest.mark.parametrize("address", ["/duos?x=1", "/people/abc"])
def test_a_path_of_ours_is_gone_back_to(address: str) -> None:
    assert local(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "evil",
        "/a\r\nb",
        "/session/renew?next=/",
        "///x",
        "javascript:x",
        "http://[",
        "//[",
    ],
)
def test_nobody_is_sent_elsewhere(address: str) -> None:
    assert local(address) == "/people"
