"""The way up: it can be called off at any time, and says what it waits for."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager

from bot.application.ports.troubles import Trouble, TroubleKind, Troubles
from bot.wording import say
from handlers.log_setup import log, redact

SIGNALS = (signal.SIGINT, signal.SIGTERM)
PATIENCE_SECONDS = 2.0
"""A platform that is there answers sooner, and then nothing need be said."""


def on_signals(stop: Callable[[], object]) -> None:
    """Call `stop` at SIGINT and SIGTERM, in place of what was called before."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop)


async def until_told(work: Coroutine[None, None, None]) -> None:
    """Do `work`; SIGINT or SIGTERM calls it off in good order, also before the desk is up."""
    task = asyncio.ensure_future(work)
    on_signals(task.cancel)
    await asyncio.wait((task,))
    if task.cancelled():
        log(__name__, "start_called_off")
    else:
        task.result()


@contextmanager
def waiting_for(
    platform: str,
    address: str,
    trouble: Callable[[], str] = lambda: "",
    *,
    troubles: Troubles | None = None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Iterator[None]:
    """Say once whom the start waits for and what it met, when it takes longer than it should.

    It stands on the board of `troubles` until then.
    """
    loop, about = asyncio.get_running_loop(), platform.lower()

    def tell() -> None:
        met = trouble()
        _tell_of_wait(platform, address, met)
        if troubles is not None:
            troubles.began(Trouble(kind=TroubleKind.PLATFORM, about=about, error=met))

    timer = loop.call_later(patience_seconds, tell)
    try:
        yield
    finally:
        timer.cancel()
    if troubles is not None:
        troubles.ended(TroubleKind.PLATFORM, about)


def _tell_of_wait(platform: str, address: str, met: str) -> None:
    key = "console.waiting_for_because" if met else "console.waiting_for"
    print(say(key, platform=platform, address=redact(address), error=met), flush=True)  # noqa: T201  # for the person who started it
