"""The statements of the outbox that are made once."""

from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select

from bot.application.outbound.to_staff import (
    Alarm,
    Alert,
    RefreshHome,
    ShowRequestCard,
    TellStaff,
)
from bot.application.ports.queues import Lane
from bot.application.wire_names import name_of
from storage import statements
from storage.models.queue import OutboxRow

WAITING = ("queued", "held")
OF_STAFF = tuple(map(name_of, (Alarm, Alert, RefreshHome, ShowRequestCard, TellStaff)))
"""What says a request's number and codes only: it goes to staff whatever becomes of the client."""
ROW = statements.core(OutboxRow).c
EARLIER = statements.core(OutboxRow).alias().c
IS_BLOCKED = exists().where(
    EARLIER.conversation == ROW.conversation,
    or_(
        EARLIER.state == "sending",
        and_(
            EARLIER.id < ROW.id,
            or_(
                EARLIER.state == "queued",
                and_(EARLIER.state == "held", EARLIER.next_at <= bindparam("at")),
            ),
        ),
    ),
)
"""Something of its conversation is on its way, or came earlier and is no longer held."""
TAKE = (
    statements.update(OutboxRow)
    .where(ROW.id.in_(bindparam("ids", expanding=True)))
    .values(state="sending", lease_until=bindparam("until"))
)
COUNT = (
    statements.update(OutboxRow)
    .where(ROW.id == bindparam("at_id"), ROW.state == "sending")
    .values(tries=ROW.tries + 1)
)
COUNT_DEAD = select(func.count()).select_from(OutboxRow).where(OutboxRow.state == "dead")
NEXT_DUE = select(func.min(ROW.next_at)).where(ROW.state.in_(WAITING))
ALREADY = (
    select(ROW.id)
    .where(ROW.coalesce == bindparam("name"), ROW.state.in_(WAITING))
    .limit(1)
    .with_for_update()
)
LAST_SHOWN = select(func.max(ROW.done_at)).where(
    ROW.coalesce == bindparam("name"), ROW.state == "done"
)
REST = (
    statements.update(OutboxRow)
    .where(
        ROW.coalesce
        == select(EARLIER.coalesce).where(EARLIER.id == bindparam("at_id")).scalar_subquery(),
        ROW.coalesce != "",
        ROW.state.in_(WAITING),
        ROW.next_at < bindparam("until"),
    )
    .values(next_at=bindparam("until"))
)
"""What was asked for while the view was being shown."""
STILL_WAITS = (
    select(ROW.id).where(ROW.key == bindparam("name"), ROW.state.in_(WAITING)).with_for_update()
)
WHOSE = select(ROW.holder, ROW.kind).where(ROW.id == bindparam("at_id"))


@cache
def claiming(lane: Lane, *, is_partial: bool) -> Any:  # noqa: ANN401  # a SELECT of the whole row
    query = (
        select(*statements.columns_of(OutboxRow))
        .where(ROW.state.in_(WAITING), ROW.next_at <= bindparam("at"), ~IS_BLOCKED)
        .order_by(ROW.rank, ROW.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )
    if lane.kinds:
        query = query.where(ROW.kind.in_([name_of(kind) for kind in lane.kinds]))
    if lane.conversation:
        query = query.where(ROW.conversation == lane.conversation)
    if is_partial:
        query = query.where(ROW.conversation.not_in(bindparam("without", expanding=True)))
    return query


@cache
def settling(states: tuple[str, ...], names: tuple[str, ...]) -> Any:  # noqa: ANN401  # an UPDATE that returns
    """Record how a delivery ended; what came to its end before stays as it is."""
    news: dict[str, Any] = {name: bindparam(f"to_{name}") for name in names}
    where = (ROW.id == bindparam("at_id"), ROW.state.in_(states))
    statement: Any = statements.update(OutboxRow).where(*where)
    statement = statement.values(lease_until=None, **news)
    return statement.returning(ROW.id, ROW.key)
