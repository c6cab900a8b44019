"""What a one-time code is for: a data request, or the tie between a chat and a person."""

from dataclasses import dataclass

from bot.domain.addresses import AccountId, RequestId
from bot.domain.identity.levels import Purpose
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestType, State

PURPOSES = {
    RequestType.ACCESS: Purpose.ACCESS,
    RequestType.ERASURE: Purpose.ERASURE,
    RequestType.RECTIFICATION: Purpose.CONTACT_CORRECTION,
    RequestType.CONTACT_CHANGE: Purpose.CHANGE_OF_CONTACT,
    RequestType.OBJECTION: Purpose.OBJECTION,
}
PROVING = (State.AWAITING_IDENTITY, State.UNDELIVERED)
"""States in which the subject has something to prove."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A code for one errand is worth nothing for another (ASVS 6.6.2)."""

    id: RequestId
    """The request's id; where a chat is to be tied to a person, the account's own."""
    purpose: Purpose


def errand_of(request: DataRequest) -> Errand:
    return Errand(request.id, PURPOSES[request.kind])


def linking_of(account: AccountId) -> Errand:
    """An account has one such errand at a time: to show whose it is."""
    return Errand(RequestId(account), Purpose.LINK_ACCOUNT)
