"""Faults to plant: what goes wrong, with which method, how often, and after how many good calls."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ANY: Final = "*"  # every method but the poll, which is named when it is meant
_POLL: Final = "getUpdates"


class Trouble(StrEnum):
    TOO_MANY = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "html502"  # what a proxy in front of the platform says, in HTML
    RESET = "reset"  # the connection drops before the call is processed
    RESET_AFTER = "reset_after"  # the call is processed, then the connection drops
    SLOW = "slow"  # processed and answered, late
    TIMEOUT = "timeout"  # never processed, never answered
    TIMEOUT_AFTER = "timeout_after"  # processed, never answered


@dataclass(slots=True)
class Fault:
    """One planted fault: hits `times` calls of `method` after `after` of them went well."""

    method: str
    kind: Trouble
    times: int
    after: int
    retry_after: int
    seconds: float
    hits: int = 0

    def fits(self, method: str) -> bool:
        is_meant = self.method == method or (self.method == ANY and method != _POLL)
        return self.times > 0 and is_meant


class Faults:
    """The planted faults; the first that fits a call hits it."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(  # noqa: PLR0913 - each is one independent knob of a fault, all by name
        self,
        *,
        kind: str,
        method: str = ANY,
        times: int = 1,
        after: int = 0,
        retry_after: int = 1,
        seconds: float = 1.0,
    ) -> Fault:
        """Plants a fault and returns it; `seconds` is how late a slow answer is."""
        fault = Fault(method, Trouble(kind), times, after, retry_after, seconds)
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        self._faults.clear()

    def hit(self, method: str) -> Fault | None:
        """The fault that this call meets, counted."""
        for fault in self._faults:
            if not fault.fits(method):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            fault.hits += 1
            return fault
        return None
