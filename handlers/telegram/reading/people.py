"""Who wrote or pressed, and what they put under a word of the desk."""

from collections.abc import Iterable

from bot.application.conversation.inbound_message import Profile
from bot.domain.addresses import ClientAddress, Surface
from handlers.telegram.reading.narrowing import Json, id_of, text_of

PAID_REACTION = "⭐"


def address_of(user: Json) -> ClientAddress:
    return ClientAddress(Surface.TELEGRAM, id_of(user, "id"))


def profile_of(user: Json, topic: str | None = None) -> Profile:
    """`topic`: where they write now; None: it does not show."""
    names = (text_of(user, "first_name"), text_of(user, "last_name"))
    return Profile(
        display_name=" ".join(filter(None, names)),
        locale=text_of(user, "language_code"),
        topic=topic,
    )


def reaction_in(reactions: Iterable[Json]) -> str:
    """All that somebody has put under a message; one that has no character by its kind."""
    return " ".join(_reaction(one) for one in reactions)


def _reaction(one: Json) -> str:
    kind = text_of(one, "type")
    if kind == "paid":
        return PAID_REACTION
    return text_of(one, "emoji") or f"[{kind or 'reaction'}]"
