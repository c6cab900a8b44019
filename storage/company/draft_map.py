"""A first data map of a database, its reasons and doubts as comments: for a person to finish."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from sqlalchemy import URL, types

from bot.domain.addresses import Language
from bot.domain.fulfilment.plan import SourceKind
from bot.wording import say
from storage.company.personal_names import is_company_number, personal_kind, table_kind
from storage.company.shape import ForeignKey, Shape, TableShape

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[ .][A-Za-z0-9_]+)*")
_NOT_PLAIN = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_VAT, _LOGS = "bd-vat-2012", "bd-btrc-isp-2020"
_DATE_WORDS = re.compile(r"date|_at$|time|start|issued|paid|created", re.IGNORECASE)
_TAKEN = frozenset(SourceKind)
_SAID = ("people", "books", "connections", "talk", "services", "places")


@dataclass
class _Draft:
    """One table, as far as it is guessed."""

    table: TableShape
    ways: list[ForeignKey] = field(default_factory=list[ForeignKey])
    """Over which it is found; reversed where its own rows are pointed to."""
    doubts: list[str] = field(default_factory=list[str])
    detach: list[str] = field(default_factory=list[str])
    finders: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    retention: list[str] = field(default_factory=list[str])

    @property
    def personal(self) -> list[str]:
        found = {one for columns in self.finders.values() for one in columns}
        keys = {one for key in self.ways for one in (*key.columns, *key.parent_columns)}
        named = [one for one in self.table.columns if one not in {*found, *keys}]
        named = [one for one in named if one not in self.table.primary_key]
        named = [one for one in named if not self.table.columns[one].is_generated]
        return [one for one in named if personal_kind(one) or self._is_of_a_person(one)]

    def _is_of_a_person(self, column: str) -> bool:
        """Whatever is written of a person in words is theirs; codes and states are not words."""
        shape = self.table.columns[column]
        is_words = isinstance(shape.type, types.String) and not isinstance(shape.type, types.Enum)
        return is_words and table_kind(self.table.name) == "people"


def draft_map(shape: Shape, url: URL, *, written: str = "") -> str:
    """YAML that `sources check` reads.

    `written`: the address as it is to stand there, with names in place of what is secret.
    """
    return "\n".join(_Guess(shape, url, written).lines()) + "\n"


class _Guess:
    """What can be told of a database by its names and keys alone."""

    def __init__(self, shape: Shape, url: URL, written: str) -> None:
        self._shape = shape
        self._url = url
        self._as_written = written
        self._tables = {name: one for name, one in shape.tables.items() if not one.is_view}
        self._staff = {one for one in self._tables if table_kind(one) == "staff"}
        self._drafts: dict[str, _Draft] = {}
        self._guess()

    def lines(self) -> Iterator[str]:
        yield f"# {say('draft_map.head')}"
        yield f"# {say('draft_map.next')}"
        name = _name_of(self._url)
        yield f"name: {name}"
        yield from self._address(name)
        yield f"phone_region: BD  # {say('draft_map.region')}"
        yield from self._ignored()
        yield "tables:" if self._drafts else f"tables: {{}}  # ? {say('draft_map.no_people')}"
        for draft in self._drafts.values():
            yield from (f"  {line}" if line else "" for line in _written(draft))
        yield from self._unconnected()

    def _address(self, name: str) -> Iterator[str]:
        if self._as_written:
            yield f"url: {self._as_written}"
        elif self._url.password:
            yield f"url: ${{{name.upper().replace('-', '_')}_URL}}  # {say('draft_map.address')}"
        else:
            yield f"url: {_quoted(self._url.render_as_string(hide_password=False))}"

    def _ignored(self) -> Iterator[str]:
        if self._staff:
            yield "ignored:"
        for name in sorted(self._staff):
            yield f"  {_quoted(name)}: {say('draft_map.staff')}  # ? {say('draft_map.staff_doubt')}"

    def _unconnected(self) -> Iterator[str]:
        for name, table in self._tables.items():
            looks = [one for one in table.columns if personal_kind(one)]
            if looks and name not in self._drafts and name not in self._staff:
                yield f"  # ? {say('draft_map.unconnected', table=name, columns=', '.join(looks))}"

    def _guess(self) -> None:
        self._people()
        waiting = list(self._drafts)
        while waiting:
            parent = waiting.pop(0)
            for key in [*self._onto(parent), *self._from(parent)]:
                name = key.child
                if name not in self._drafts:
                    self._drafts[name] = _Draft(self._tables[name], [key])
                    waiting.append(name)
                else:
                    self._second_key(self._drafts[name], key)
        for draft in self._drafts.values():
            self._find(draft)
            self._retain(draft)

    def _people(self) -> None:
        """Tables with an address or number to find somebody by, and named as people are."""
        found = [one for one in self._tables.values() if _contacts(one)]
        people = [one for one in found if table_kind(one.name) == "people"]
        others = [one for one in found if one.name not in self._staff]
        for table in people or others[:1]:
            self._drafts[table.name] = _Draft(table)

    def _onto(self, parent: str) -> list[ForeignKey]:
        keys = self._shape.onto(parent)
        own = [one for one in keys if one.child == parent]
        others = [one for one in keys if one.child != parent and one.child not in self._staff]
        return [one for one in (*others, *own) if one.child in self._tables]

    def _from(self, child: str) -> list[ForeignKey]:
        """Tables that a found row points to, where they hold something personal themselves."""
        keys = [one for one in self._shape.foreign_keys if one.child == child]
        return [
            ForeignKey(
                child=one.parent,
                columns=one.parent_columns,
                parent=child,
                parent_columns=one.columns,
                on_delete=_BACK,
            )
            for one in keys
            if one.parent in self._tables
            and one.parent not in {*self._staff, *self._drafts}
            and any(map(personal_kind, self._tables[one.parent].columns))
        ]

    def _second_key(self, draft: _Draft, key: ForeignKey) -> None:
        """A row may hang on the same table twice, or on its own kind."""
        is_known = any((key.parent, key.columns) == (one.parent, one.columns) for one in draft.ways)
        if is_known or key.on_delete == _BACK:
            return
        is_second = key.parent in {one.parent for one in draft.ways}
        is_second = is_second or self._leads(key.parent, key.child)
        columns = [draft.table.columns[one] for one in key.columns]
        if is_second and all(one.is_nullable for one in columns):
            draft.detach += [one for one in key.columns if one not in draft.detach]
            columns_said = ", ".join(key.columns)
            draft.doubts.append(say("draft_map.detached", columns=columns_said, table=key.parent))
        elif not is_second:
            draft.ways.append(key)

    def _leads(self, name: str, to: str) -> bool:
        """Whether rows of a table are found over that other one: the way back would be a circle."""
        if name == to:
            return True
        ways = self._drafts[name].ways if name in self._drafts else []
        return any(self._leads(one.parent, to) for one in ways)

    def _find(self, draft: _Draft) -> None:
        table = draft.table
        for kind in ("email", "phone", "name"):
            columns = [one for one in table.columns if personal_kind(one) == kind]
            columns = [one for one in columns if table.columns[one].is_text or kind == "phone"]
            is_own = not draft.ways or table_kind(table.name) == "people"
            if columns and is_own:
                draft.finders[kind] = columns
        if not draft.ways:
            number = _number_of(table)
            if number:
                draft.finders = {"external_id": [number], **draft.finders}
                draft.doubts.append(say("draft_map.external_id", column=number))

    def _retain(self, draft: _Draft) -> None:
        kind = table_kind(draft.table.name)
        law = {"books": _VAT, "connections": _LOGS}.get(kind)
        anchor = _date_of(draft.table)
        held = [one for one in draft.ways if self._is_held(one.parent)]
        if held and not anchor:
            draft.retention = [f"with: {_quoted(held[0].parent)}"]
            draft.doubts.append(say("draft_map.kept_with", table=held[0].parent))
        elif law and anchor and draft.ways:
            draft.retention = [f"law: {law}", f"anchor: {_quoted(anchor)}"]
            draft.doubts.append(say("draft_map.law", law=law, column=anchor))

    def _is_held(self, name: str) -> bool:
        return name in self._drafts and bool(self._drafts[name].retention)


_BACK = "BACK"
"""Of a key that is followed from the row that is pointed to."""


def _written(draft: _Draft) -> Iterator[str]:
    yield ""
    yield f"{_quoted(draft.table.name)}:"
    for doubt in draft.doubts:
        yield f"  # ? {doubt}"
    yield "  find:"
    for kind, columns in draft.finders.items():
        yield f"    {kind}: {_listed(columns)}"
    if draft.ways:
        yield from _ways(draft)
    if draft.personal:
        yield f"  personal: {_listed(draft.personal)}  # {say('draft_map.personal')}"
    yield f"  action: delete  # {say('draft_map.action')}"
    if draft.retention:
        yield "  retention:"
        yield from (f"    {one}" for one in draft.retention)
        yield f"    minimise: {_listed(draft.personal)}  # {say('draft_map.minimise')}"
    if draft.detach:
        yield f"  detach: {_listed(draft.detach)}"
    yield from _said(table_kind(draft.table.name))


def _ways(draft: _Draft) -> Iterator[str]:
    """One way is enough; whoever is found over any of them is found."""
    yield "    via:"
    for key in draft.ways:
        first = True
        for own, their in zip(key.columns, key.parent_columns, strict=True):
            mark = "-" if first else " "
            yield f"      {mark} {_quoted(own)}: {_quoted(f'{key.parent}.{their}')}"
            first = False


def _said(kind: str) -> Iterator[str]:
    known = kind if kind in _SAID else "other"
    for what in ("category", "purpose"):
        words = [
            f"{one.value}: {_quoted(say(f'draft_map.{what}_{known}', one))}" for one in Language
        ]
        doubt = f"  # ? {say('draft_map.said')}" if what == "purpose" else ""
        yield f"  {what}: {{{', '.join(words)}}}{doubt}"


def _contacts(table: TableShape) -> bool:
    return any(personal_kind(one) in ("email", "phone") for one in table.columns)


def _number_of(table: TableShape) -> str:
    """The company's own number of a client: a unique column of such a name, else the key."""
    key = table.primary_key[0] if len(table.primary_key) == 1 else ""
    named = [
        one.name
        for one in table.columns.values()
        if one.is_unique and is_company_number(one.name, table.name)
    ]
    codes = [one for one in named if one != key]
    return (codes or named or [key])[0]


def _date_of(table: TableShape) -> str:
    dates = [
        one.name
        for one in table.columns.values()
        if isinstance(one.type, types.Date | types.DateTime) or _DATE_WORDS.search(one.name)
    ]
    dates = [one for one in dates if personal_kind(one) != "birth"]
    dates = [one for one in dates if not table.columns[one].is_nullable] or dates
    return next(iter(dates), "")


def _name_of(url: URL) -> str:
    bare = PurePath(str(url.database or "")).stem.lower()
    name = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:32]
    is_free = name[:1].isalpha() and name not in _TAKEN
    return name if is_free else f"company-{name}"[:32].rstrip("-")


def _listed(columns: list[str]) -> str:
    return f"[{', '.join(map(_quoted, columns))}]"


def _quoted(text: str) -> str:
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN
    return text if is_plain else json.dumps(text, ensure_ascii=False)
