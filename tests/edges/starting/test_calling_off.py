"""A start that waits for a platform says so, and can be called off in good order."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from bot.application.ports.troubles import Trouble, TroubleKind
from handlers.runtime.lifecycle import SIGNALS, until_told, waiting_for
from handlers.runtime.trouble_board import TroubleBoard
from tests.edges.away import AWAY, LIVE
from tests.support.fakes.store import FakeClock


async def test_a_desk_that_waits_for_telegram_says_so_and_ends_in_good_order(tmp_path: Path):
    desk = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "handlers", "run"),
        cwd=tmp_path,
        env=os.environ | LIVE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        assert desk.stdout is not None
        said = await desk.stdout.readline()
        desk.terminate()
        _, errors = await desk.communicate()

    assert b"Waiting for Telegram at http://127.0.0.1:9" in said
    assert desk.returncode == 0
    assert b"Traceback" not in errors
    assert b"Aborted" not in errors


@pytest.mark.parametrize("number", SIGNALS)
async def test_each_signal_calls_the_start_off(number: signal.Signals):
    async def waits_for_ever() -> None:
        os.kill(os.getpid(), number)
        await asyncio.Event().wait()

    async with asyncio.timeout(60):
        await until_told(waits_for_ever())


async def test_a_start_that_fails_says_why():
    async def fails() -> None:
        raise ValueError("why")

    with pytest.raises(ValueError, match="why"):
        await until_told(fails())


async def test_a_platform_that_answers_at_once_is_not_spoken_of(
    capsys: pytest.CaptureFixture[str],
):
    with waiting_for("Slack", AWAY, patience_seconds=3600):
        await asyncio.sleep(0)

    assert capsys.readouterr().out == ""


async def test_a_password_in_an_address_is_not_shown(capsys: pytest.CaptureFixture[str]):
    with waiting_for("Slack", "https://me:secret@slack.example", patience_seconds=0):
        for _turn_of_the_loop in range(3):
            await asyncio.sleep(0)
    said = capsys.readouterr().out

    assert "slack.example" in said
    assert "secret" not in said


async def test_a_platform_that_the_start_waits_for_stands_on_the_board_until_it_answers(
    capsys: pytest.CaptureFixture[str],
):
    board = TroubleBoard(FakeClock())

    with waiting_for("Slack", AWAY, lambda: "ConnectError", troubles=board, patience_seconds=0):
        for _turn_of_the_loop in range(3):
            await asyncio.sleep(0)
        standing = [one.trouble for one in board.standing()]

    assert standing == [Trouble(kind=TroubleKind.PLATFORM, about="slack", error="ConnectError")]
    assert board.standing() == []
    assert "ConnectError" in capsys.readouterr().out
