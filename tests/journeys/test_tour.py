"""`privacydesk tour` tells a whole ticket, or says where the desk got stuck."""

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.errors import Unavailable
from handlers.sandbox import tour, tour_scene


@asynccontextmanager
async def nobody_at_the_desk(_world):
    yield


async def test_a_desk_that_does_not_answer_is_named_at_the_step_it_got_stuck(monkeypatch):
    monkeypatch.setattr(tour_scene, "PATIENCE_SECONDS", 0.05)
    told: list[str] = []

    with pytest.raises(Unavailable) as stuck:
        await tour.play_tour(nobody_at_the_desk, told.append, check=bool)

    assert stuck.value.key == "tour.stuck"
    assert "asks what the privacy policy says" in str(stuck.value.params["step"])
    assert told[-1] == "   Nusrat  >  /start"


@pytest.mark.parametrize(
    ("played", "end"),
    [
        (["tour"], "That was a whole ticket"),
        (["tour", "--language", "bn"], "এটি ছিল একটি পুরো টিকিট"),
        (["tour", "erasure"], "That was a whole erasure"),
        (["tour", "erasure", "--language", "bn"], "একটি পুরো মুছে ফেলার অনুরোধ"),
    ],
)
async def test_a_tour_ends_well_with_the_real_desk(tmp_path, played, end):
    own = ("TELEGRAM_", "SLACK_", "SANDBOX", "DATABASE_URL", "SMTP_URL", "CLIENTS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    tour_command = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "handlers", *played),
        cwd=tmp_path,
        env=kept | {"PYTHONPATH": str(Path.cwd()), "REPLY_UNDO_SECONDS": "1"},
        stdout=asyncio.subprocess.PIPE,
    )

    told, _ = await tour_command.communicate()

    assert tour_command.returncode == 0
    assert end in told.decode()
