"""What was said in a town, each word under a token of its own, and where each token was seen."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

TOKEN = re.compile(r"\b[wrn]\d{5}\b")


class Kind(StrEnum):
    WORD = "w"  # of a client: it belongs into the ticket's thread
    REPLY = "r"  # of staff: it belongs into the client's chat
    NOTE = "n"  # between staff: it stays in Slack


@dataclass
class Said:
    """One thing said. `at` counts as the platform's own times do, in seconds since 1970."""

    token: str
    kind: Kind
    client: int
    at: float
    place: str = ""
    """The time by which Slack names what staff wrote in a thread."""
    changed_to: str = ""
    """The token that an edit put beside its own."""


@dataclass
class Ledger:
    """Everything that was said, in its order."""

    said: dict[str, Said] = field(default_factory=dict[str, Said])
    _number: int = 0

    def new(self, kind: Kind, client: int, at: float) -> Said:
        token = self.token(kind)
        self.said[token] = Said(token, kind, client, at)
        return self.said[token]

    def token(self, kind: Kind) -> str:
        """A token that stands for nothing yet."""
        self._number += 1
        return f"{kind}{self._number:05d}"

    def of(self, kind: Kind, client: int | None = None) -> list[Said]:
        return [
            one
            for one in self.said.values()
            if one.kind is kind and (client is None or one.client == client)
        ]

    def __len__(self) -> int:
        return len(self.said)


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as a person reads it."""

    text: str
    at: float

    @property
    def tokens(self) -> list[str]:
        return TOKEN.findall(self.text)


def count(seen: Iterable[Seen]) -> Counter[str]:
    """In how many messages each token stands."""
    return Counter(token for one in seen for token in {*one.tokens})


def first_at(seen: Iterable[Seen]) -> dict[str, float]:
    """When each token was seen first."""
    found: dict[str, float] = {}
    for one in seen:
        for token in one.tokens:
            found.setdefault(token, one.at)
    return found


def out_of_order(said: Sequence[Said], seen: Sequence[Seen], but: Iterable[str] = ()) -> list[str]:
    """Tokens that stand below one that was said later; `but` were sent anew by hand."""
    order = {one.token: number for number, one in enumerate(said) if one.token not in {*but}}
    late: list[str] = []
    newest = -1
    for token in (token for one in seen for token in dict.fromkeys(one.tokens)):
        if token not in order:
            continue
        if order[token] < newest:
            late.append(token)
        newest = max(newest, order[token])
    return late


def by_client(said: Iterable[Said]) -> Mapping[int, list[Said]]:
    found: dict[int, list[Said]] = defaultdict(list)
    for one in said:
        found[one.client].append(one)
    return found
