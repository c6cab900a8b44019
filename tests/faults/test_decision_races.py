"""Two desks decide at the same moment, in two processes: exactly one wins, the other hears who."""

import asyncio
from collections.abc import Sequence

from bot.application.bus import Bus
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.domain.addresses import SYSTEM, Role, StaffId
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState, RequestType
from bot.domain.staff import Staff
from tests.faults.two_desks import tell, two_desks
from tests.support.builders.requests import a_request, now
from tests.support.stores.stages import Stage
from tests.volume import volume

ROUNDS = volume(45, 700, 2000)
RACES = (("approve", "approve"), ("approve", "deny"), ("approve", "withdraw"))


async def put_approvers(work: UnitOfWork) -> None:
    for name in ("ayesha", "badrul", "champa"):
        staff = StaffId(f"staff-{name}")
        await work.staff.put(
            Staff(id=staff, slack_user=f"U{name.upper()}", role=Role.APPROVER, source="manual")
        )


async def test_exactly_one_of_two_decisions_wins(stored: Stage):
    bus = Bus(stored.open_work, react)
    await bus.handle(SYSTEM, put_approvers)
    async with two_desks(stored, "tests.faults.racer") as (one, other):
        for number in range(ROUNDS):
            first, second = RACES[number % len(RACES)]
            # Access: its one approval leads to execution, where the client may still take it back.
            kind = RequestType.ACCESS if second == "withdraw" else RequestType.ERASURE
            request = await a_request(bus, kind)
            wish = {
                "request": request.id,
                "seen": request.state_version,
                "plan": request.facts.plan_hash,
            }
            ends = await asyncio.gather(
                tell(one, wish | {"do": first, "staff": "staff-ayesha"}),
                tell(other, wish | {"do": second, "staff": "staff-badrul"}),
            )
            check(await now(bus, request), (first, second), ends)


def check(request: DataRequest, race: tuple[str, str], ends: Sequence[dict[str, str]]) -> None:
    winners = [index for index, end in enumerate(ends) if end["ended"] == "won"]
    if len(winners) > 1 and "withdraw" in race:
        assert request.state is RequestState.WITHDRAWN  # both in time, one after the other
        return
    assert len(winners) == 1, (race, ends)
    did = race[winners[0]]
    loser = ends[1 - winners[0]]
    expected = {
        "approve": (RequestState.SECOND_APPROVAL, RequestState.EXECUTING),
        "deny": (RequestState.DENIED,),
        "withdraw": (RequestState.WITHDRAWN,),
    }[did]
    assert request.state in expected
    assert len(request.facts.approvals) == (did == "approve")
    assert loser["ended"] in {"Stale", "Refused"}
    if did in {"approve", "deny"} and race[1 - winners[0]] != "withdraw":
        assert loser["by"] == ("@UAYESHA", "@UBADRUL")[winners[0]]
