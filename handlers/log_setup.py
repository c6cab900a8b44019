"""Logging: one JSON object a line, no personal data, no token, no raw newline.

python-telegram-bot's HTTP client logs the bot's token in URLs, and slack-bolt logs unsigned bodies:
both are kept at WARNING, and every line passes a filter that blanks whatever looks like a token.
"""

import json
import logging
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO

SECRETS = re.compile(
    r"\d{6,}:[\w-]{20,}|xox[abeprs]-[\w-]+|xapp-[\w-]+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)
STRANGERS = ("asyncio", "aiohttp.", "handlers.runtime.http_door")
"""What strangers at the HTTP port can cause is said once a minute; all other errors ten times."""
LINES_A_MINUTE = 10
MINUTE = 60.0
DIGITS = re.compile(r"\d+")
KEY_LENGTH, KEYS = 120, 100
LONGEST = 1_000
"""Characters of what a line says."""
LOUD = (
    "alembic",
    "httpx",
    "httpcore",
    "slack_bolt",
    "slack_sdk",
    "telegram",
    "aiohttp.access",
    "mail.log",
)


def redact(text: str) -> str:
    """Blank what looks like a token or a password."""
    return SECRETS.sub("[redacted]", text)


class FewErrors(logging.StreamHandler[TextIO]):
    """No error can grow the log without bound: what repeats is counted, and said once a minute.

    An error is what is a warning or worse, has an exception, or says `error`; the same one is what
    has the same origin and words. `repeated` then says how many lines were left out.
    """

    def __init__(self, stream: TextIO, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._now = now
        self._seen: dict[tuple[str, str], Repeats] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self._tell_of_left_out()
        if not is_error(record) or self._is_due(record):
            super().emit(record)

    def close(self) -> None:
        self._tell_of_left_out(is_over=True)
        super().close()

    def _is_due(self, record: logging.LogRecord) -> bool:
        said = DIGITS.sub("#", str(record.msg)[:KEY_LENGTH].partition("\n")[0])
        key = (record.name, said)
        if key not in self._seen and len(self._seen) >= KEYS:
            key = (record.name, "")
        seen = self._seen.setdefault(key, Repeats(record, self._now() + MINUTE))
        seen.times += 1
        return seen.times <= allowed_of(record.name)

    def _tell_of_left_out(self, *, is_over: bool = False) -> None:
        """Of each minute that is over; `is_over`: of all."""
        now = self._now()
        for key in [key for key, one in self._seen.items() if is_over or one.until <= now]:
            one = self._seen.pop(key)
            left_out = one.times - allowed_of(one.first.name)
            if left_out > 0:
                super().emit(_left_out(one, left_out))


@dataclass
class Repeats:
    """One error, and how often it came within a minute."""

    first: logging.LogRecord
    until: float
    times: int = 0


def allowed_of(name: str) -> int:
    """Lines a minute of one error."""
    return 1 if name.startswith(STRANGERS) else LINES_A_MINUTE


def is_error(record: logging.LogRecord) -> bool:
    says_so = "error" in getattr(record, "bound", {})
    return record.levelno >= logging.WARNING or bool(record.exc_info) or says_so


def _left_out(one: Repeats, times: int) -> logging.LogRecord:
    first = one.first
    record = logging.LogRecord(first.name, first.levelno, "", 0, "repeated", None, None)
    said = redact(first.getMessage()).partition("\n")[0][:KEY_LENGTH]
    record.__dict__["bound"] = {"what": said, "left_out": times}
    return record


class JsonLines(logging.Formatter):
    """One line a record; an exception by its kind and place, not by its words."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": redact(record.getMessage())[:LONGEST],
        }
        line |= getattr(record, "bound", {})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=False, default=str)


def _where(record: logging.LogRecord) -> str:
    trace = record.exc_info[2] if record.exc_info else None
    places: list[str] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places[-6:])


def set_up_logs(level: str) -> None:
    """Log to standard error; quiet the libraries that would say too much."""
    handler = FewErrors(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)


def log(name: str, event: str, level: int = logging.INFO, **bound: object) -> None:
    """One event with its bound context: ids and counts only."""
    logging.getLogger(name).log(level, event, extra={"bound": bound})
