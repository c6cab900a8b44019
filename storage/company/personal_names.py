"""What the name of a column or table says of what it holds, in the words people give to them."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_NUMBER_WORDS = frozenset({"code", "number", "no", "ref", "reference", "external", "id", "uid"})


@dataclass(frozen=True, slots=True)
class _Sign:
    kind: str
    groups: tuple[frozenset[str], ...]
    unless: frozenset[str]


def words_in(name: str) -> list[str]:
    """`BillingPostalCode` and `billing_postal_code` are billing, postal, code."""
    return [one.lower() for one in _WORDS.findall(name)]


def personal_kind(column: str) -> str:
    """What a column seems to hold (`email`, `name`, `words`, ...); empty: nothing personal."""
    words = set(words_in(column))
    whole = "".join(words_in(column))
    for sign in _signs():
        is_meant = any(one <= words or _is_run_together(one, whole) for one in sign.groups)
        if is_meant and not words & sign.unless:
            return sign.kind
    return ""


def table_kind(table: str) -> str:
    """What a table's rows seem to be (`people`, `staff`, `books`, ...); empty: nobody knows."""
    words = words_in(table.rpartition(".")[2])
    both = {*words, *(_singular(one) for one in words)}
    return next((kind for kind, known in _tables().items() if both & known), "")


def is_company_number(column: str, table: str) -> bool:
    """`CustomerId` of Customer, `customer_code`, `client_no`: what a company calls a client by."""
    words = words_in(column)
    own = {_singular(one) for one in words_in(table.rpartition(".")[2])} | _tables()["people"]
    rest = [one for one in words if _singular(one) not in own]
    is_named = len(rest) < len(words) or table_kind(table) == "people"
    return is_named and bool(rest) and set(rest) <= _NUMBER_WORDS


def _singular(word: str) -> str:
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")


def _is_run_together(group: frozenset[str], whole: str) -> bool:
    """`firstname`, of two words that nobody kept apart."""
    return len(group) > 1 and sum(map(len, group)) == len(whole) and all(w in whole for w in group)


@cache
def _signs() -> tuple[_Sign, ...]:
    return tuple(
        _Sign(
            one["kind"],
            tuple(frozenset(group) for group in one["groups"]),
            frozenset(one.get("unless", ())),
        )
        for one in _words()["sign"]
    )


@cache
def _tables() -> Mapping[str, frozenset[str]]:
    return {kind: frozenset(words) for kind, words in _words()["tables"].items()}


@cache
def _words() -> dict[str, Any]:
    file = resources.files("storage.company") / "column_words.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
