"""A limiter over a store in memory."""

import pytest

from bot.domain.identity.limits import Limiter
from tests.support.fakes.people import FakeBudgets


@pytest.fixture
def limiter():
    return Limiter(FakeBudgets())
