"""`privacydesk tour`: a whole ticket, from /start to stars, told in the terminal as it happens.

Everything goes over the wire: the desk is the real one, and the servers are those of the page.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from textwrap import wrap
from typing import Any, Final

from bot.domain.addresses import Language
from bot.domain.errors import Unavailable
from bot.wording import say
from handlers.sandbox.environment import Environment, sandbox_environment
from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.sample_people import CLIENTS, STAFF
from handlers.sandbox.slack import Person
from handlers.sandbox.slack.block_kit.block_state import MANY, STATE_KEYS, each_element, said
from handlers.sandbox.slack.state.views import View
from handlers.sandbox.slack.workspace import Message
from handlers.sandbox.telegram import Bubble, Unmet
from handlers.sandbox.terminal_rendering import card_lines

Tell = Callable[[str], None]
DeskOn = Callable[[Environment], AbstractAsyncContextManager[Any]]
"""Runs the desk in a sandbox until its block ends."""

# The answer engine loads its model at the first question, and a reply is held before it leaves.
PATIENCE_SECONDS: Final = 60.0
_COLUMNS: Final = 84
_INDENT: Final = " " * 14
_SUPPORT: Final = "#support"
_STUCK: Final = (Unmet, TimeoutError, NotPossible)
Json = dict[str, Any]


async def play_tour(desk_on: DeskOn, tell: Tell) -> None:
    """Starts a sandbox, runs the desk in it and plays the ticket.

    Raises:
        Unavailable: the desk did not do what it should; the text says at which step.
    """
    async with sandbox_environment(with_page=False) as world, desk_on(world):
        await Tour(world, tell).play()


class Tour:
    """One ticket on a running desk."""

    def __init__(self, world: Environment, tell: Tell) -> None:
        self._world = world
        self._tell = tell
        self._step = 0
        self._client = world.telegram.user(CLIENTS[0].telegram_id)
        self._agent = world.slack.people[STAFF[0].slack_id]
        self._client_name = CLIENTS[0].first_name
        self._agent_name = STAFF[0].real_name.split()[0]

    async def play(self) -> None:
        """The six steps, then what the platforms made of it."""
        await self._ask()
        card = await self._open()
        await self._claim(card)
        await self._answer(card)
        await self._go_on(card)
        await self._end(card)
        self._sum_up()

    async def _ask(self) -> None:
        async with self._at("ask"):
            self._write(await self._client.start())
            self._show(await self._expect(button=_label("conversation.menu_new")))
            self._write(await self._client.say(say("tour.question")))
            self._show(await self._expect(button=_label("conversation.ask_a_person")))

    async def _open(self) -> Message:
        async with self._at("open"):
            self._write(await self._client.say("/new"))
            category = _label("conversation.category_technical")
            self._show(await self._expect(button=category))
            await self._tap(category)
            await self._expect(say("conversation.draft_write"))
            self._write(await self._client.say(say("tour.trouble")))
            self._show(await self._expect(button=_label("conversation.send")))
            await self._tap(_label("conversation.send"))
            self._show(await self._expect("T-"))
            card = await self._agent.expect("T-", _SUPPORT, PATIENCE_SECONDS)
            self._post(card)
            return card

    async def _claim(self, card: Message) -> None:
        async with self._at("claim"):
            before = said(card.blocks)
            await self._click("Claim", card)
            changes = self._world.slack.state.changes
            await changes.until(lambda _: said(card.blocks) != before, PATIENCE_SECONDS)
            self._post(card)

    async def _answer(self, card: Message) -> None:
        async with self._at("answer"):
            note, answer = say("tour.note"), say("tour.answer")
            await self._thread(note, card)
            await self._thread(f">> {answer}", card)
            self._show(await self._expect(answer))
            if any(note in one.text for one in self._client.messages):
                raise TimeoutError
            self._line("note_stayed")

    async def _go_on(self, card: Message) -> None:
        async with self._at("go_on"):
            words = say("tour.thanks")
            self._write(await self._client.say(words))
            await self._agent.expect(words, _SUPPORT, PATIENCE_SECONDS, thread_ts=card.ts)
            self._line("in_thread")

    async def _end(self, card: Message) -> None:
        async with self._at("end"):
            await self._click("Resolve", card)
            modal = await self._agent.expect_modal(timeout_seconds=PATIENCE_SECONDS)
            await fill_in(self._agent, modal, say("tour.resolution"))
            if await self._agent.submit():
                raise TimeoutError
            self._show(await self._expect(button="5 ★"))
            await self._tap("5 ★")
            self._show(await self._expect(button=_label("client_tickets.no_comment")))

    def _sum_up(self) -> None:
        found = self._world.violations
        if found:
            raise Unavailable("tour.violations", count=len(found))
        calls = self._world.telegram.record.total + len(self._world.slack.record.calls)
        self._tell("")
        self._tell(say("tour.done", calls=calls))

    @asynccontextmanager
    async def _at(self, step: str) -> AsyncGenerator[None]:
        """Names the step before it is played, and in the error when it gets stuck."""
        self._step += 1
        title = self._words(f"step_{step}")
        self._tell("")
        self._tell(f"{self._step}. {title}")
        try:
            yield
        except _STUCK as stuck:
            raise Unavailable("tour.stuck", step=title) from stuck

    async def _expect(self, text: str = "", *, button: str | None = None) -> Bubble:
        return await self._client.expect(text, button=button, timeout_seconds=PATIENCE_SECONDS)

    async def _tap(self, label: str) -> None:
        self._line("taps", label=label)
        await self._client.tap(label)

    async def _click(self, label: str, card: Message) -> None:
        self._line("clicks", label=label)
        await self._agent.click(label, _SUPPORT, card.ts)

    async def _thread(self, words: str, card: Message) -> None:
        self._line("writes_in_thread", words=words)
        await self._agent.say(_SUPPORT, words, thread_ts=card.ts)

    def _words(self, name: str, **filled: str) -> str:
        client, agent = self._client_name, self._agent_name
        return say(f"tour.{name}", Language.EN, client=client, agent=agent, **filled)

    def _line(self, name: str, **filled: str) -> None:
        self._tell(self._words(name, **filled))

    def _write(self, sent: Bubble) -> None:
        self._line("client_writes", words=sent.text)

    def _show(self, shown: Bubble) -> None:
        self._line("desk_writes", words=_indented(shown.text))
        if shown.labels:
            self._tell(_INDENT + "  ".join(f"[{label}]" for label in shown.labels))

    def _post(self, card: Message) -> None:
        lines = card_lines(card.blocks, self._world.slack.state.world)
        self._line("card", words=_indented("\n".join(lines)))


def _indented(words: str) -> str:
    """Wrapped, and every line but the first under the first."""
    parts = [part for line in words.splitlines() for part in wrap(line, _COLUMNS) or [""]]
    return "\n".join((_INDENT * (at > 0) + part).rstrip() for at, part in enumerate(parts))


def _label(key: str) -> str:
    return say(key, Language.EN)


async def fill_in(person: Person, modal: View, words: str) -> None:
    """Fills in every input that has nothing in it yet; those it does not know stay as they are."""
    for block, element in list(each_element(modal.blocks)):
        if block["type"] != "input" or _is_filled(modal, block, element):
            continue
        choice = await _first_choice(person, block, element, words)
        if choice is not None:
            value = [choice] if element["type"] in MANY else choice
            await person.choose(block["block_id"], value, "modal")


def _is_filled(modal: View, block: Json, element: Json) -> bool:
    key, _ = STATE_KEYS[element["type"]]
    return bool(modal.state[block["block_id"]][element["action_id"]][key])


async def _first_choice(person: Person, block: Json, element: Json, words: str) -> str | None:
    if element["type"] == "plain_text_input":
        return words
    if "external" in element["type"]:
        offered = await person.search(block["block_id"], "")
        return offered[0] if offered else None
    groups = element.get("option_groups") or [element]
    options = [option for group in groups for option in group.get("options", [])]
    return options[0]["value"] if options else None
