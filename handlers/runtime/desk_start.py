"""How a desk starts: live with all tokens, in a sandbox with none, or to be shown in a tour."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from bot.application.client_list.importer import import_rows
from bot.application.client_list.rows import ClientRow, read_csv, read_row
from bot.application.requests.queries import next_due
from bot.application.test_mode import note_testing
from bot.domain.addresses import OPERATOR, Language
from handlers.open_desk import Desk
from handlers.runtime.composition import alone_on, open_desk, sandbox_place, start_checks
from handlers.runtime.preflight import Mode, choose_mode, clock_offset
from handlers.runtime.start_checks import insist, tell_at_start
from handlers.sandbox.own_store import SANDBOX_FOLDER
from handlers.settings import Settings, read_settings

if TYPE_CHECKING:
    from handlers.sandbox.environment import Environment  # only run and tour pay for the sandbox

PAGES_SECONDS = 10.0
"""So long a start reads the database's pages at most; `doctor` reads them all."""


async def run_desk(settings: Settings) -> None:
    """Run until told to stop: live with all tokens, the sandbox with none.

    Raises:
        Refused: settings, tokens or the store are not usable; the text says what to do.
        Unavailable: the store or a platform cannot be reached.
    """
    if choose_mode(settings) is Mode.SANDBOX:
        await _run_sandbox(settings)
        return
    tell_at_start(insist(start_checks(settings, patience_seconds=PAGES_SECONDS)))
    with alone_on(settings):
        await _run_live(settings)


async def _run_live(settings: Settings) -> None:
    from handlers.runtime.runtime import run_live  # noqa: PLC0415  # the other commands start faster without

    async with open_desk(settings) as desk:
        if settings.privacydesk_testing:
            seconds = int(clock_offset(settings).total_seconds())
            await desk.bus.handle(OPERATOR, note_testing, seconds=seconds)
        await run_live(desk)


async def _run_sandbox(settings: Settings) -> None:
    """The same edges, pointed at a Telegram, a Slack and a mailbox on this machine."""
    from handlers.runtime.runtime import run_live  # noqa: PLC0415  # likewise
    from handlers.sandbox.environment import sandbox_environment  # noqa: PLC0415
    from handlers.sandbox.start import announce  # noqa: PLC0415

    async with sandbox_environment() as world, sandbox_desk(settings, world) as desk:
        await run_live(desk, ready=lambda: announce(world))


@asynccontextmanager
async def sandbox_desk(settings: Settings, world: "Environment") -> AsyncGenerator[Desk]:
    """A desk for a sandbox, on a store of its own that begins empty but for the clients."""
    from handlers.sandbox.start import own_folder, sandbox_values  # noqa: PLC0415

    own = read_settings(**sandbox_values(settings, world.settings_overrides))
    with own_folder(SANDBOX_FOLDER), world.settled_in(SANDBOX_FOLDER):
        async with open_desk(own, sandbox_place(own), clock=world.clock) as desk:
            world.clock.find_due = partial(desk.bus.look, next_due)
            rows = [read_row(raw) for raw in read_csv(world.client_list.splitlines())]
            known = [row for row in rows if isinstance(row, ClientRow)]
            await desk.bus.handle(OPERATOR, import_rows, rows=known)
            yield desk


async def take_tour(
    settings: Settings, tell: Callable[[str], None], which: str, language: Language
) -> None:
    """Play a ticket or an erasure on a desk in a sandbox; the words go to `tell`.

    Raises:
        Unavailable: the desk did not do what it should; the text says at which step.
    """
    from handlers.documents.signed_json import look_at  # noqa: PLC0415  # likewise
    from handlers.runtime.runtime import run_live  # noqa: PLC0415  # likewise
    from handlers.sandbox.tour import play_tour  # noqa: PLC0415

    @asynccontextmanager
    async def desk_on(world: "Environment") -> AsyncGenerator[None]:
        async with sandbox_desk(settings, world) as desk:
            ready = asyncio.Event()
            running = asyncio.create_task(run_live(desk, ready=ready.set))
            await ready.wait()
            try:
                yield
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

    def check(signed: bytes) -> bool:
        return look_at(signed).is_good

    await play_tour(desk_on, tell, which, language, check=check)
