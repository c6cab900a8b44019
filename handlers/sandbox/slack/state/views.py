"""Modals and App Homes: the stack a person has open, hashes, and triggers to open them with."""

import itertools
import secrets
from dataclasses import dataclass, field
from typing import Any

from handlers.sandbox.slack import limits
from handlers.sandbox.slack.block_kit.block_state import filled_in, initial_state
from handlers.sandbox.slack.changes import Changes
from handlers.sandbox.slack.refusals import ApiRefusal
from handlers.sandbox.slack.workspace import APP, BOT, TEAM, Workspace

Json = dict[str, Any]


@dataclass
class View:
    """One modal or App Home as it stands on a person's screen."""

    id: str
    user: str
    given: Json
    blocks: list[Json]
    state: Json
    hash: str
    root: str = ""
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_modal(self) -> bool:
        return self.given["type"] == "modal"

    @property
    def title(self) -> str:
        return self.given.get("title", {}).get("text", "")

    def shape(self) -> Json:
        """Give the view as the Web API and interactions show it."""
        return {
            "id": self.id,
            "team_id": TEAM,
            "type": self.given["type"],
            "blocks": self.blocks,
            "private_metadata": self.given.get("private_metadata", ""),
            "callback_id": self.given.get("callback_id", ""),
            "state": {"values": self.state},
            "hash": self.hash,
            "title": _said(self.given.get("title"), "View Title"),
            "clear_on_close": self.given.get("clear_on_close", False),
            "notify_on_close": self.given.get("notify_on_close", False),
            "close": _said(self.given.get("close")),
            "submit": _said(self.given.get("submit")),
            "previous_view_id": self.previous,
            "root_view_id": self.root or self.id,
            "app_id": APP,
            "external_id": self.given.get("external_id", ""),
            "app_installed_team_id": TEAM,
            "bot_id": BOT,
        }


@dataclass
class Trigger:
    """The right to open a modal: three seconds, once."""

    user: str
    born: float
    view: str = ""
    used: bool = False


class Views:
    """What every person has open."""

    def __init__(self, world: Workspace, changes: Changes) -> None:
        self._world = world
        self._changes = changes
        self._triggers: dict[str, Trigger] = {}
        self._count = itertools.count(1)
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def new_trigger(self, user: str, view: str = "") -> str:
        trigger = f"{next(self._count)}.{int(self._world.clock.now())}.{secrets.token_hex(16)}"
        self._triggers[trigger] = Trigger(user, self._world.clock.now(), view)
        return trigger

    def exchange(self, trigger_id: str) -> Trigger:
        """Use a trigger up, or refuse."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise ApiRefusal("invalid_trigger_id")
        if trigger.used:
            raise ApiRefusal("exchanged_trigger_id")
        if self._world.clock.now() - trigger.born > limits.TRIGGER:
            raise ApiRefusal("expired_trigger_id")
        trigger.used = True
        return trigger

    def modal(self, user: str) -> View | None:
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def open(self, user: str, given: Json) -> View:
        """Show a modal, in place of whatever modals were open."""
        self._refuse_known_name(given)
        view = self._new(user, given)
        self.stacks[user] = [view]
        self._tell(view)
        return view

    def push(self, user: str, given: Json) -> View:
        """Put a modal on top of the open one: at most three."""
        stack = self.stacks.get(user)
        if not stack:
            raise ApiRefusal("not_found")
        if len(stack) >= limits.VIEW_STACK:
            raise ApiRefusal("push_limit_reached")
        self._refuse_known_name(given)
        view = self._new(user, given)
        view.root, view.previous = stack[0].id, stack[-1].id
        stack.append(view)
        self._tell(view)
        return view

    def update(self, view: View, given: Json, expected_hash: str = "") -> View:
        """Replace a view's content; inputs whose ids stay keep what was typed in them."""
        if expected_hash and expected_hash != view.hash:
            raise ApiRefusal("hash_conflict")
        view.given = given
        view.blocks = filled_in(given["blocks"], self._block_id)
        view.state = initial_state(view.blocks, view.state)
        view.hash = self._hash()
        view.errors = {}
        self._tell(view)
        return view

    def publish(self, user: str, given: Json, expected_hash: str = "") -> View:
        home = self.homes.get(user)
        if home is not None:
            return self.update(home, given, expected_hash)
        home = self.homes[user] = self._new(user, given)
        self._tell(home)
        return home

    def find(self, view_id: str, external_id: str = "") -> View:
        for view in self._all():
            if view.id == view_id or (external_id and view.given.get("external_id") == external_id):
                return view
        raise ApiRefusal("not_found")

    def close(self, view: View, *, everything: bool = False) -> None:
        """Take the view off the screen, or all of them."""
        stack = self.stacks.get(view.user, [])
        if everything:
            stack.clear()
        elif view in stack:
            del stack[stack.index(view) :]
        self._tell(view)

    def show_errors(self, view: View, errors: dict[str, str]) -> None:
        view.errors = dict(errors)
        self._tell(view)

    def touched(self, view: View) -> None:
        self._tell(view)

    def _all(self) -> list[View]:
        modals = [view for stack in self.stacks.values() for view in stack]
        return modals + list(self.homes.values())

    def _new(self, user: str, given: Json) -> View:
        blocks = filled_in(given["blocks"], self._block_id)
        view_id = self._world.new_id("V")
        return View(view_id, user, given, blocks, initial_state(blocks), self._hash())

    def _refuse_known_name(self, given: Json) -> None:
        name = given.get("external_id")
        if name and any(view.given.get("external_id") == name for view in self._all()):
            raise ApiRefusal("duplicate_external_id")

    def _hash(self) -> str:
        return f"{int(self._world.clock.now())}.{secrets.token_hex(4)}"

    def _block_id(self) -> str:
        return secrets.token_urlsafe(4)

    def _tell(self, view: View) -> None:
        kind = "modal" if view.is_modal else "home"
        self._changes.tell(kind, user=view.user, view=view.id)


def _said(text: Json | None, otherwise: str = "") -> Json | None:
    if text is not None:
        return {"emoji": True, **text}
    return {"type": "plain_text", "text": otherwise, "emoji": True} if otherwise else None
