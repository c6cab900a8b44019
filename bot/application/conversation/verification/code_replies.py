"""What a client hears of a code: that one is on its way, or why none was taken and what to do then.

All of it follows from what the chat itself saw: it is the same for a known, an unknown, a locked
and an erased address. Every refusal ends with the way that needs no code.
"""

from enum import StrEnum

from bot.application.conversation.context import ConversationContext
from bot.application.requests.verification.codes import Tried
from bot.domain.identity.challenges import CodeState
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from bot.domain.requests.verification import PROVING

_LEADS = {
    CodeState.WAITED_FOR: "code_not_accepted",
    CodeState.TOO_OLD: "code_too_old",
    CodeState.TRIED_OUT: "code_tried_out",
    CodeState.USED: "code_used",
}


class WayOut(StrEnum):
    """Where a code is asked for, and so who helps without one; wording `identity.way_<value>`."""

    REQUEST = "request"  # a button opens manual verification
    LINK = "link"  # a button says what staff can do
    AGAIN = "again"  # a package is made ready again: there is no button, words reach staff
    WITH_STAFF = "with_staff"  # staff are at it already
    NOWHERE = "nowhere"  # nothing waits for a code


def way_of(request: DataRequest | None) -> WayOut:
    """How this request goes on without a code; None: nothing is to be proved."""
    if request is None or request.state not in PROVING:
        return WayOut.NOWHERE
    if request.state is RequestState.UNDELIVERED:
        return WayOut.AGAIN
    return WayOut.REQUEST if request.facts.path_m_at is None else WayOut.WITH_STAFF


def way_words(chat: ConversationContext, way: WayOut) -> str:
    """What to do for whom no code works: the buttons and words are those that are there."""
    return chat.text(f"identity.way_{way}")


def on_its_way(chat: ConversationContext, way: WayOut) -> str:
    """A code was asked for; whether one was sent, the chat is not told."""
    is_again = way in (WayOut.AGAIN, WayOut.WITH_STAFF)
    return chat.text("identity.code_on_its_way_again" if is_again else "identity.code_on_its_way")


def not_accepted(chat: ConversationContext, tried: Tried | None, way: WayOut) -> str:
    """Why what was typed is no code, and the next step; one that is dead is called so."""
    if tried is not None and tried.chat_is_locked:
        return _joined(chat.text("identity.code_chat_locked"), way_words(chat, way))
    told = CodeState.TOO_OLD if tried is None else tried.told
    lead = chat.text(f"identity.{_LEADS[told]}")
    if told is CodeState.USED:
        return lead
    can_ask = way in (WayOut.REQUEST, WayOut.LINK, WayOut.AGAIN)
    return _joined(lead, chat.text("identity.code_new") if can_ask else "", way_words(chat, way))


def code_comes_first(chat: ConversationContext, way: WayOut) -> str:
    """A number was shared before the code was typed."""
    return _joined(chat.text("requests.take_first"), way_words(chat, way))


def phone_is_missing(chat: ConversationContext) -> str:
    """A package is not made ready again without the phone."""
    return _joined(chat.text("requests.reason_phone_needed"), way_words(chat, WayOut.AGAIN))


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))
