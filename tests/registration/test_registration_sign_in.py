"""Sign-in links and sessions: once, in time, where they were asked for, and kept only as hashes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from duolangue.registration.domain import coordinator, session, sign_in
from duolangue.registration.domain.coordinator import AccessLevel
from duolangue.registration.domain.sign_in import MOST_TRIES, LinkRefused, Place, SignIn
from duolangue.registration.pages_sign_in import local

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


HERE = Place(association="liege", coordinator="c-1")


def asked(code: str = "123456") -> SignIn:
    return sign_in.asked("secret", code, "browser", [HERE], NOW)


def refused(link: sign_in.SignIn, browser: str | None, now: datetime) -> str:
    with pytest.raises(LinkRefused) as refusal:
        sign_in.use(link, browser, now)
    return refusal.value.code


def test_a_link_works_once() -> None:
    link = asked()
    used = sign_in.use(link, "browser", NOW).state
    assert refused(used, "browser", NOW) == "link_used"


def test_a_link_works_for_ten_minutes() -> None:
    link = asked()
    assert sign_in.use(link, "browser", NOW + timedelta(minutes=9, seconds=59)).state.used_at
    assert refused(link, "browser", NOW + timedelta(minutes=10)) == "link_expired"


def test_a_link_works_only_in_the_browser_that_asked_unless_an_operator_made_it() -> None:
    link = asked()
    assert refused(link, "another", NOW) == "link_elsewhere"
    assert refused(link, None, NOW) == "link_elsewhere"
    assert sign_in.use(sign_in.handed("secret", HERE, NOW), None, NOW).state.used_at == NOW


def test_no_secret_is_kept() -> None:
    in_link, in_cookie, in_session = (sign_in.fresh_secret() for _ in range(3))
    link, begun = sign_in.asked(in_link, "123456", in_cookie, [HERE], NOW), session.begin(in_session, "c-1", NOW)
    kept = link.model_dump_json() + begun.model_dump_json()
    assert not any(secret in kept for secret in (in_link, in_cookie, in_session, "123456"))
    assert len({in_link, in_cookie, in_session}) == 3
    assert len(in_link) >= 43


def test_a_session_holds_for_twelve_hours_or_until_signing_out() -> None:
    begun = session.begin("cookie", "c-1", NOW)
    assert begun.holds(NOW + timedelta(hours=11, minutes=59))
    assert not begun.holds(NOW + timedelta(hours=12))
    ended = session.end(begun, NOW)
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
    assert local(address) == "/desk"


def test_a_code_works_once_and_in_time() -> None:
    right = sign_in.try_code(asked("004217"), "004217", NOW)
    assert right is not None
    assert right.state.used_at == NOW
    assert sign_in.try_code(right.state, "004217", NOW) is None
    assert sign_in.try_code(asked("004217"), "004217", NOW + timedelta(minutes=10)) is None


def test_after_five_wrong_codes_the_right_one_opens_nothing() -> None:
    one = asked("004217")
    for _ in range(MOST_TRIES):
        change = sign_in.try_code(one, "111111", NOW)
        assert change is not None
        one = change.state
        assert one.used_at is None
    assert sign_in.try_code(one, "004217", NOW) is None


def test_no_code_fits_a_sign_in_without_one() -> None:
    tried = sign_in.try_code(sign_in.handed("secret", HERE, NOW), "", NOW)
    assert tried is not None
    assert tried.state.used_at is None


@pytest.mark.parametrize(
    ("told", "read"),
    [
        (" 123 456 ", "123456"),
        ("12-34-56", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("۱۲۳۴۵۶", "123456"),
        ("abc", ""),
        ("²", ""),
    ],
)
def test_a_code_is_read_in_any_script(told: str, read: str) -> None:
    assert sign_in.typed(told) == read


def test_a_code_has_six_digits_also_when_it_begins_with_noughts() -> None:
    assert {len(sign_in.fresh_code()) for _ in range(200)} == {6}


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0", "Firefox, Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge, Windows",
        ),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_as_its_owner_knows_it(agent: str, name: str) -> None:
    assert session.device(agent) == name
