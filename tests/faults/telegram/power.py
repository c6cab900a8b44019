"""A power cut at any step: before or after each commit, before or after each call to Telegram.

After the cut nothing of that life does anything any more; what was not committed is gone, and a
call that was on its way has arrived or not.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.application.bus import OpenWork
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Actor
from handlers.telegram.client import Bot

SILENT = ("getUpdates", "getMe", "deleteWebhook", "setMy")
"""Calls before and after which a cut proves nothing that other points do not."""


class PowerCut(BaseException):
    """No handler may catch it: a dead process handles nothing."""


@dataclass
class Power:
    """Counts the steps of a life, and ends it at one of them."""

    fails_at: int | None = None
    steps: list[str] = field(default_factory=list)
    is_off: bool = False

    def step(self, name: str) -> None:
        """One point at which a life may end."""
        if self.is_off:
            raise PowerCut
        if len(self.steps) == self.fails_at:
            self.is_off = True
            raise PowerCut
        self.steps.append(name)

    def wrap_work(self, open_work: OpenWork) -> OpenWork:
        """Units of work that stand at a point before and after their commit."""

        @asynccontextmanager
        async def opened(actor: Actor, *, writes: bool) -> AsyncIterator[UnitOfWork]:
            if self.is_off:
                raise PowerCut
            async with open_work(actor, writes=writes) as work:
                if writes:
                    self._watch(work)
                yield work

        return opened

    def wrap_bot(self, bot: Bot) -> Bot:
        """A client that stands at a point before and after each call."""
        request = bot.request
        call = request.do_request

        async def watched(*args: object, **kwargs: object) -> tuple[int, bytes]:
            name = str(kwargs.get("url", "")).rpartition("/")[2]
            if name.startswith(SILENT):
                return await call(*args, **kwargs)  # pyright: ignore[reportArgumentType]
            self.step(f"before {name}")
            answer = await call(*args, **kwargs)  # pyright: ignore[reportArgumentType]
            self.step(f"after {name}")
            return answer

        request.do_request = watched  # pyright: ignore[reportAttributeAccessIssue]
        return bot

    def _watch(self, work: UnitOfWork) -> None:
        commit = work.commit

        async def watched() -> None:
            self.step("before commit")
            await commit()
            self.step("after commit")

        work.commit = watched  # pyright: ignore[reportAttributeAccessIssue]
