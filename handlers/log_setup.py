"""Logging: one JSON object a line, no personal data, no token, no raw newline.

python-telegram-bot's HTTP client logs the bot's token in URLs, and slack-bolt logs unsigned bodies:
both are kept at WARNING, and every line passes a filter that blanks whatever looks like a token.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime

SECRETS = re.compile(
    r"\d{6,}:[\w-]{20,}|xox[abeprs]-[\w-]+|xapp-[\w-]+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)
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


class JsonLines(logging.Formatter):
    """One line a record; an exception by its kind and place, not by its words."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": redact(record.getMessage()),
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
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)


def log(name: str, event: str, level: int = logging.INFO, **bound: object) -> None:
    """One event with its bound context: ids and counts only."""
    logging.getLogger(name).log(level, event, extra={"bound": bound})
