"""Whoever of the staff decides on a request, and what they hear where they may not."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from bot.application.permission import the_staff
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import Click, the_request
from bot.application.requests.who_may import with_names
from bot.domain.addresses import StaffId
from bot.domain.errors import NotAllowed, NotFound, Stale
from bot.domain.requests.request import DataRequest


@asynccontextmanager
async def deciding(work: UnitOfWork, click: Click) -> AsyncGenerator[DataRequest]:
    """The request, for somebody on the list; a refusal names who decided, or who may."""
    await the_staff(work)
    request = await the_request(work, click.request)
    try:
        yield request
    except Stale as stale:
        by = StaffId(str(stale.params.get("by", "")))
        params = stale.params | ({"by": await _mention(work, by)} if by else {})
        raise Stale(stale.key, field=stale.field, **params) from stale
    except NotAllowed as refused:
        raise await with_names(work, request, refused) from refused


async def _mention(work: UnitOfWork, staff: StaffId) -> str:
    try:
        return (await work.staff.get(staff)).mention
    except NotFound:
        return "?"
