"""`privacydesk tour`: a whole ticket, from /start to stars, told in the terminal as it happens.

Everything goes over the wire: the desk is the real one, and the servers are those of the page.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from bot.domain.addresses import Language
from handlers.sandbox import tour_scene
from handlers.sandbox.environment import Environment, sandbox_environment
from handlers.sandbox.erasure_tour import Check, ErasureTour
from handlers.sandbox.sample_people import STAFF
from handlers.sandbox.slack.block_kit.block_state import said
from handlers.sandbox.slack.workspace import Message
from handlers.sandbox.tour_scene import Scene, Tell, fill_in

DeskOn = Callable[[Environment], AbstractAsyncContextManager[Any]]
"""Runs the desk in a sandbox until its block ends."""

TICKET: Final = "ticket"
_SUPPORT: Final = "#support"
_AGENT: Final = STAFF[0]


async def play_tour(
    desk_on: DeskOn,
    tell: Tell,
    which: str = TICKET,
    language: Language = Language.EN,
    *,
    check: Check,
) -> None:
    """Starts a sandbox, runs the desk in it and plays a ticket, or an erasure.

    Raises:
        Unavailable: the desk did not do what it should; the text says at which step.
    """
    async with sandbox_environment(with_page=False) as world, desk_on(world):
        scene = Scene(world, tell, language)
        tour = TicketTour(scene) if which == TICKET else ErasureTour(scene, check)
        await tour.play()


class TicketTour:
    """One ticket on a running desk."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._client = scene.client
        self._agent = scene.person(_AGENT)

    async def play(self) -> None:
        """The six steps, then what the platforms made of it."""
        await self._ask()
        card = await self._open()
        await self._claim(card)
        await self._answer(card)
        await self._go_on(card)
        await self._end(card)
        self._scene.sum_up("done")

    async def _ask(self) -> None:
        scene = self._scene
        async with scene.at("ask"):
            scene.write(await self._client.start())
            scene.show(await scene.expect(button=scene.label("conversation.menu_new")))
            scene.write(await self._client.say(scene.words("question")))
            scene.show(await scene.expect(button=scene.label("conversation.ask_a_person")))

    async def _open(self) -> Message:
        scene = self._scene
        async with scene.at("open"):
            scene.write(await self._client.say("/new"))
            category = scene.label("conversation.category_technical")
            scene.show(await scene.expect(button=category))
            await scene.tap(category)
            await scene.expect(scene.label("conversation.draft_write"))
            scene.write(await self._client.say(scene.words("trouble")))
            scene.show(await scene.expect(button=scene.label("conversation.send")))
            await scene.tap(scene.label("conversation.send"))
            scene.show(await scene.expect("T-"))
            card = await self._agent.expect("T-", _SUPPORT, tour_scene.PATIENCE_SECONDS)
            scene.post(card)
            return card

    async def _claim(self, card: Message) -> None:
        async with self._scene.at("claim"):
            before = said(card.blocks)
            await self._scene.click(_AGENT, "Claim", _SUPPORT, card)
            changes = self._scene.world.slack.state.changes
            await changes.until(lambda _: said(card.blocks) != before, tour_scene.PATIENCE_SECONDS)
            self._scene.post(card)

    async def _answer(self, card: Message) -> None:
        scene = self._scene
        async with scene.at("answer"):
            note, answer = scene.words("note"), scene.words("answer")
            await self._thread(note, card)
            await self._thread(f">> {answer}", card)
            scene.show(await scene.expect(answer))
            if any(note in one.text for one in self._client.messages):
                raise TimeoutError
            scene.line("note_stayed")

    async def _go_on(self, card: Message) -> None:
        async with self._scene.at("go_on"):
            words, patience = self._scene.words("thanks"), tour_scene.PATIENCE_SECONDS
            self._scene.write(await self._client.say(words))
            await self._agent.expect(words, _SUPPORT, patience, thread_ts=card.ts)
            self._scene.line("in_thread")

    async def _end(self, card: Message) -> None:
        scene = self._scene
        async with scene.at("end"):
            await scene.click(_AGENT, "Resolve", _SUPPORT, card)
            modal = await self._agent.expect_modal(timeout_seconds=tour_scene.PATIENCE_SECONDS)
            await fill_in(self._agent, modal, scene.words("resolution"))
            if await self._agent.submit():
                raise TimeoutError
            scene.show(await scene.expect(button="5 ★"))
            await scene.tap("5 ★")
            scene.show(await scene.expect(button=scene.label("client_tickets.no_comment")))

    async def _thread(self, words: str, card: Message) -> None:
        self._scene.line("writes_in_thread", words=words)
        await self._agent.say(_SUPPORT, words, thread_ts=card.ts)
