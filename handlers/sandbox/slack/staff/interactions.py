"""What people do, as the payloads Slack sends, and what it does with the app's answers."""

from typing import Any

from handlers.sandbox.slack.block_kit.checks import Findings
from handlers.sandbox.slack.block_kit.elements import menu_options, option_groups
from handlers.sandbox.slack.block_kit.view_shapes import check_view
from handlers.sandbox.slack.refusals import ApiRefusal
from handlers.sandbox.slack.state.views import View
from handlers.sandbox.slack.state.workspace_state import WorkspaceState
from handlers.sandbox.slack.transport.deliveries import Ack
from handlers.sandbox.slack.transport.events import VERIFICATION_TOKEN
from handlers.sandbox.slack.workspace import APP, DOMAIN, TEAM, Channel, Message, User

Json = dict[str, Any]
Surface = Message | View
CHANNEL_WORDS = {"im": "directmessage", "private_channel": "privategroup"}


class Interactions:
    """Builds the payloads, waits for the acknowledgement, applies the answer."""

    def __init__(self, state: WorkspaceState) -> None:
        self._state = state

    async def act(self, user: User, place: Surface, action: Json) -> Ack | None:
        """Send block_actions: a button, a menu, a choice."""
        payload = self._base("block_actions", user) | self._place(user, place)
        payload["actions"] = [action | {"action_ts": self._state.world.new_ts()}]
        return await self._interactive(payload)

    async def submit(self, user: User, view: View) -> Ack | None:
        """Send view_submission and do what the answer says."""
        payload = self._base("view_submission", user)
        payload["trigger_id"] = self._state.views.new_trigger(user.id, view.id)
        payload |= {"view": view.shape(), "response_urls": []}
        ack = await self._interactive(payload, answer_wanted=True)
        if ack is not None:
            self._answered(view, ack.payload)
        return ack

    async def closed(self, user: User, view: View, *, everything: bool) -> None:
        """Tell of a closed modal, where the app asked to be told."""
        if view.given.get("notify_on_close"):
            payload = self._base("view_closed", user)
            await self._interactive(payload | {"view": view.shape(), "is_cleared": everything})

    async def suggest(
        self, user: User, place: Surface, ids: tuple[str, str], query: str
    ) -> list[Json]:
        """Ask for the options of an external menu; ids are its block and action."""
        payload = self._base("block_suggestion", user) | self._container(place)
        payload |= {"block_id": ids[0], "action_id": ids[1], "value": query}
        if isinstance(place, View):
            payload["view"] = place.shape()
        ack = await self._interactive(payload, answer_wanted=True)
        return self._options(ack.payload or {}) if ack is not None else []

    async def command(self, user: User, channel: Channel, text: str) -> Ack | None:
        word, _, rest = text.partition(" ")
        payload: Json = {
            "token": VERIFICATION_TOKEN,
            "team_id": user.team_id,
            "team_domain": DOMAIN,
            "channel_id": channel.id,
            "channel_name": CHANNEL_WORDS.get(channel.kind, channel.name),
            "user_id": user.id,
            "user_name": user.name,
            "command": word,
            "text": rest,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self._state.response_urls.new("commands", user.id, channel.id),
            "trigger_id": self._state.views.new_trigger(user.id),
        }
        ack = await self._state.deliveries.interaction(
            "slash_commands", payload, answer_wanted=True
        )
        if ack is not None and ack.payload:
            self._state.response_urls.command_answer(user.id, channel.id, ack.payload)
        return ack

    async def shortcut(self, user: User, callback_id: str) -> Ack | None:
        payload = self._base("shortcut", user)
        payload |= {"action_ts": self._state.world.new_ts(), "callback_id": callback_id}
        payload["trigger_id"] = self._state.views.new_trigger(user.id)
        return await self._interactive(payload)

    async def message_shortcut(self, user: User, callback_id: str, message: Message) -> Ack | None:
        channel = self._state.world.channels[message.channel]
        payload = self._base("message_action", user)
        payload |= {
            "action_ts": self._state.world.new_ts(),
            "callback_id": callback_id,
            "trigger_id": self._state.views.new_trigger(user.id),
            "response_url": self._state.response_urls.new("app", user.id, channel.id),
            "message_ts": message.ts,
            "channel": {"id": channel.id, "name": _shown_name(channel)},
            "message": self._state.shapes.message(message),
        }
        return await self._interactive(payload)

    async def _interactive(self, payload: Json, *, answer_wanted: bool = False) -> Ack | None:
        deliveries = self._state.deliveries
        return await deliveries.interaction("interactive", payload, answer_wanted=answer_wanted)

    def _base(self, kind: str, user: User) -> Json:
        who = {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id}
        if kind in {"shortcut", "message_action"}:
            del who["name" if kind == "shortcut" else "username"]
        return {
            "type": kind,
            "token": VERIFICATION_TOKEN,
            "team": {"id": user.team_id, "domain": DOMAIN if user.team_id == TEAM else "elsewhere"},
            "enterprise": None,
            "is_enterprise_install": False,
            "api_app_id": APP,
            "user": who,
        }

    def _place(self, user: User, place: Surface) -> Json:
        """Give what block_actions says of where it happened; ephemeral messages are not sent."""
        if isinstance(place, View):
            trigger = self._state.views.new_trigger(user.id, place.id if place.is_modal else "")
            return {**self._container(place), "trigger_id": trigger, "view": place.shape()}
        channel = self._state.world.channels[place.channel]
        urls = self._state.response_urls
        given = {
            **self._container(place),
            "trigger_id": self._state.views.new_trigger(user.id),
            "channel": {"id": channel.id, "name": _shown_name(channel)},
            "state": {"values": place.state},
            "response_url": urls.new("actions", user.id, channel.id, place),
        }
        if not place.seen_by:
            given["message"] = self._state.shapes.message(place)
        return given

    def _container(self, place: Surface) -> Json:
        if isinstance(place, View):
            return {"container": {"type": "view", "view_id": place.id}}
        container: Json = {
            "type": "message",
            "message_ts": place.ts,
            "channel_id": place.channel,
            "is_ephemeral": bool(place.seen_by),
        }
        if place.thread_ts:
            container["thread_ts"] = place.thread_ts
        return {"container": container}

    def _answered(self, view: View, answer: Json | None) -> None:
        if not answer:
            self._state.views.close(view)
            return
        try:
            self._do(view, answer)
        except ApiRefusal as refusal:
            detail = "; ".join([refusal.code, *refusal.messages])
            self._state.record.violation("view_response", view.title, detail)
            self._state.views.show_errors(view, {"": "We had some trouble connecting. Try again?"})

    def _do(self, view: View, answer: Json) -> None:
        views = self._state.views
        match answer.get("response_action"):
            case "clear":
                views.close(view, everything=True)
            case "errors":
                self._show_errors(view, answer.get("errors"))
            case "update":
                check_view(answer.get("view"), "modal")
                views.update(view, answer["view"])
            case "push":
                check_view(answer.get("view"), "modal")
                views.push(view.user, answer["view"])
            case other:
                raise ApiRefusal("invalid_response_action", str(other))

    def _show_errors(self, view: View, errors: object) -> None:
        inputs = {b["block_id"] for b in view.blocks if b["type"] == "input"}
        if not isinstance(errors, dict) or not errors:
            raise ApiRefusal("errors_missing")
        strange = set(errors) - inputs
        if strange:
            raise ApiRefusal("unknown_block_id", *sorted(map(str, strange)))
        self._state.views.show_errors(view, errors)

    def _options(self, answer: Json) -> list[Json]:
        findings = Findings()
        if "option_groups" in answer:
            option_groups(answer["option_groups"], "/option_groups", findings)
        else:
            menu_options(answer.get("options"), "/options", findings)
        if findings.wrong:
            self._state.record.violation("invalid_options", "suggestion", "; ".join(findings.wrong))
            return []
        groups = answer.get("option_groups") or [answer]
        return [option for group in groups for option in group["options"]]


def _shown_name(channel: Channel) -> str:
    return CHANNEL_WORDS.get(channel.kind, channel.name)
