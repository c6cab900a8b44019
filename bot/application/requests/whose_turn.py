"""Whose turn a data request is: one rule for /status, the card and the notice of a late answer."""

from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import Party, waits_on


def party_of(request: DataRequest) -> Party:
    """As staff see it."""
    return _party(request, is_frozen=request.facts.is_frozen)


def party_told(request: DataRequest) -> Party:
    """As the client hears it, who may not know of a freeze."""
    return _party(request, is_frozen=is_freeze_told(request))


def is_freeze_told(request: DataRequest) -> bool:
    """A chat that has proved nothing is not told that somebody froze what it asked."""
    return request.is_live and request.facts.is_frozen and has_shown_a_proof(request)


def has_shown_a_proof(request: DataRequest) -> bool:
    """Whether the chat that asked has shown anything; before, it may be anybody's."""
    return request.is_verified or request.facts.proofs.code_at is not None


def _party(request: DataRequest, *, is_frozen: bool) -> Party:
    on_path, asked = request.facts.path_m_at is not None, request.facts.is_asked
    return waits_on(request.state, frozen=is_frozen, on_staff_path=on_path, is_asked=asked)
