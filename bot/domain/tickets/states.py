"""The states of a ticket and the one table of what leads where."""

from enum import StrEnum

from bot.domain.errors import Refused

SUBJECT_LENGTH = 80
"""Characters of a ticket's subject."""


class TicketKind(StrEnum):
    """What a ticket is about."""

    SUPPORT = "support"
    PRIVACY_QUESTION = "privacy_question"
    ACCESS = "access"  # carries the talk of an access request
    ERASURE = "erasure"  # carries the talk of an erasure request


class Priority(StrEnum):
    """How urgent; P1 first."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class TicketState(StrEnum):
    """Where a ticket stands."""

    NEW = "new"  # nobody of staff has touched it
    OPEN = "open"  # staff's turn
    WAITING_CLIENT = "waiting_client"  # staff answered; the client's turn
    WAITING_THIRD = "waiting_third"  # somebody outside must act
    SNOOZED = "snoozed"  # asleep until a time or the client's next word
    RESOLVED = "resolved"  # the client was told; quiet for 72 h closes it
    CLOSED = "closed"  # reopened by the client within 14 days, else a new ticket
    MERGED = "merged"  # its talk goes on in another ticket
    SPAM = "spam"  # nothing is sent for it any more


class TicketAction(StrEnum):
    """What can be done to a ticket's state."""

    TOUCH = "touch"  # staff take it up
    REPLY = "reply"  # staff answer the client
    CLIENT_WRITES = "client_writes"
    AWAIT_THIRD = "await_third"
    SNOOZE = "snooze"
    WAKE = "wake"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"
    MARK_SPAM = "mark_spam"
    RESTORE = "restore"  # undo of merge or spam, within 24 h; back to `open`


WAITING = (TicketState.WAITING_CLIENT, TicketState.WAITING_THIRD)
LIVE = (TicketState.NEW, TicketState.OPEN, *WAITING, TicketState.SNOOZED)
"""States in which somebody still has to do something."""

_EDGES: dict[TicketAction, tuple[tuple[TicketState, ...], TicketState]] = {
    TicketAction.TOUCH: (
        (TicketState.NEW, TicketState.OPEN, *WAITING, TicketState.SNOOZED),
        TicketState.OPEN,
    ),
    TicketAction.REPLY: ((*LIVE, TicketState.RESOLVED), TicketState.WAITING_CLIENT),
    TicketAction.CLIENT_WRITES: ((*LIVE, TicketState.RESOLVED), TicketState.OPEN),
    TicketAction.AWAIT_THIRD: (LIVE, TicketState.WAITING_THIRD),
    TicketAction.SNOOZE: ((TicketState.NEW, TicketState.OPEN, *WAITING), TicketState.SNOOZED),
    TicketAction.WAKE: ((TicketState.SNOOZED,), TicketState.OPEN),
    TicketAction.RESOLVE: (LIVE, TicketState.RESOLVED),
    TicketAction.CLOSE: ((*LIVE, TicketState.RESOLVED), TicketState.CLOSED),
    TicketAction.REOPEN: ((TicketState.RESOLVED, TicketState.CLOSED), TicketState.OPEN),
    TicketAction.MERGE: ((*LIVE, TicketState.RESOLVED, TicketState.CLOSED), TicketState.MERGED),
    TicketAction.MARK_SPAM: ((*LIVE, TicketState.RESOLVED, TicketState.CLOSED), TicketState.SPAM),
    TicketAction.RESTORE: ((TicketState.MERGED, TicketState.SPAM), TicketState.OPEN),
}


def next_state(state: TicketState, action: TicketAction) -> TicketState:
    """Where `action` leads from `state`.

    A client's word on a ticket that nobody has touched leaves it new: the clock of the first
    answer goes on running.

    Raises:
        Refused: the table has no such edge.
    """
    sources, target = _EDGES[action]
    if state not in sources:
        raise Refused("tickets.wrong_state", state=state, action=action)
    if action is TicketAction.CLIENT_WRITES and state is TicketState.NEW:
        return TicketState.NEW
    return target


def may(state: TicketState, action: TicketAction) -> bool:
    """Whether the table has an edge for `action` from `state`."""
    return state in _EDGES[action][0]
