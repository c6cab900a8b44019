"""Two desks at once: each a process on the same store; a wish a line in, its ending a line out."""

import json
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from tests.support.stores.stages import Stage


@asynccontextmanager
async def two_desks(stage: Stage, module: str) -> AsyncIterator[list[Process]]:
    """`module` run twice on the stage's store, both ready to be told."""
    assert stage.store is not None
    url = stage.store.database.url.set(drivername=stage.name)
    started = [await _start(module, url.render_as_string(hide_password=False)) for _ in range(2)]
    try:
        for process in started:
            assert process.stdout is not None
            assert await process.stdout.readline() == b"ready\n"
        yield started
    finally:
        for process in started:
            await process.communicate(b"")  # the end of its input is its end


async def tell(process: Process, wish: Mapping[str, object]) -> Any:
    """How the wish ended there."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(wish).encode() + b"\n")
    await process.stdin.drain()
    return json.loads(await process.stdout.readline())


async def _start(module: str, url: str) -> Process:
    return await create_subprocess_exec(sys.executable, "-m", module, url, stdin=PIPE, stdout=PIPE)
