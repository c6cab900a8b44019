"""Reading one data map file: the whole of it, or every problem with its line."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.domain.errors import Refused
from bot.domain.fulfilment.plan import SourceKind
from bot.domain.identity.phones import DEFAULT_REGION
from storage.company.data_map import DEFAULT_SECONDS, DataMap, MappedTable
from storage.company.written_map.map_rules import hold_together
from storage.company.written_map.map_tables import read_tables
from storage.company.written_map.map_text import MOST_BYTES, Problems, Value, parse_map

TESTED = ("sqlite", "postgresql", "mysql", "mariadb")
_KEYS = (
    "name",
    "url",
    "phone_region",
    "timeout_seconds",
    "untested",
    "defaults",
    "ignored",
    "tables",
)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_REGION = re.compile(r"[A-Z]{2}")
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LONGEST_SECONDS = 3600
TAKEN = frozenset(one.value for one in SourceKind) - {SourceKind.COMPANY}
"""Names of the desk's own sources."""


def read_map(
    path: Path, environment: Mapping[str, str], *, untested: bool = False
) -> tuple[DataMap | None, Problems]:
    """The map, or None where something is wrong with it; and all that is.

    `environment`: what `${NAME}` in the address stands for. `untested`: any database is taken.
    """
    problems = Problems(str(path))
    raw = _bytes_of(path, problems)
    if raw is None:
        return None, problems
    try:
        root = parse_map(raw.decode("utf-8-sig"), problems)
    except UnicodeDecodeError:
        problems.add(0, "not_utf8")
        return None, problems
    if root is None:
        return None, problems
    version = hashlib.sha256(raw).hexdigest()
    return _MapFile(root, problems, environment, is_free=untested).read(version), problems


def _bytes_of(path: Path, problems: Problems) -> bytes | None:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        problems.add(0, "cannot_read", why=error.strerror or "")
        return None
    if len(raw) > MOST_BYTES:
        problems.add(0, "too_large")
        return None
    return raw


def with_references(text: str, environment: Mapping[str, str]) -> str:
    """The address with what each `${NAME}` stands for; what is not set stays as it is written."""
    return _REFERENCE.sub(lambda found: environment.get(found[1]) or found[0], text)


def reference_in(text: str) -> str:
    """The first name that stands for a part of the address; empty: none does."""
    found = _REFERENCE.search(text)
    return found[1] if found else ""


def backend_of(url: str) -> str:
    """Which kind of database. Raises Refused: it is no address."""
    try:
        name = make_url(url).drivername.partition("+")[0]
    except (ArgumentError, ValueError):
        raise Refused("data_map.url_malformed") from None
    return "postgresql" if name == "postgres" else name


class _MapFile:
    """A map on its way from text."""

    def __init__(
        self, root: Value, problems: Problems, environment: Mapping[str, str], *, is_free: bool
    ) -> None:
        self._root = root
        self._problems = problems
        self._environment = environment
        self._is_free = is_free

    def read(self, version: str) -> DataMap | None:
        values = self._root.entries(_KEYS)
        if "untested" in values:
            self._is_free = values["untested"].flag() or self._is_free
        region = self._region(values.get("phone_region"))
        tables = self._tables(values)
        data_map = DataMap(
            file=self._problems.file,
            version=version,
            name=self._name(values.get("name")),
            url=self._url(values.get("url")),
            tables=tables,
            region=region,
            seconds=self._seconds(values.get("timeout_seconds")),
            untested=self._is_free,
            ignored=self._ignored(values.get("ignored")),
            line=self._root.line,
        )
        hold_together(data_map, self._problems)
        is_whole = all(one.is_doubt for one in self._problems.found)
        return data_map if is_whole else None

    def _tables(self, values: Mapping[str, Value]) -> dict[str, MappedTable]:
        if "tables" not in values:
            self._root.say("missing", name="tables")
            return {}
        return read_tables(values["tables"], values.get("defaults"))

    def _ignored(self, value: Value | None) -> dict[str, str]:
        given = value.entries() if value is not None else {}
        for name, one in given.items():
            if not one.text():
                one.say("ignored_without_reason", table=name)
        return {name: one.text() for name, one in given.items()}

    def _name(self, value: Value | None) -> str:
        if value is None:
            self._root.say("missing", name="name")
            return ""
        name = value.text()
        if not _NAME.fullmatch(name):
            value.say("bad_name", given=name)
        elif name in TAKEN:
            value.say("name_taken", given=name)
        return name

    def _region(self, value: Value | None) -> str:
        if value is None:
            return DEFAULT_REGION
        region = value.text().upper()
        if not _REGION.fullmatch(region):
            value.say("bad_region", given=region)
        return region

    def _seconds(self, value: Value | None) -> int:
        if value is None:
            return DEFAULT_SECONDS
        seconds = value.number()
        if not 1 <= seconds <= _LONGEST_SECONDS:
            value.say("bad_seconds", most=_LONGEST_SECONDS)
        return seconds

    def _url(self, value: Value | None) -> str:
        if value is None:
            self._root.say("missing", name="url")
            return ""
        written = value.text()
        missing = [name for name in _REFERENCE.findall(written) if not self._environment.get(name)]
        for name in missing:
            value.say("url_unset", name=name)
        if missing:
            return ""
        url = with_references(written, self._environment)
        self._look_at_url(value, written, url)
        return url

    def _look_at_url(self, value: Value, written: str, url: str) -> None:
        try:
            parts = make_url(url)
        except (ArgumentError, ValueError):
            value.say("url_malformed")
            return
        if not _REFERENCE.search(written) and parts.password:
            value.say("url_password")
        backend = backend_of(url)
        if backend not in TESTED and not self._is_free:
            value.say("url_unknown", driver=backend, known=", ".join(TESTED))
        if backend == "sqlite" and parts.database in (None, "", ":memory:"):
            value.say("url_without_file")
