"""Faults to order: the platform's bad days, on demand.

Kinds: `429`, `500`, `html502`, `reset` (dropped before it is processed), `reset_after`
(processed, then dropped: this one exposes double sends), `slow`, `err:<code>`. Beside the
Web API's methods, `upload`, `download` and `response_url` can be named.
"""

from dataclasses import dataclass

ANY = "*"
KINDS = frozenset({"429", "500", "html502", "reset", "reset_after", "slow"})


@dataclass
class Fault:
    """What goes wrong, from which call on and how many times."""

    method: str
    kind: str
    times: int = 1
    after: int = 0
    retry_after: int = 1
    seconds: float = 1.0

    @property
    def code(self) -> str:
        return self.kind.removeprefix("err:")


class Faults:
    """The list of what is to go wrong; the first that fits a call is used up by it."""

    def __init__(self) -> None:
        self._list: list[Fault] = []
        self.hits = 0

    def add(
        self, kind: str, method: str = ANY, *, times: int = 1, after: int = 0, **more: float
    ) -> None:
        """Let the calls of a method fail, `times` of them, once `after` have passed."""
        if kind not in KINDS and not kind.startswith("err:"):
            raise ValueError(kind)
        fault = Fault(method, kind, times, after)
        fault.retry_after = int(more.get("retry_after", 1))
        fault.seconds = more.get("seconds", 1.0)
        self._list.append(fault)

    def clear(self) -> None:
        self._list.clear()

    def take(self, method: str) -> Fault | None:
        """Give the fault that hits this call, if one does."""
        for fault in self._list:
            if fault.method in {ANY, method} and fault.times > 0:
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                self.hits += 1
                return fault
        return None
