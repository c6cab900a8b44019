"""What a table of reactions is: events, and what follows from each."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.events import Event

E = TypeVar("E", bound=Event)
Reaction = Callable[[E, UnitOfWork], Awaitable[None]]


class Table:
    """The reactions of one area, by the type of event they follow from."""

    def __init__(self) -> None:
        self._reactions: dict[type[Event], list[Reaction[Any]]] = {}

    def on(self, *events: type[E]) -> Callable[[Reaction[E]], Reaction[E]]:
        """Register a reaction to each of these events; they react in the order of registration."""

        def register(reaction: Reaction[E]) -> Reaction[E]:
            for event in events:
                self._reactions.setdefault(event, []).append(reaction)
            return reaction

        return register

    async def react(self, event: Event, work: UnitOfWork) -> None:
        for reaction in self._reactions.get(type(event), ()):
            await reaction(event, work)
