"""What somebody agreed to: which texts there are, by version; a consent for each outside feed; taking one back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from duolangue.chassis.decision import Change
from duolangue.registration.domain.association import Association
from duolangue.registration.domain.invalid import Invalid, NotNow
from duolangue.registration.domain.participant import GONE, Consent, ConsentChannel, ConsentPurpose, Participant
from duolangue.registration.domain.signup import texts

FEED_VERSION: Final = "2026-1"


def N_(text: str) -> str:
    """Mark a message for the catalogues."""
    return text


FEED: Final = (
    N_(
        # review: consent text
        "%(feed)s works with %(association)s. If you say yes, it is told whether you take part, your age group and your town."
    ),
    N_(
        # review: consent text
        "It is never told your name, your telephone number or your e-mail address."
    ),
    N_(
        # review: consent text
        "You may say no, or change your mind later. It changes nothing for your duo."
    ),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text people agree to, with the version that a consent names."""

    purpose: ConsentPurpose
    version: str
    sentences: tuple[str, ...]
    """Msgids, with `%(name)s` for the association's own values."""


TEXTS: Final = (
    Text(ConsentPurpose.PARTICIPATION, texts.CONSENT_VERSION, texts.CONSENT),
    *(Text(ConsentPurpose.PARTICIPATION, version, said) for version, said in texts.OLDER_CONSENTS.items()),
    Text(ConsentPurpose.CHARTER, texts.CHARTER_VERSION, texts.CHARTER),
    Text(ConsentPurpose.FEED, FEED_VERSION, FEED),
)
"""Every version there is, the one in force first for each purpose."""


def in_force(participant: Participant, feed: str) -> Consent | None:
    """The consent to one outside feed that holds; none when it was never given, or was taken back."""
    return next(
        (each for each in participant.consents if _about(each, feed) and each.withdrawn_at is None),
        None,
    )


def may_feed(participant: Participant, feed: str) -> bool:
    """Whether an outside feed may be told of somebody: only who agreed and still takes part."""
    return participant.status not in GONE and in_force(participant, feed) is not None


def give(
    participant: Participant,
    feed: str,
    association: Association,
    channel: ConsentChannel,
    language: str,
    now: datetime,
) -> Change[Participant] | None:
    """Somebody agrees that an outside feed is told of them; none when they do already.

    Raises:
        Invalid: the association has no such feed.
        NotNow: the person takes part no more.
    """
    if feed not in association.feeds:
        raise Invalid("feed_unknown", "There is no such partner.", field="feed")
    if participant.status in GONE:
        raise NotNow("not_taking_part", "This person does not take part at the moment.")
    if in_force(participant, feed) is not None:
        return None
    given = Consent(
        given_at=now,
        channel=channel,
        text_version=FEED_VERSION,
        purpose=ConsentPurpose.FEED,
        to=feed,
        language=language,
    )
    return Change(participant.model_copy(update={"consents": [*participant.consents, given]}))


def withdraw(participant: Participant, feed: str, now: datetime) -> Change[Participant] | None:
    """Somebody takes their consent to a feed back: at once, and without a reason. That it was given stays on record."""
    if in_force(participant, feed) is None:
        return None
    consents = [
        each.model_copy(update={"withdrawn_at": now}) if _about(each, feed) and each.withdrawn_at is None else each
        for each in participant.consents
    ]
    return Change(participant.model_copy(update={"consents": consents}))


def charter_due(participant: Participant) -> bool:
    """Whether a volunteer has not promised the charter yet: who helps since a later day, or came in a file."""
    agreed = any(each.purpose is ConsentPurpose.CHARTER and each.withdrawn_at is None for each in participant.consents)
    return participant.volunteer is not None and participant.status not in GONE and not agreed


def promise(
    participant: Participant, association: Association, channel: ConsentChannel, language: str, now: datetime
) -> Change[Participant] | None:
    """A volunteer promises the charter in the text in force; none where they did already, or are no volunteer."""
    if not charter_due(participant):
        return None
    promised = Consent(
        given_at=now,
        channel=channel,
        text_version=texts.CHARTER_VERSION,
        purpose=ConsentPurpose.CHARTER,
        language=language,
        values=association.figures,
    )
    return Change(participant.model_copy(update={"consents": [*participant.consents, promised]}))


def _about(consent: Consent, feed: str) -> bool:
    return consent.purpose is ConsentPurpose.FEED and consent.to == feed
