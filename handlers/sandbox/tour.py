"""`privacydesk tour`: a whole ticket, from /start to stars, told in the terminal as it happens.

Everything goes over the wire: the desk is the real one, and the servers are those of the page.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from bot.domain.addresses import Language
from handlers.sandbox import tour_stage
from handlers.sandbox.environment import Environment, sandbox_environment
from handlers.sandbox.erasure_tour import ErasureTour
from handlers.sandbox.sample_people import STAFF
from handlers.sandbox.slack.block_kit.block_state import said
from handlers.sandbox.slack.workspace import Message
from handlers.sandbox.tour_stage import Stage, Tell, fill_in

DeskOn = Callable[[Environment], AbstractAsyncContextManager[Any]]
"""Runs the desk in a sandbox until its block ends."""

_SUPPORT: Final = "#support"
_AGENT: Final = STAFF[0]


async def play_tour(
    desk_on: DeskOn, tell: Tell, which: str = "ticket", language: Language = Language.EN
) -> None:
    """Starts a sandbox, runs the desk in it and plays the ticket, or another of `TOURS`.

    Raises:
        Unavailable: the desk did not do what it should; the text says at which step.
    """
    async with sandbox_environment(with_page=False) as world, desk_on(world):
        await TOURS[which](Stage(world, tell, language)).play()


class TicketTour:
    """One ticket on a running desk."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._client = stage.client
        self._agent = stage.person(_AGENT)

    async def play(self) -> None:
        """The six steps, then what the platforms made of it."""
        await self._ask()
        card = await self._open()
        await self._claim(card)
        await self._answer(card)
        await self._go_on(card)
        await self._end(card)
        self._stage.sum_up("done")

    async def _ask(self) -> None:
        stage = self._stage
        async with stage.at("ask"):
            stage.write(await self._client.start())
            stage.show(await stage.expect(button=stage.label("conversation.menu_new")))
            stage.write(await self._client.say(stage.words("question")))
            stage.show(await stage.expect(button=stage.label("conversation.ask_a_person")))

    async def _open(self) -> Message:
        stage = self._stage
        async with stage.at("open"):
            stage.write(await self._client.say("/new"))
            category = stage.label("conversation.category_technical")
            stage.show(await stage.expect(button=category))
            await stage.tap(category)
            await stage.expect(stage.label("conversation.draft_write"))
            stage.write(await self._client.say(stage.words("trouble")))
            stage.show(await stage.expect(button=stage.label("conversation.send")))
            await stage.tap(stage.label("conversation.send"))
            stage.show(await stage.expect("T-"))
            card = await self._agent.expect("T-", _SUPPORT, tour_stage.PATIENCE_SECONDS)
            stage.post(card)
            return card

    async def _claim(self, card: Message) -> None:
        async with self._stage.at("claim"):
            before = said(card.blocks)
            await self._stage.click(_AGENT, "Claim", _SUPPORT, card)
            changes = self._stage.world.slack.state.changes
            await changes.until(lambda _: said(card.blocks) != before, tour_stage.PATIENCE_SECONDS)
            self._stage.post(card)

    async def _answer(self, card: Message) -> None:
        stage = self._stage
        async with stage.at("answer"):
            note, answer = stage.words("note"), stage.words("answer")
            await self._thread(note, card)
            await self._thread(f">> {answer}", card)
            stage.show(await stage.expect(answer))
            if any(note in one.text for one in self._client.messages):
                raise TimeoutError
            stage.line("note_stayed")

    async def _go_on(self, card: Message) -> None:
        async with self._stage.at("go_on"):
            words, patience = self._stage.words("thanks"), tour_stage.PATIENCE_SECONDS
            self._stage.write(await self._client.say(words))
            await self._agent.expect(words, _SUPPORT, patience, thread_ts=card.ts)
            self._stage.line("in_thread")

    async def _end(self, card: Message) -> None:
        stage = self._stage
        async with stage.at("end"):
            await stage.click(_AGENT, "Resolve", _SUPPORT, card)
            modal = await self._agent.expect_modal(timeout_seconds=tour_stage.PATIENCE_SECONDS)
            await fill_in(self._agent, modal, stage.words("resolution"))
            if await self._agent.submit():
                raise TimeoutError
            stage.show(await stage.expect(button="5 ★"))
            await stage.tap("5 ★")
            stage.show(await stage.expect(button=stage.label("client_tickets.no_comment")))

    async def _thread(self, words: str, card: Message) -> None:
        self._stage.line("writes_in_thread", words=words)
        await self._agent.say(_SUPPORT, words, thread_ts=card.ts)


TOURS: Final = {"ticket": TicketTour, "erasure": ErasureTour}
"""By what the command calls them."""
