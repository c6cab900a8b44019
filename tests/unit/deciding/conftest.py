"""A desk with three approvers and an agent."""

import pytest

from bot.domain.addresses import Role
from tests.support.builders.desk import Desk, a_desk, a_member


@pytest.fixture
async def desk() -> Desk:
    made = a_desk()
    for name in ("ayesha", "badrul", "champa"):
        await a_member(made, name, role=Role.APPROVER)
    await a_member(made, "bob")
    return made
