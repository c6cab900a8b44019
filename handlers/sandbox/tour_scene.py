"""What every tour is played on: a sandbox with a desk in it, told in the terminal as it goes."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from textwrap import wrap
from typing import Any, Final

from bot.domain.addresses import Language
from bot.domain.errors import Unavailable
from bot.wording import say
from handlers.sandbox.environment import Environment
from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.sample_people import CLIENTS, STAFF, ClientPart, StaffPart
from handlers.sandbox.slack import Person
from handlers.sandbox.slack.block_kit.block_state import MANY, STATE_KEYS, each_element
from handlers.sandbox.slack.state.views import View
from handlers.sandbox.slack.workspace import Message
from handlers.sandbox.telegram import Bubble, Unmet
from handlers.sandbox.terminal_rendering import card_lines

Tell = Callable[[str], None]

# The answer engine loads its model at the first question, and a reply is held before it leaves.
PATIENCE_SECONDS: Final = 60.0
_COLUMNS: Final = 84
_INDENT: Final = " " * 14
_STUCK: Final = (Unmet, TimeoutError, NotPossible)
Json = dict[str, Any]


class Scene:
    """One client, the staff, and what they say to each other, told line by line."""

    def __init__(
        self, world: Environment, tell: Tell, language: Language, agent: StaffPart = STAFF[0]
    ) -> None:
        self.world = world
        self.part = _client_of(language)
        self.client = world.telegram.user(self.part.telegram_id)
        self._tell = tell
        self._language = language
        self._step = 0
        self._agent_name = called(agent)

    def person(self, part: StaffPart) -> Person:
        return self.world.slack.people[part.slack_id]

    def label(self, key: str) -> str:
        """A button as this client reads it."""
        return say(key, self._language)

    def words(self, name: str, **filled: object) -> str:
        who = {"client": self.part.first_name, "agent": self._agent_name}
        return say(f"tour.{name}", self._language, **(who | filled))

    @asynccontextmanager
    async def at(self, step: str) -> AsyncGenerator[None]:
        """Names the step before it is played, and in the error when it gets stuck."""
        self._step += 1
        title = self.words(f"step_{step}")
        self._tell("")
        self._tell(f"{self._step}. {title}")
        try:
            yield
        except _STUCK as stuck:
            raise Unavailable("tour.stuck", step=title) from stuck

    async def expect(self, text: str = "", *, button: str | None = None) -> Bubble:
        return await self.client.expect(text, button=button, timeout_seconds=PATIENCE_SECONDS)

    async def tap(self, label: str) -> None:
        self.line("taps", label=label)
        await self.client.tap(label)

    async def click(self, part: StaffPart, label: str, channel: str, card: Message) -> None:
        self.line("clicks", label=label, agent=called(part))
        await self.person(part).click(label, channel, card.ts)

    def line(self, name: str, **filled: object) -> None:
        self._tell(self.words(name, **filled))

    def write(self, sent: Bubble) -> None:
        self.line("client_writes", words=sent.text)

    def show(self, shown: Bubble) -> None:
        self.line("desk_writes", words=indented(shown.text))
        if shown.labels:
            self._tell(_INDENT + "  ".join(f"[{label}]" for label in shown.labels))

    def post(self, card: Message) -> None:
        lines = card_lines(card.blocks, self.world.slack.state.world)
        self.line("card", words=indented("\n".join(lines)))

    def sum_up(self, done: str) -> None:
        """The last words. Raises Unavailable: the real platforms would have refused something."""
        found = self.world.violations
        if found:
            raise Unavailable("tour.violations", count=len(found))
        calls = self.world.telegram.record.total + len(self.world.slack.record.calls)
        self._tell("")
        self._tell(self.words(done, calls=calls))


def called(part: StaffPart) -> str:
    return part.real_name.split()[0]


def indented(words: str) -> str:
    """Wrapped, and every line but the first under the first."""
    parts = [part for line in words.splitlines() for part in wrap(line, _COLUMNS) or [""]]
    return "\n".join((_INDENT * (at > 0) + part).rstrip() for at, part in enumerate(parts))


def _client_of(language: Language) -> ClientPart:
    """The first on the list who speaks it."""
    return next(one for one in CLIENTS if one.language == language.value)


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
