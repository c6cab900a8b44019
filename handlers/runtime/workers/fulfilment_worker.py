"""Carries approved erasures out: plan, fence, one source after another, the look, the certificate.

What is decided stands in bot/application/fulfilment; here is only who calls whom in which order.
One process that dies leaves durable steps, with which it, or another one, goes on.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from bot.application.bus import Bus
from bot.application.fulfilment import (
    attention,
    execution,
    last_look,
    plans_awaited,
    proof,
    rounds,
)
from bot.application.fulfilment.proof import Seen
from bot.application.fulfilment.rounds import Next
from bot.application.ports.desk import Clock
from bot.application.ports.sources import Erased, Order, Patterns, Source
from bot.domain.addresses import SYSTEM, RequestId
from bot.domain.errors import DeskError, Refused, Unavailable
from bot.domain.fulfilment.plan import SourceKind, SourcePlan
from handlers.log_setup import log
from handlers.open_desk import Proving

LOOK_EVERY_SECONDS = 1.0
MOST_CODE = 120
"""Characters of a failure that are kept."""
RENEW_EVERY_SECONDS = 30.0
ASK_AGAIN = timedelta(minutes=1)
"""After a company's database could not be asked, or something else went wrong."""
LOOK_AGAIN = timedelta(hours=1)
"""After the last look found something."""


class LookFailed(Exception):
    """A source could not be searched; `error` is a wording key or a code."""

    def __init__(self, source: str, error: str) -> None:
        super().__init__(source, error)
        self.source = source
        self.error = error


class FulfilmentWorker:
    """One for the process; of several processes each step belongs to one at a time."""

    def __init__(self, bus: Bus, sources: Sequence[Source], proving: Proving, clock: Clock) -> None:
        self._bus = bus
        self._sources = {one.name: one for one in sources}
        self._proving = proving
        self._clock = clock
        self._rests: dict[tuple[str, RequestId], datetime] = {}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            if not await self.work_once():
                await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def take_over(self) -> None:
        """Nobody else is at work: what a dead process had begun goes on at once."""
        await self._bus.handle(SYSTEM, execution.take_over)

    async def work_once(self) -> bool:
        """Whether anything went on. Each request is by itself: one that fails holds up none."""
        try:
            planned = await self._bus.look(plans_awaited.to_be_planned)
            due = await self._bus.look(rounds.due_requests)
            slots = await self._bus.look(last_look.slots_to_close)
        except DeskError as error:
            log(__name__, "fulfilment_unreachable", logging.WARNING, error=error.key)
            return False
        went_on = False
        for act, requests in ((self._plan, planned), (self._carry, due), (self._last, slots)):
            for request in requests:
                went_on |= await self._alone(act, request)
        return went_on

    async def _alone(self, act: Callable[[RequestId], Awaitable[bool]], request: RequestId) -> bool:
        rests = self._rests.get((act.__name__, request))
        if rests is not None and self._clock.now() < rests:
            return False
        try:
            went_on = await act(request)
        except Exception as error:  # noqa: BLE001  # the one boundary of what is carried out
            kind = _code_of(error)
            log(__name__, "fulfilment_failed", logging.ERROR, request=request, error=kind)
            self._rests[act.__name__, request] = self._clock.now() + ASK_AGAIN
            if act != self._plan:
                await self._say_stuck(request, kind)
            return False
        return went_on

    async def _say_stuck(self, request: RequestId, kind: str) -> None:
        try:
            await self._bus.handle(SYSTEM, attention.tell_stuck, request, kind)
        except DeskError as error:
            log(__name__, "fulfilment_unreachable", logging.WARNING, error=error.key)

    async def _plan(self, request: RequestId) -> bool:
        try:
            survey = await self._survey(request)
        except DeskError as error:
            await self._bus.handle(SYSTEM, plans_awaited.tell_unanswered, request, _code_of(error))
            raise
        return await self._bus.handle(SYSTEM, plans_awaited.plan_of_survey, request, survey)

    async def _survey(self, request: RequestId) -> list[SourcePlan]:
        """What each of the company's databases would do now."""
        who, now = await self._bus.look(plans_awaited.who_is_it, request), self._clock.now()
        return [await one.plan(who, now) for one in self._companies()]

    async def _carry(self, request: RequestId) -> bool:
        """As far as it goes now; while it waits, no company's database is asked."""
        match await self._bus.look(rounds.what_is_next, request):
            case Next.BEGIN:
                survey = await self._survey(request)
                return await self._bus.handle(SYSTEM, rounds.begin, request, survey)
            case Next.RESUME:
                return await self._bus.handle(SYSTEM, rounds.resume, request)
            case Next.RETRY:
                return await self._bus.handle(SYSTEM, rounds.retry, request)
            case Next.STEP:
                return await self._step(request)
            case Next.PROVE:
                return await self._prove(request)
            case None:
                return False

    async def _step(self, request: RequestId) -> bool:
        order = await self._bus.handle(SYSTEM, execution.begin_step, request)
        if order is None:
            return await self._bus.look(rounds.what_is_next, request) is Next.PROVE
        try:
            async with self._at_it(order):
                erased = await self._erased(order)
        except Exception as error:  # noqa: BLE001  # whatever a source meets is one failed step
            kind = _code_of(error)
            log(__name__, "source_failed", logging.ERROR, source=order.plan.source, error=kind)
            await self._bus.handle(SYSTEM, execution.fail_step, order, kind)
            return True
        await self._bus.handle(SYSTEM, execution.finish_step, order, erased)
        return True

    async def _erased(self, order: Order) -> Erased:
        """Erase, and read back at once: the desk knows where its posts stood only until now.

        Raises:
            Refused, Unavailable: it could not be erased from, or something is left.
        """
        source = self._source(order)
        erased = await source.erase(order)
        if await source.verify(order):
            raise Unavailable("fulfilment.rows_left", source=source.name)
        return erased

    @asynccontextmanager
    async def _at_it(self, order: Order) -> AsyncGenerator[None]:
        """Say that this process is still at the step, as long as it is."""

        async def renew() -> None:
            while True:
                await asyncio.sleep(RENEW_EVERY_SECONDS)
                await self._bus.handle(SYSTEM, execution.renew_lease, order)

        renewing = asyncio.create_task(renew())
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def _prove(self, request: RequestId) -> bool:
        orders = await self._bus.look(execution.orders_of, request)
        who, began = orders[0].who, orders[0].fenced_at or self._clock.now()
        ledger, tools = self._proving.ledger, self._proving
        await ledger.note(request, who.holders, erased_at=began, certified_at=None)
        try:
            self._insist_on_sources(orders)
            seen = await self._look(orders, masks=True)
        except LookFailed as failed:
            source, kind = failed.source, failed.error
            log(__name__, "look_failed", logging.ERROR, source=source, error=kind)
            await self._bus.handle(SYSTEM, execution.fail_look, request, source, kind)
            return True
        if not await self._bus.handle(SYSTEM, proof.note_seen, request, seen):
            return True
        certificate = await self._bus.look(
            proof.certificate_of, request, seen, version=tools.version, head=await tools.head()
        )
        signed = tools.signer.sign(certificate)
        until = min((one.until for one in certificate.kept if one.until), default=None)
        now = self._clock.now()
        await ledger.note(request, who.holders, erased_at=began, certified_at=now, kept_until=until)
        return await self._bus.handle(SYSTEM, proof.certify, request, signed)

    async def _last(self, request: RequestId) -> bool:
        """The last word is said or cannot be: its slot goes, and all is searched once more."""
        if not await self._bus.handle(SYSTEM, last_look.close_slot, request):
            return False
        orders = await self._bus.look(execution.orders_of, request)
        seen = await self._look([_by_the_map_of_now(one) for one in orders], masks=False)
        await self._bus.handle(SYSTEM, last_look.note_last_look, request, seen)
        self._rests[self._last.__name__, request] = self._clock.now() + LOOK_AGAIN
        return False

    async def _look(self, orders: Sequence[Order], *, masks: bool) -> dict[str, Seen]:
        """Read back, and search everything, in every source."""
        stated = await self._proving.clear_deleted()
        patterns = self._proving.patterns(orders[0].who)
        seen = dict[str, Seen]()
        for order in orders:
            try:
                seen[order.plan.source] = await self._seen(order, patterns, stated, masks=masks)
            except Exception as error:
                raise LookFailed(order.plan.source, _code_of(error)) from error
        return seen

    async def _seen(
        self, order: Order, patterns: Patterns, stated: tuple[str, ...], *, masks: bool
    ) -> Seen:
        source = self._source(order)
        looked = await source.look(order, patterns, masks=masks)
        if looked.masked:
            again = await source.look(order, patterns, masks=False)
            looked = replace(again, masked=looked.masked)
        if source.kind is SourceKind.DESK:
            looked = replace(looked, stated=(*looked.stated, *stated))
        is_company = source.kind is SourceKind.COMPANY
        after = await source.plan(order.who, order.now) if is_company else None
        return Seen(looked=looked, left=await source.verify(order), after=after)

    def _companies(self) -> list[Source]:
        return [one for one in self._sources.values() if one.kind is SourceKind.COMPANY]

    def _insist_on_sources(self, orders: Sequence[Order]) -> None:
        """Raises LookFailed: other databases are set up than those that were approved."""
        approved = {one.plan.source for one in orders if one.plan.kind is SourceKind.COMPANY}
        if approved != {one.name for one in self._companies()}:
            raise LookFailed("", "fulfilment.sources_changed")

    def _source(self, order: Order) -> Source:
        """Raises Refused: it was in the plan, and is set up no more."""
        found = self._sources.get(order.plan.source)
        if found is None:
            raise Refused("fulfilment.source_gone", source=order.plan.source)
        return found


def _by_the_map_of_now(order: Order) -> Order:
    """What was approved is done and proved; a map changed since then ends no later search."""
    return replace(order, plan=replace(order.plan, items=()))


def _code_of(error: Exception) -> str:
    """What is kept of a failure: a key and names of the company's tables, never its words."""
    if not isinstance(error, DeskError):
        return type(error).__name__
    whole = f"{error.key}?{urlencode(error.params)}" if error.params else error.key
    return whole if len(whole) <= MOST_CODE else error.key
