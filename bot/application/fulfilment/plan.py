"""The plan that approvers approve: what goes and what stays.

Until plans are reckoned from the sources of personal data, a request has a placeholder. Its hash
is stable, and differs between requests and between subjects, so that approvals are bound to it as
they will be to a real plan. This module is the one place that makes it.
"""

import hashlib

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import by_desk
from bot.domain.requests.execution_rules import PLANNED
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import PLANNING

_PLACEHOLDER = "placeholder-1"


def plan_hash(request: DataRequest) -> str:
    """SHA-256 of the plan, in hexadecimal."""
    plan = "\n".join((_PLACEHOLDER, request.id, request.kind, str(request.subject)))
    return hashlib.sha256(plan.encode()).hexdigest()


async def keep_plan(work: UnitOfWork, request: DataRequest) -> None:
    """A request that is decided on has its plan as it is now; another voids what was approved.

    Kinds that are fulfilled by hand have none.
    """
    if request.kind in PLANNED and request.state in PLANNING:
        request.make_plan(plan_hash(request), await by_desk(work))
