"""The answer engine as the edges use it: built once, asked outside of any transaction."""

import asyncio

from bot.policy.answering import Answer, Engine
from bot.policy.document import Document
from handlers.embedding import load_embedder


def build_engine(policy: Document, *, waits: bool = False) -> Engine:
    """An engine on this policy. `waits`: for the meaning model; otherwise it joins when loaded."""
    return Engine(policy, load_embedder(waits=waits))


class Answers:
    """Asks the engine in a thread, so that the desk goes on listening meanwhile."""

    def __init__(self, policy: Document) -> None:
        self._policy = policy
        self._engine: Engine | None = None
        self._building = asyncio.Lock()

    async def ask(self, question: str) -> Answer:
        """The policy's answer; the first question also builds the index."""
        async with self._building:
            if self._engine is None:
                self._engine = await asyncio.to_thread(build_engine, self._policy)
        return await asyncio.to_thread(self._engine.ask, question)
