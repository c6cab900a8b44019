"""No error grows the log without bound, whatever repeats it; what was left out is said."""

import itertools
import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest

from handlers.log_setup import LINES_A_MINUTE, FewErrors, JsonLines, log

MINUTE = 60.0
TIMES = 5_000


class Written:
    """The desk's log, and a clock for it."""

    def __init__(self) -> None:
        self.at = 0.0
        self._stream = StringIO()
        self.handler = FewErrors(self._stream, lambda: self.at)
        self.handler.setFormatter(JsonLines())

    @property
    def size(self) -> int:
        return len(self._stream.getvalue())

    def events(self) -> list[str]:
        return [str(one["event"]) for one in self.lines()]

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self._stream.getvalue().splitlines()]


@pytest.fixture
def written() -> Iterator[Written]:
    made, root = Written(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:], root.level = [made.handler], logging.INFO
    yield made
    root.handlers[:], root.level = handlers, level


def test_an_error_that_repeats_is_counted_and_said_once_a_minute(written: Written):
    for _ in range(TIMES):
        log("handlers.telegram.polling", "poll_failed", logging.WARNING, error="Conflict")
    written.at += MINUTE
    log("handlers.telegram.polling", "desk_running")

    repeated = written.lines()[LINES_A_MINUTE]
    assert written.events() == ["poll_failed"] * LINES_A_MINUTE + ["repeated", "desk_running"]
    assert (repeated["what"], repeated["left_out"]) == ("poll_failed", TIMES - LINES_A_MINUTE)
    assert repeated["level"] == "warning"


@pytest.mark.parametrize("name", ["asyncio", "aiohttp.server", "handlers.runtime.http_door"])
def test_what_strangers_cause_is_said_once_a_minute(name: str, written: Written):
    for number in range(1_000):
        written.at += 0.01
        logging.getLogger(name).error("Too many open files\nsocket: fd=%s", number)
    written.handler.close()

    assert written.events()[1:] == ["repeated"]
    assert written.lines()[1]["left_out"] == 999


def test_an_error_with_numbers_of_its_own_is_the_same_error(written: Written):
    for number in range(TIMES):
        log("handlers.slack.edge", "refused", logging.ERROR, ticket=number, error=f"code_{number}")
    written.handler.close()

    assert len(written.events()) == LINES_A_MINUTE + 1


def test_words_that_differ_each_time_do_not_grow_it_either(written: Written):
    for letters in itertools.product("abcdefghij", repeat=4):
        logging.getLogger("somebodys_library").error("".join((*letters, "x" * 10_000)))

    assert written.size < 1_000_000


def test_an_exception_that_repeats_is_an_error_at_any_level(written: Written):
    for _ in range(1_000):
        logging.getLogger("somebodys_library").info("odd", exc_info=ValueError("why"))
    for _ in range(1_000):
        log("handlers.slack.client", "courtesy_failed", error="not_in_channel")

    assert len(written.events()) == 2 * LINES_A_MINUTE


def test_what_is_no_error_is_said_each_time(written: Written):
    for number in range(100):
        log("handlers.telegram.updates", "update_handled", route="ticket", update=number)

    assert written.events() == ["update_handled"] * 100


def test_in_the_next_minute_it_is_said_again(written: Written):
    for _ in range(3):
        for _ in range(50):
            log("handlers.telegram.polling", "poll_failed", logging.WARNING)
        written.at += MINUTE

    assert written.events().count("poll_failed") == 3 * LINES_A_MINUTE
    assert written.events().count("repeated") == 2


def test_what_one_line_says_has_an_end(written: Written):
    logging.getLogger("somebodys_library").error("x" * 1_000_000)

    assert written.size < 3_000
