"""`privacydesk tour` tells a whole ticket, or says where the desk got stuck."""

from contextlib import asynccontextmanager

import pytest

from bot.errors import Unavailable
from handlers.sandbox import tour


@asynccontextmanager
async def nobody_at_the_desk(_world):
    yield


async def test_a_desk_that_does_not_answer_is_named_at_the_step_it_got_stuck(monkeypatch):
    monkeypatch.setattr(tour, "PATIENCE_SECONDS", 0.05)
    told: list[str] = []

    with pytest.raises(Unavailable) as stuck:
        await tour.play_tour(nobody_at_the_desk, told.append)

    assert stuck.value.key == "tour.stuck"
    assert "asks what the privacy policy says" in str(stuck.value.params["step"])
    assert told[-1] == "   Nusrat  >  /start"
