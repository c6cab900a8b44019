"""Requests that staff write down for a client."""

import pytest

from bot.application.config import DeskConfig
from bot.application.outbound.to_staff import ShowRequestCard
from bot.application.requests import protective_actions
from bot.application.requests.intake import write_down
from bot.domain.addresses import Role
from bot.domain.clients.people import AccountStatus
from bot.domain.errors import NotAllowed, Refused
from bot.domain.identity.levels import ProofKind
from bot.domain.requests.states import RequestState, RequestType
from tests.support.builders.desk import a_desk, a_member, a_ticket, an_account


@pytest.mark.parametrize("kind", RequestType)
async def test_staff_write_a_request_down_and_its_clock_runs(kind: RequestType):
    desk = a_desk()
    ayesha = await a_member(desk, "ayesha", role=Role.APPROVER)
    ticket = await a_ticket(desk)

    request = await desk.bus.handle(ayesha, write_down, ticket=ticket.number, kind=kind)

    assert (request.state, request.created_by) == (RequestState.AWAITING_IDENTITY, ayesha)
    assert request.due_at > desk.clock.now()
    assert request.account == ticket.account
    assert [one.request for one in desk.deliveries(ShowRequestCard) if one.is_new] == [request.id]


async def test_whoever_wrote_it_down_cannot_vouch():
    desk = a_desk(DeskConfig(mail_works=False))
    ayesha = await a_member(desk, "ayesha", role=Role.APPROVER)
    ticket = await a_ticket(desk)

    request = await desk.bus.handle(
        ayesha, write_down, ticket=ticket.number, kind=RequestType.ERASURE
    )

    assert request.facts.path_m_at is not None
    with pytest.raises(NotAllowed, match="approver_is_requester"):
        await desk.bus.handle(
            ayesha, protective_actions.vouch, request=request.id, kind=ProofKind.CALL_BACK
        )


async def test_an_erased_client_gets_no_request():
    desk = a_desk()
    ayesha = await a_member(desk, "ayesha")
    account = await an_account(desk)
    ticket = await a_ticket(desk, account)
    account.status = AccountStatus.ERASED

    with pytest.raises(Refused, match="client_erased"):
        await desk.bus.handle(ayesha, write_down, ticket=ticket.id, kind=RequestType.ACCESS)


async def test_what_the_client_asked_for_already_is_not_written_down_again():
    desk = a_desk()
    ayesha = await a_member(desk, "ayesha", role=Role.APPROVER)
    ticket = await a_ticket(desk)
    first = await desk.bus.handle(
        ayesha, write_down, ticket=ticket.number, kind=RequestType.ERASURE
    )

    with pytest.raises(Refused, match="written_already") as refused:
        await desk.bus.handle(ayesha, write_down, ticket=ticket.number, kind=RequestType.ERASURE)
    other = await desk.bus.handle(ayesha, write_down, ticket=ticket.number, kind=RequestType.ACCESS)

    assert refused.value.params["number"] == first.number
    assert other.number != first.number
