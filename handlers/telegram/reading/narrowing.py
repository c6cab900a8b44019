"""What is taken from an update's JSON: of the type that is wanted, else nothing."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

Json = Mapping[str, Any]
NOTHING: Json = {}
LAST_SECOND = 253_402_300_799
"""The end of the year 9999."""


def text_of(holder: Json, name: str) -> str:
    found = holder.get(name)
    return found if isinstance(found, str) else ""


def object_of(holder: Json, name: str) -> Json:
    found = holder.get(name)
    return found if isinstance(found, dict) else NOTHING


def objects_of(holder: Json, name: str) -> list[Json]:
    found = holder.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def number_of(holder: Json, name: str) -> int | None:
    """A whole number; what the wire calls true is none."""
    found = holder.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def id_of(holder: Json, name: str) -> str:
    """An id as the desk keeps it; empty: there is none."""
    found = number_of(holder, name)
    return "" if found is None else str(found)


def moment_of(holder: Json, name: str) -> datetime | None:
    found = number_of(holder, name)
    if found is None or not 0 <= found <= LAST_SECOND:
        return None
    return datetime.fromtimestamp(found, UTC)


def name_of(holder: Json) -> str:
    """Of a user or a chat: the name, or the title."""
    names = (text_of(holder, "first_name"), text_of(holder, "last_name"))
    username = text_of(holder, "username")
    return (
        " ".join(filter(None, names))
        or text_of(holder, "title")
        or (f"@{username}" if username else "")
    )


TECHNICAL = ("id", "type", "hash", "file_path", "thumbnail", "cover", "emoji_id", "credentials")
TECHNICAL_ENDS = ("_id", "_ids", "_type", "_hash", "_payload", "_code", "_codes")


def words_in(found: object) -> Iterator[str]:
    """Every text that something holds, at whatever depth; ids and types are none."""
    waiting = [found]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, str) and one.strip():
            yield one.strip()
        elif isinstance(one, list):
            waiting[:0] = one
        elif isinstance(one, dict):
            waiting[:0] = [value for name, value in one.items() if not _is_technical(str(name))]


def _is_technical(name: str) -> bool:
    return name in TECHNICAL or name.endswith(TECHNICAL_ENDS)
