"""Two desks decide at the same moment, in two processes: exactly one wins, the other hears who."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.addresses import SYSTEM, Role, StaffId
from bot.bus import Bus
from bot.data_requests.request import DataRequest
from bot.data_requests.states import RequestType, State
from bot.ports import UnitOfWork
from bot.reactions import react
from bot.staff import Staff
from tests.reviewed import a_request, now
from tests.stages import Stage
from tests.volume import volume

ROUNDS = volume(200, 2000)
RACES = (("approve", "approve"), ("approve", "deny"), ("approve", "withdraw"))


@asynccontextmanager
async def racers(stage: Stage) -> AsyncIterator[list[Process]]:
    assert stage.store is not None
    url = stage.store.database.url.set(drivername=stage.name)
    started = [await _start(url.render_as_string(hide_password=False)) for _ in range(2)]
    try:
        for process in started:
            assert process.stdout is not None
            assert await process.stdout.readline() == b"ready\n"
        yield started
    finally:
        for process in started:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()
            process._transport.close()  # pyright: ignore[reportAttributeAccessIssue]


async def _start(url: str) -> Process:
    command = (sys.executable, "-m", "tests.faults.racer", url)
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)


async def _tell(process: Process, wish: dict[str, Any]) -> dict[str, str]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(wish).encode() + b"\n")
    await process.stdin.drain()
    return json.loads(await process.stdout.readline())


async def put_approvers(work: UnitOfWork) -> None:
    for name in ("ayesha", "badrul", "champa"):
        staff = StaffId(f"staff-{name}")
        await work.staff.put(
            Staff(id=staff, slack_user=f"U{name.upper()}", role=Role.APPROVER, source="manual")
        )


async def test_exactly_one_of_two_decisions_wins(stored: Stage):
    bus = Bus(stored.open_work, react)
    await bus.handle(SYSTEM, put_approvers)
    async with racers(stored) as (one, other):
        for number in range(ROUNDS):
            first, second = RACES[number % len(RACES)]
            # Access: its one approval leads to execution, after which nobody withdraws.
            kind = RequestType.ACCESS if second == "withdraw" else RequestType.ERASURE
            request = await a_request(bus, kind)
            wish = {
                "request": request.id,
                "seen": request.state_version,
                "plan": request.facts.plan_hash,
            }
            ends = await asyncio.gather(
                _tell(one, wish | {"do": first, "staff": "staff-ayesha"}),
                _tell(other, wish | {"do": second, "staff": "staff-badrul"}),
            )
            check(await now(bus, request), (first, second), ends)


def check(request: DataRequest, race: tuple[str, str], ends: Sequence[dict[str, str]]) -> None:
    winners = [index for index, end in enumerate(ends) if end["ended"] == "won"]
    assert len(winners) == 1, (race, ends)
    did = race[winners[0]]
    loser = ends[1 - winners[0]]
    expected = {
        "approve": (State.SECOND_APPROVAL, State.EXECUTING),
        "deny": (State.DENIED,),
        "withdraw": (State.WITHDRAWN,),
    }[did]
    assert request.state in expected
    assert len(request.facts.approvals) == (did == "approve")
    assert loser["ended"] in {"Stale", "Refused"}
    if did in {"approve", "deny"} and race[1 - winners[0]] != "withdraw":
        assert loser["by"] == ("@UAYESHA", "@UBADRUL")[winners[0]]
