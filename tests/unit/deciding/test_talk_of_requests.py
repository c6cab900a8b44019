"""While a request runs, nothing that is done to its talk tells the client that it is over."""

from collections.abc import Mapping

import pytest

from bot.application.requests import decisions
from bot.application.requests.intake import write_down
from bot.application.requests.request_context import Click
from bot.application.staff_desk import lifecycle, triage
from bot.application.tickets.client_tickets import close_ticket
from bot.domain.addresses import Language, Role
from bot.domain.errors import Refused
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import DenialCode, RequestType
from bot.domain.tickets.states import TicketState
from tests.support.builders.desk import Desk, a_desk, a_member, a_ticket

ENDINGS: Mapping[str, tuple[object, dict[str, object]]] = {
    "resolve": (lifecycle.resolve, {"resolution": "done", "tags": ["x"]}),
    "close": (lifecycle.close, {}),
    "spam": (triage.mark_as_spam, {}),
    "merge": (lifecycle.merge, {}),
}


async def a_written_down(desk: Desk) -> tuple[DataRequest, str]:
    """A request of the client, and the number of their other ticket."""
    ayesha = await a_member(desk, "ayesha", role=Role.APPROVER)
    ticket = await a_ticket(desk)
    request = await desk.bus.handle(
        ayesha, write_down, ticket=ticket.number, kind=RequestType.ERASURE
    )
    return request, ticket.number


@pytest.mark.parametrize("name", ENDINGS)
async def test_staff_cannot_end_the_talk_of_an_open_request(name: str):
    desk = a_desk()
    request, other = await a_written_down(desk)
    bob, (use_case, more) = await a_member(desk, "bob"), ENDINGS[name]
    more = more | ({"into": other} if name == "merge" else {})

    with pytest.raises(Refused, match="request_runs") as refused:
        await desk.bus.handle(bob, use_case, ticket=request.ticket, **more)  # pyright: ignore[reportArgumentType, reportCallIssue]

    assert refused.value.params["number"] == request.number
    assert desk.store.tickets[request.ticket].state is TicketState.NEW


async def test_the_client_cannot_close_it_either_and_is_told_how_to_take_the_request_back():
    desk = a_desk()
    request, _ = await a_written_down(desk)
    number = desk.store.tickets[request.ticket].number

    async def act(work: object) -> None:
        assert request.account is not None
        account = await work.accounts.get(request.account)  # pyright: ignore[reportAttributeAccessIssue]
        await close_ticket(work, account=account, number=number)  # pyright: ignore[reportArgumentType]

    with pytest.raises(Refused, match=r"client_tickets\.request_runs"):
        await desk.bus.look(act)


async def test_once_it_is_answered_the_talk_may_end():
    desk = a_desk()
    request, _ = await a_written_down(desk)
    badrul = await a_member(desk, "badrul", role=Role.APPROVER)
    await desk.bus.handle(
        badrul,
        decisions.deny,
        click=Click(request.id),
        code=DenialCode.INSUFFICIENT_VERIFICATION,
        texts={Language.EN: "We could not verify you."},
    )

    closed = await desk.bus.handle(badrul, lifecycle.close, ticket=request.ticket)

    assert closed.state is TicketState.CLOSED
