"""A data map's text: YAML whose every value knows its line, and plain words for what is wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.application.ports.company_maps import MapProblem

MOST_BYTES = 2_000_000


@dataclass
class Problems:
    """What was found wrong in one file."""

    file: str
    found: list[MapProblem] = field(default_factory=list[MapProblem])

    def in_order(self) -> list[MapProblem]:
        return sorted(self.found, key=lambda one: one.line)

    def add(self, line: int, key: str, **params: str | int) -> None:
        self._add(line, key, params, is_doubt=False)

    def doubt(self, line: int, key: str, **params: str | int) -> None:
        self._add(line, key, params, is_doubt=True)

    def _add(self, line: int, key: str, params: dict[str, str | int], *, is_doubt: bool) -> None:
        one = MapProblem(
            file=self.file,
            line=line,
            key=f"data_map.{key}",
            params=tuple(params.items()),
            is_doubt=is_doubt,
        )
        if one not in self.found:
            self.found.append(one)


@dataclass(frozen=True, slots=True)
class Value:
    """One value, where it stands, and under which name."""

    node: Node
    name: str
    problems: Problems

    @property
    def line(self) -> int:
        return self.node.start_mark.line + 1

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, MappingNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, SequenceNode)

    def is_plain(self, text: str) -> bool:
        """Whether just this word stands there."""
        return isinstance(self.node, ScalarNode) and str(self.node.value).strip() == text

    def say(self, key: str, **params: str | int) -> None:
        self.problems.add(self.line, key, **params)

    def text(self) -> str:
        """As it is written: `null`, `no` and `0171` stay what they are."""
        if isinstance(self.node, ScalarNode):
            return str(self.node.value).strip()
        self.say("not_text", name=self.name)
        return ""

    def number(self) -> int:
        text = self.text()
        if text.isascii() and text.isdigit():
            return int(text)
        self.say("not_number", name=self.name, given=text)
        return 0

    def flag(self) -> bool:
        text = self.text().lower()
        if text not in {"true", "false", "yes", "no"}:
            self.say("not_yes_or_no", name=self.name, given=text)
        return text in {"true", "yes"}

    def names(self) -> list["Value"]:
        """One name, or a list of names; each keeps its line."""
        node = self.node
        if isinstance(node, ScalarNode):
            return [self] if self.text() else []
        if not isinstance(node, SequenceNode):
            self.say("not_names", name=self.name)
            return []
        return [Value(one, self.name, self.problems) for one in node.value]

    def entries(self, known: Sequence[str] = ()) -> dict[str, "Value"]:
        """A mapping's values by name; `known`: every name that may stand there, none: any."""
        if not isinstance(self.node, MappingNode):
            self.say("not_mapping", name=self.name)
            return {}
        found: dict[str, Value] = {}
        for key, value in self._pairs(self.node):
            name, line = str(key.value), key.start_mark.line + 1
            if known and name not in known:
                _say_unknown(self.problems, line, name, known)
            elif name in found:
                self.problems.add(line, "twice", name=name)
            else:
                found[name] = Value(value, name, self.problems)
        return found

    def _pairs(self, node: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
        for key, value in node.value:
            if isinstance(key, ScalarNode):
                yield key, value
            else:
                self.problems.add(key.start_mark.line + 1, "not_a_name")


def parse_map(text: str, problems: Problems) -> Value | None:
    """The file's outermost value; None: it is no YAML, or one that hides what it says."""
    try:
        for event in _events(text):
            if isinstance(event, yaml.AliasEvent):
                problems.add(event.start_mark.line + 1, "no_aliases")
                return None
        node = _node(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        problems.add(line, "not_yaml", why=str(error.problem or error.context or ""))
        return None
    except yaml.YAMLError as error:
        problems.add(0, "not_yaml", why=type(error).__name__)
        return None
    if node is None:
        problems.add(0, "empty")
        return None
    return Value(node, "", problems)


def _events(text: str) -> Iterator[yaml.Event]:
    """The library does not say of what type they are."""
    yield from yaml.parse(text, Loader=yaml.SafeLoader)  # pyright: ignore[reportUnknownMemberType]


def _node(text: str) -> Node | None:
    return cast("Node | None", yaml.compose(text, Loader=yaml.SafeLoader))  # pyright: ignore[reportUnknownMemberType]


def nearest(name: str, known: Sequence[str]) -> str:
    """What was meant, most likely; empty: nothing is like it."""
    by_fold = {one.casefold(): one for one in known}
    close = get_close_matches(name.casefold(), by_fold, n=1, cutoff=0.6)
    return by_fold[close[0]] if close else ""


def _say_unknown(problems: Problems, line: int, name: str, known: Sequence[str]) -> None:
    meant = nearest(name, known)
    if meant:
        problems.add(line, "unknown_key_meant", name=name, meant=meant)
    else:
        problems.add(line, "unknown_key", name=name, known=", ".join(known))
