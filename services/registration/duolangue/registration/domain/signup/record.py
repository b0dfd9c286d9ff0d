"""A sign-up that has begun: who may go on with it, until when, and what becomes of it. Only hashes are kept of its secrets."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from duolangue.chassis.decision import Change
from duolangue.contracts.vocabulary import EntityId, Language, Level
from duolangue.registration.domain import sign_in
from duolangue.registration.domain.application import Application, NewcomerTold, VolunteerTold
from duolangue.registration.domain.consents import FEED_VERSION
from duolangue.registration.domain.invalid import NotNow
from duolangue.registration.domain.participant import Consent, ConsentChannel, ConsentPurpose
from duolangue.registration.domain.signup import questions
from duolangue.registration.domain.signup.answers import Answers

KEPT: Final = timedelta(days=30)
"""How long an unfinished sign-up waits for its next answer; then nothing of it is left."""
RESUME_BYTES: Final = 24
"""192 bits: 32 letters, short enough for a message."""
THANKED: Final = timedelta(days=1)
"""How long the page of thanks can be opened again."""
MOST_BROWSERS: Final = 5
MOST_MAILS: Final = 3
"""Mails with the link to go on, for one sign-up."""


class SignUp(BaseModel):
    """One person's sign-up, on its way."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    language: Language
    answers: Answers = Answers()
    browsers: list[str] = []
    """The hashes of the cookies that open it; the latest is the last."""
    resumes: list[str] = []
    """The hashes of the links that open it, one for each browser."""
    coordinator: EntityId | None = None
    """Who fills it in with the person; then no cookie opens it."""
    began_at: datetime
    expires_at: datetime
    """When it is forgotten."""
    mailed: int = 0
    said_young: bool = False
    """First named a year of birth of a minor."""
    sent: bool = False
    """It is registered; nothing is kept here any more of what was answered."""

    def opens_to(self, secret: str) -> bool:
        """Whether a cookie with this secret opens it."""
        wanted = sign_in.hashed(secret)
        return any(hmac.compare_digest(wanted, each) for each in self.browsers)


def resume_secret(secret: str) -> str:
    """The secret of the link to go on, which follows from the cookie's: so it can be shown again and is kept nowhere."""
    digest = hmac.digest(secret.encode("utf-8", "surrogatepass"), b"resume", hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:RESUME_BYTES]).decode()


def begin(
    sign_up_id: str, language: str, now: datetime, *, secret: str | None = None, coordinator: str | None = None
) -> SignUp:
    """Somebody begins: in a browser with a secret, or with a coordinator."""
    fresh = SignUp(id=sign_up_id, language=language, coordinator=coordinator, began_at=now, expires_at=now + KEPT)
    return _with_browser(fresh, secret) if secret else fresh


def go_on_in(sign_up: SignUp, secret: str) -> Change[SignUp]:
    """The link was opened: this browser may go on, too.

    Raises:
        NotNow: there is nothing to go on with.
    """
    if sign_up.sent:
        raise ended()
    return Change(_with_browser(sign_up, secret))


def ended() -> NotNow:
    """Why nothing can be changed any more."""
    return NotNow("sign_up_ended", "This sign-up is finished. You can begin a new one.")


def take(sign_up: SignUp, answers: Answers, language: str, now: datetime) -> Change[SignUp]:
    """An answer came; thirty more days.

    Raises:
        NotNow: it is finished.
    """
    if sign_up.sent:
        raise ended()
    update = {"answers": answers, "language": language, "expires_at": now + KEPT}
    return Change(sign_up.model_copy(update=update))


def heard_young(sign_up: SignUp) -> Change[SignUp]:
    """A year of a minor was named: all that could tell who it is goes; wish and language stay, for who mistyped."""
    cleared = Answers(wish=sign_up.answers.wish, answered=[*sign_up.answers.answered[:1]])
    return Change(sign_up.model_copy(update={"answers": cleared, "said_young": True}))


def mail_counts(sign_up: SignUp) -> Change[SignUp] | None:
    """One more mail with the link; none when there were enough."""
    if sign_up.mailed >= MOST_MAILS:
        return None
    return Change(sign_up.model_copy(update={"mailed": sign_up.mailed + 1}))


def finish(sign_up: SignUp, now: datetime) -> Change[SignUp] | None:
    """It was sent, and what was answered is kept here no more."""
    if sign_up.sent:
        return None
    update = {"answers": Answers(), "expires_at": now + THANKED, "sent": True, "resumes": []}
    return Change(sign_up.model_copy(update=update))


def is_over(sign_up: SignUp, now: datetime) -> bool:
    """Whether its time is over."""
    return now >= sign_up.expires_at


def application(told: Answers, language: str, channel: ConsentChannel) -> Application:
    """What was answered on pages in this language, as every other way to register tells it.

    Raises:
        NotNow: questions are left.
    """
    if questions.left(told) or told.birth_year is None or told.postcode is None:
        raise NotNow("questions_left", "Some questions are left.")
    return Application(
        first_name=told.first_name,
        last_name=told.last_name,
        email=told.email,
        phone=told.phone,
        birth_year=told.birth_year,
        gender=told.gender,
        postcode=told.postcode,
        languages=told.languages,
        interests=told.interests,
        availability=told.availability,
        radius_km=told.radius_km,
        arrived_on=told.arrived_on if told.speaks else None,
        ui_language=told.ui_language or language,
        newcomer=_newcomer(told) if told.speaks else None,
        volunteer=_volunteer(told) if told.helps else None,
        consent=True,
        consent_channel=channel,
    )


def _newcomer(told: Answers) -> NewcomerTold:
    oral = told.oral or Level.A0
    if oral is Level.A0 and told.written is Level.A0_CANNOT_READ:
        oral = Level.A0_CANNOT_READ
    return NewcomerTold(
        french_oral=oral,
        french_written=told.written,
        partner_gender=told.partner_gender,
        partner_age=told.partner_age,
    )


def _volunteer(told: Answers) -> VolunteerTold:
    return VolunteerTold(
        places=told.places or 1,
        comfort=told.ease or Level.A0_CANNOT_READ,
        partner_gender=told.gender if told.same_gender else None,
    )


def consents(answers: Answers, channel: ConsentChannel, feeds: Collection[str] = ()) -> tuple[Consent, list[Consent]]:
    """That they take part, and what else they agreed to; of outside partners only those there still are."""
    assert answers.consent is not None, "a sign-up without consent is not sent"
    agreed = answers.consent
    main = Consent(
        given_at=agreed.at, channel=channel, text_version=agreed.version, language=agreed.language, values=agreed.values
    )
    others = [
        Consent(
            given_at=agreed.at,
            channel=channel,
            text_version=FEED_VERSION,
            purpose=ConsentPurpose.FEED,
            to=feed,
            language=agreed.language,
            values=agreed.values,
        )
        for feed in answers.feeds
        if feed in feeds
    ]
    if not answers.helps or answers.charter is None:
        return main, others
    charter = answers.charter
    promised = Consent(
        given_at=charter.at,
        channel=channel,
        text_version=charter.version,
        purpose=ConsentPurpose.CHARTER,
        language=charter.language,
        values=charter.values,
    )
    return main, [promised, *others]


def _with_browser(sign_up: SignUp, secret: str) -> SignUp:
    browsers = [*sign_up.browsers, sign_in.hashed(secret)][-MOST_BROWSERS:]
    resumes = [*sign_up.resumes, sign_in.hashed(resume_secret(secret))][-MOST_BROWSERS:]
    return sign_up.model_copy(update={"browsers": browsers, "resumes": resumes})
