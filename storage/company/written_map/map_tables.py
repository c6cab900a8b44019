"""Reading the tables of a data map."""

from collections.abc import Mapping, Sequence

from bot.domain.fulfilment.plan import PlanAction
from bot.domain.fulfilment.retention import NO_LAW, RetentionRule, kept_for, retention_rules
from storage.company.data_map import (
    MAPPED_ACTIONS,
    Finders,
    KeptWith,
    MappedTable,
    RowsKept,
    SaidOfTable,
    Way,
)
from storage.company.written_map.map_text import Value, nearest

_SAID = ("category", "purpose", "origin", "recipients", "legal_basis")
_KEYS = (
    "key",
    "find",
    "personal",
    "action",
    "mask",
    "retention",
    "detach",
    "person",
    "not_personal",
    *_SAID,
)
_FIND = ("external_id", "email", "phone", "name", "via")
_RETENTION = ("law", "anchor", "with", "minimise", "years", "months", "days")
_LENGTHS = ("years", "months", "days")
_LANGUAGES = ("en", "bn")


def read_tables(tables: Value, defaults: Value | None) -> dict[str, MappedTable]:
    """Every table by name; what is wrong goes to the values' own list."""
    fallback = defaults.entries(_SAID) if defaults is not None else {}
    entries = tables.entries()
    if not entries and not tables.problems.found:
        tables.say("no_tables")
    return {name: _TableText(name, value, fallback).read() for name, value in entries.items()}


class _TableText:
    """One table on its way from text."""

    def __init__(self, name: str, value: Value, fallback: Mapping[str, Value]) -> None:
        self._name = name
        self._value = value
        self._given = {**fallback, **value.entries(_KEYS)}
        self._lines: dict[str, int] = {}

    def read(self) -> MappedTable:
        return MappedTable(
            name=self._name,
            found_by=self._found_by(),
            action=self._action(),
            key=self._columns(self._given.get("key")),
            personal=self._columns(self._given.get("personal")),
            masks=self._masks(),
            kept=self._kept(),
            kept_with=self._kept_with(),
            detach=self._columns(self._given.get("detach")),
            is_person=self._given["person"].flag() if "person" in self._given else None,
            not_personal=self._columns(self._given.get("not_personal")),
            said=self._said(),
            line=self._value.line,
            lines=self._lines,
        )

    def _columns(self, value: Value | None) -> tuple[str, ...]:
        named = [(one.text(), one.line) for one in value.names()] if value is not None else []
        for column, line in named:
            self._lines.setdefault(column, line)
        return tuple(dict.fromkeys(column for column, _ in named if column))

    def _action(self) -> PlanAction:
        value = self._given.get("action")
        known = [one.value for one in MAPPED_ACTIONS]
        if value is None:
            self._value.say("missing_action", table=self._name, known=", ".join(known))
            return PlanAction.DELETE
        given = value.text().lower()
        if given not in known:
            meant = nearest(given, known) or known[0]
            value.say("unknown_action", given=given, known=", ".join(known), meant=meant)
            return PlanAction.DELETE
        return PlanAction(given)

    def _found_by(self) -> Finders:
        value = self._given.get("find")
        if value is None:
            self._value.say("no_finder", table=self._name)
            return Finders()
        given = value.entries(_FIND)
        found = Finders(
            external_id=self._columns(given.get("external_id")),
            email=self._columns(given.get("email")),
            phone=self._columns(given.get("phone")),
            name=self._columns(given.get("name")),
            ways=self._ways(given["via"]) if "via" in given else (),
        )
        if not found.columns and not found.ways and "via" not in given:
            value.say("name_alone" if found.name else "no_finder", table=self._name)
        return found

    def _ways(self, value: Value) -> tuple[Way, ...]:
        listed = value.names() if value.is_list else [value]
        return tuple(way for one in listed for way in self._way(one))

    def _way(self, value: Value) -> list[Way]:
        pairs: dict[str, list[tuple[str, str]]] = {}
        for own, target in value.entries().items():
            table, _, column = target.text().rpartition(".")
            if not table or not column:
                target.say("bad_way", own=own, given=target.text())
                continue
            self._lines.setdefault(own, target.line)
            pairs.setdefault(table, []).append((own, column))
        return [
            Way(table=table, columns=tuple(both), line=value.line) for table, both in pairs.items()
        ]

    def _masks(self) -> dict[str, str]:
        value = self._given.get("mask")
        if value is None:
            return {}
        given = value.entries()
        for column, one in given.items():
            self._lines.setdefault(column, one.line)
        return {column: one.text() for column, one in given.items()}

    def _kept(self) -> RowsKept | None:
        value = self._given.get("retention")
        if value is None or value.is_plain(NO_LAW):
            return None
        given = value.entries(_RETENTION)
        if "with" in given:
            return None
        rule = self._rule(value, given)
        if "anchor" not in given:
            value.say("missing_in_retention", name="anchor", table=self._name)
        if "minimise" not in given:
            value.say("missing_in_retention", name="minimise", table=self._name)
        anchor = self._columns(given.get("anchor"))
        minimise = self._columns(given.get("minimise"))
        kept = RowsKept(rule=rule, anchor=anchor, minimise=minimise, line=value.line)
        return None if rule.code == NO_LAW else kept

    def _kept_with(self) -> KeptWith | None:
        value = self._given.get("retention")
        given = value.entries() if value is not None and value.is_mapping else {}
        if value is None or "with" not in given:
            return None
        if "minimise" not in given:
            value.say("missing_in_retention", name="minimise", table=self._name)
        return KeptWith(
            table=given["with"].text(),
            minimise=self._columns(given.get("minimise")),
            line=given["with"].line,
        )

    def _rule(self, value: Value, given: Mapping[str, Value]) -> RetentionRule:
        law = given.get("law")
        if law is None:
            value.say("missing_in_retention", name="law", table=self._name)
            return retention_rules()[NO_LAW]
        lengths = {name: given[name].number() for name in _LENGTHS if name in given}
        if law.is_mapping:
            return self._own_rule(law, lengths)
        code, known = law.text(), sorted(retention_rules())
        if code not in known:
            meant = nearest(code, known) or ", ".join(known)
            law.say("unknown_law", given=code, meant=meant)
            return retention_rules()[NO_LAW]
        if lengths:
            law.say("length_of_law", given=code)
        return retention_rules()[code]

    def _own_rule(self, law: Value, lengths: Mapping[str, int]) -> RetentionRule:
        words = _both(law)
        if not any(lengths.values()):
            law.say("law_without_length", table=self._name)
        return RetentionRule(
            code=words.get("en", ""), law=words, keep=kept_for(**lengths), source="", confirm=True
        )

    def _said(self) -> SaidOfTable:
        said = {name: _both(self._given[name]) for name in _SAID if name in self._given}
        if not any(said.get("purpose", {}).values()):
            line = self._given["purpose"].line if "purpose" in self._given else self._value.line
            self._value.problems.add(line, "missing_purpose", table=self._name)
        return SaidOfTable(**said)


def _both(value: Value) -> dict[str, str]:
    """The same in both languages; an empty one is said where the other is there."""
    if not value.is_mapping:
        value.say("both_languages", name=value.name)
        return {}
    words = {name: one.text() for name, one in value.entries(_LANGUAGES).items()}
    if any(words.values()) and not _are_all_there(words, _LANGUAGES):
        value.say("both_languages", name=value.name)
    return words


def _are_all_there(words: Mapping[str, str], wanted: Sequence[str]) -> bool:
    return all(words.get(one) for one in wanted)
