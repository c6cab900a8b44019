"""Every state x every action: what the table of states allows, and nothing else."""

from itertools import product

import pytest

from bot.domain.errors import Refused
from bot.domain.tickets.states import TicketAction, TicketState, may, next_state

N, P, WC, WT = (
    TicketState.NEW,
    TicketState.OPEN,
    TicketState.WAITING_CLIENT,
    TicketState.WAITING_THIRD,
)
Z, R, C, M, X = (
    TicketState.SNOOZED,
    TicketState.RESOLVED,
    TicketState.CLOSED,
    TicketState.MERGED,
    TicketState.SPAM,
)

ALLOWED: dict[TicketAction, dict[TicketState, TicketState]] = {
    TicketAction.TOUCH: {N: P, P: P, WC: P, WT: P, Z: P},
    TicketAction.REPLY: {N: WC, P: WC, WC: WC, WT: WC, Z: WC, R: WC},
    TicketAction.CLIENT_WRITES: {N: N, P: P, WC: P, WT: P, Z: P, R: P},
    TicketAction.AWAIT_THIRD: {N: WT, P: WT, WC: WT, WT: WT, Z: WT},
    TicketAction.SNOOZE: {N: Z, P: Z, WC: Z, WT: Z},
    TicketAction.WAKE: {Z: P},
    TicketAction.RESOLVE: {N: R, P: R, WC: R, WT: R, Z: R},
    TicketAction.CLOSE: {N: C, P: C, WC: C, WT: C, Z: C, R: C},
    TicketAction.REOPEN: {R: P, C: P},
    TicketAction.MERGE: {N: M, P: M, WC: M, WT: M, Z: M, R: M, C: M},
    TicketAction.MARK_SPAM: {N: X, P: X, WC: X, WT: X, Z: X, R: X, C: X},
    TicketAction.RESTORE: {M: P, X: P},
}


@pytest.mark.parametrize(("state", "action"), list(product(TicketState, TicketAction)))
def test_only_the_edges_of_the_table_exist(state: TicketState, action: TicketAction):
    expected = ALLOWED[action].get(state)

    if expected is None:
        assert not may(state, action)
        with pytest.raises(Refused) as refused:
            next_state(state, action)
        assert refused.value.key == "tickets.wrong_state"
    else:
        assert may(state, action)
        assert next_state(state, action) is expected


def test_merged_and_spam_lead_nowhere_but_back():
    leaving = {
        (state, action) for state, action in product((M, X), TicketAction) if may(state, action)
    }

    assert leaving == {(M, TicketAction.RESTORE), (X, TicketAction.RESTORE)}
