"""The answer engine as the edges use it: built when it is needed, asked outside of transactions."""

import asyncio
from collections.abc import Callable, Iterable

from bot.answering.document.policy_document import Document, parse_policy
from bot.answering.engine import Answer, Engine
from bot.answering.ranking.embedding import Embedder
from bot.answering.reviewed_links import LearnedLink, fitted
from bot.application.bus import Bus
from bot.application.reviewed_answers.material import Mark, Material, answer_mark, answer_material
from bot.domain.errors import Unavailable
from handlers.embedding import load_embedder
from handlers.log_setup import log


def build_engine(
    policy: Document, links: Iterable[LearnedLink] = (), *, waits: bool = False
) -> Engine:
    """An engine on this policy, with what approvers taught that fits it.

    `waits`: for the meaning model; otherwise it joins when loaded.
    """
    return Engine(policy, load_embedder(waits=waits), fitted(links, policy))


class Answers:
    """Asks the engine in a thread, so that the desk goes on listening meanwhile.

    The store says which policy is published and what approvers taught: an engine that is made of
    anything else is made anew before the question, whichever process changed it.
    """

    def __init__(
        self, bus: Bus, policy: Document, load: Callable[[], Embedder | None] = load_embedder
    ) -> None:
        self._bus = bus
        self._policy = policy
        self._load = load
        self._embedder: Embedder | None = None
        self._engine: Engine | None = None
        self._mark: Mark | None = None
        self._building = asyncio.Lock()

    async def ask(self, question: str) -> Answer:
        """The policy's answer; the first question also builds the index."""
        engine = await self._current()
        return await asyncio.to_thread(engine.ask, question)

    async def _current(self) -> Engine:
        async with self._building:
            try:
                mark = await self._bus.look(answer_mark)
                if self._engine is None or mark != self._mark:
                    await self._build(await self._bus.look(answer_material))
            except Unavailable as error:
                log(__name__, "answers_as_before", error=error.key)
                if self._engine is None:
                    await self._build(Material(Mark(None, ""), "", ()))
                    self._mark = None
            assert self._engine is not None  # noqa: S101  # built above
            return self._engine

    async def _build(self, material: Material) -> None:
        """The engine is swapped whole: a question under way keeps the one it began with."""
        self._engine = await asyncio.to_thread(self._make, material)
        self._mark = material.mark

    def _make(self, material: Material) -> Engine:
        policy = self._policy
        if material.mark.version not in (None, policy.sha256):
            policy = parse_policy(material.text, sha256=material.mark.version)
        self._embedder = self._embedder or self._load()
        return Engine(policy, self._embedder, fitted(material.links, policy))
