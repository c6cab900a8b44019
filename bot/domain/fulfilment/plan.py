"""The plan of an erasure or a copy: what goes, what stays, under which law; and when it is another.

A plan is a value: the same data and maps give the same one. Its hash, which approvers approve,
covers sources, maps, tables, columns, actions, laws and how many subjects were found. Counts are
shown and not hashed: the talk of a request itself grows while it is decided on.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class SourceKind(StrEnum):
    """What kind of place a source is; they are carried out in this order."""

    COMPANY = "company"  # a database of the company, by its data map
    SLACK = "slack"  # the desk's own posts and files there
    TELEGRAM = "telegram"  # the bot's messages of the last 48 hours
    FILES = "files"  # what the desk wrote beside its store
    MANUAL = "manual"  # a person does it and ticks it off
    DESK = "desk"  # the desk's own store, last of all: its keys are destroyed there


class PlanAction(StrEnum):
    """What becomes of rows."""

    DELETE = "delete"
    MASK = "mask"  # personal columns are overwritten; the row stays
    NULL = "null"  # personal columns are emptied; the row stays
    KEEP = "keep"  # a law keeps the row; it is erased when that lapses
    COPY = "copy"  # an access request: what the copy holds
    BY_HAND = "by_hand"  # a named person does it, and says so
    STATED = "stated"  # it cannot be erased by anybody here; the certificate says so


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """One thing that happens in one place."""

    place: str
    """A table of a company database, or a name of the registry of places."""
    action: PlanAction
    columns: tuple[str, ...] = ()
    law: str = ""
    """Of KEEP: which rule of `retention.toml`, or the map's own."""
    until: datetime | None = None
    """Of KEEP: when the last of the rows lapses."""
    rows: int = 0
    """How many there are now: shown, never hashed."""
    called: tuple[tuple[str, str], ...] = ()
    """What a data map calls the place, by language: shown, never hashed."""

    @property
    def decides(self) -> tuple[str, ...]:
        """What the hash covers of it."""
        return (self.place, self.action.value, self.law, *self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePlan:
    """What happens in one source."""

    source: str
    kind: SourceKind
    version: str = ""
    """Of the data map: its SHA-256; empty: the desk's own places, which its release knows."""
    subjects: int = 0
    """As how many people the subject was found there; two: somebody must look."""
    items: tuple[PlanItem, ...] = ()

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.items)

    @property
    def keeps_until(self) -> datetime | None:
        """When the last of the kept rows lapses; None: no law keeps anything."""
        return max((one.until for one in self.items if one.until), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What happens in all sources, in the order in which it is carried out."""

    about: str = ""
    """Which request, and whose data: two never share a plan."""
    sources: tuple[SourcePlan, ...] = ()
    revision: int = 0
    """One more each time a company's rows grew beyond `has_grown` since somebody approved."""

    @property
    def hash(self) -> str:
        """SHA-256 of all that decides, in hexadecimal."""
        said = [
            (one.source, one.kind.value, one.version, one.subjects, sorted(_decides(one)))
            for one in sorted(self.sources, key=lambda one: one.source)
        ]
        whole = json.dumps([self.about, self.revision, said], ensure_ascii=True)
        return hashlib.sha256(whole.encode()).hexdigest()

    def of(self, source: str) -> SourcePlan | None:
        return next((one for one in self.sources if one.source == source), None)

    @property
    def keeps_until(self) -> datetime | None:
        return max((one.keeps_until for one in self.sources if one.keeps_until), default=None)


class DriftKind(StrEnum):
    """How a plan differs from the one that was approved."""

    PLACE_ADDED = "place_added"
    PLACE_GONE = "place_gone"
    ACTION = "action"
    SUBJECTS = "subjects"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference; `place` names where, never a person."""

    kind: DriftKind
    source: str
    place: str = ""
    was: str = ""
    now: str = ""


MOST_MORE_ROWS = 20
MOST_MORE_PERCENT = 10


def has_grown(was: int, now: int) -> bool:
    """Whether so many more rows of a company were found that somebody must look again.

    The one rule of growth: more than 20 rows and more than a tenth of what was approved.
    """
    return now - was > max(MOST_MORE_ROWS, was * MOST_MORE_PERCENT // 100)


def drift(approved: Plan, now: Plan) -> tuple[Drift, ...]:
    """What voids the approvals; nothing where only the desk's own talk has grown."""
    names = dict.fromkeys(one.source for one in (*approved.sources, *now.sources))
    return tuple(found for name in names for found in _drift(name, approved.of(name), now.of(name)))


def as_copy(plan: Plan) -> Plan:
    """The same places, of which a copy is made and nothing goes."""
    return replace(plan, sources=tuple(replace(one, items=_copied(one)) for one in plan.sources))


def _copied(source: SourcePlan) -> tuple[PlanItem, ...]:
    rows: dict[str, int] = {}
    for item in source.items:
        rows[item.place] = rows.get(item.place, 0) + item.rows
    return tuple(
        PlanItem(place=one, action=PlanAction.COPY, rows=count) for one, count in rows.items()
    )


def _drift(name: str, was: SourcePlan | None, now: SourcePlan | None) -> Iterator[Drift]:
    if was is None or now is None:
        yield Drift(DriftKind.PLACE_GONE if now is None else DriftKind.PLACE_ADDED, name)
        return
    before, after = set(_decides(was)), set(_decides(now))
    places_before, places_after = {one[0] for one in before}, {one[0] for one in after}
    for place in sorted(places_after - places_before):
        yield Drift(DriftKind.PLACE_ADDED, name, place)
    for place in sorted(places_before - places_after):
        yield Drift(DriftKind.PLACE_GONE, name, place)
    changed = {one[0] for one in before ^ after} & places_before & places_after
    for place in sorted(changed):
        yield Drift(DriftKind.ACTION, name, place)
    if was.version != now.version and not before ^ after:
        yield Drift(DriftKind.ACTION, name)
    if was.subjects != now.subjects:
        yield Drift(DriftKind.SUBJECTS, name, was=str(was.subjects), now=str(now.subjects))
    if now.kind is SourceKind.COMPANY and has_grown(was.rows, now.rows):
        yield Drift(DriftKind.ROWS, name, was=str(was.rows), now=str(now.rows))


def _decides(source: SourcePlan) -> list[tuple[str, ...]]:
    return [one.decides for one in source.items]
