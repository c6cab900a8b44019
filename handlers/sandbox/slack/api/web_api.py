"""The Web API over HTTP: token, arguments, rate, faults, method, answer."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from handlers.sandbox.slack.api import (
    granted,
    methods_chat as chat,
    methods_conversations as conversations,
    methods_files as files,
    methods_people as people,
    methods_views as views,
)
from handlers.sandbox.slack.api.arguments import Method, checked, methods
from handlers.sandbox.slack.fault_injection import drop, ratelimited, spoiled
from handlers.sandbox.slack.faults import Faults
from handlers.sandbox.slack.rates import Rates
from handlers.sandbox.slack.record import Call
from handlers.sandbox.slack.refusals import ApiRefusal
from handlers.sandbox.slack.state.workspace_state import WorkspaceState

Json = dict[str, Any]
Answer = Callable[[WorkspaceState, Json], Awaitable[Json]]
APP_TOKEN_METHOD = "apps.connections.open"  # noqa: S105 - a method's name
# Refusals that a correct app never meets: they are recorded as violations too.
OWN_FAULTS = frozenset(
    {
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "markdown_text_conflict",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "not_allowed_token_type",
        "push_limit_reached",
        "too_many_attachments",
        "unknown_method",
        "view_too_large",
    }
)

METHODS: dict[str, Answer] = {
    "apps.connections.open": people.open_connection,
    "auth.test": people.auth_test,
    "blocks.validate": views.validate,
    "bots.info": people.bot,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.get_permalink,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.scheduleMessage": chat.schedule_message,
    "chat.update": chat.update,
    "conversations.history": conversations.history,
    "conversations.info": conversations.describe,
    "conversations.join": conversations.join,
    "conversations.list": conversations.list_all,
    "conversations.members": conversations.members,
    "conversations.open": conversations.open_direct,
    "conversations.replies": conversations.replies,
    "files.completeUploadExternal": files.complete_upload,
    "files.delete": files.delete,
    "files.getUploadURLExternal": files.get_upload_url,
    "files.info": files.describe,
    "reactions.add": files.add_reaction,
    "reactions.get": files.get_reactions,
    "reactions.remove": files.remove_reaction,
    "team.info": people.team,
    "usergroups.list": people.groups,
    "usergroups.users.list": people.group_users,
    "users.info": people.user,
    "users.list": people.users,
    "users.lookupByEmail": people.user_by_email,
    "views.open": views.open_modal,
    "views.publish": views.publish,
    "views.push": views.push,
    "views.update": views.update,
}


@dataclass(frozen=True)
class Tokens:
    """The two tokens that open this workspace."""

    bot: str
    app: str


class WebApi:
    """Answers `/api/{method}`."""

    def __init__(self, state: WorkspaceState, tokens: Tokens, rates: Rates, faults: Faults) -> None:
        self._state = state
        self._tokens = tokens
        self._rates = rates
        self._faults = faults

    async def endpoint(self, request: web.Request) -> web.StreamResponse:
        """Serve one call, or spoil it when a fault was ordered."""
        name = request.match_info["method"]
        started = time.perf_counter()
        call = Call(self._state.clock.now(), name, {})
        fault = self._faults.take(name)
        answer = await spoiled(fault, request)
        if answer is None:
            answer = await self._answered(request, call)
        else:
            call.error = fault.code if fault else ""
        if fault is not None and fault.kind == "reset_after":
            drop(request)
        call.seconds = time.perf_counter() - started
        call.status = answer.status
        self._state.record.call(call)
        return answer

    async def _answered(self, request: web.Request, call: Call) -> web.Response:
        try:
            method = self._method(call.method)
            raw = await _read(request, method)
            self._check_token(request, raw, method)
            call.args = {k: v for k, v in raw.items() if k != "token"}
            return await self._processed(method, call)
        except ApiRefusal as refusal:
            call.error = refusal.code
            if refusal.code in OWN_FAULTS:
                detail = "; ".join(refusal.messages)
                self._state.record.violation(refusal.code, call.method, detail)
            return web.json_response(refusal.body(), headers=self._headers(call))

    async def _processed(self, method: Method, call: Call) -> web.Response:
        wait = self._rates.retry_after(method.name, method.tier, str(call.args.get("channel")))
        if wait:
            call.error = "ratelimited"
            return ratelimited(wait)
        call.args = checked(method, call.args)
        granted.check(method.name, call.args, self._state.world)
        answer = await METHODS[method.name](self._state, call.args)
        return web.json_response({"ok": True, **answer}, headers=self._headers(call))

    def _headers(self, call: Call) -> dict[str, str]:
        return granted.headers(call.method, call.args, self._state.world)

    def _method(self, name: str) -> Method:
        if name not in METHODS:
            raise ApiRefusal("unknown_method", req_method=name)
        return methods()[name]

    def _check_token(self, request: web.Request, raw: Json, method: Method) -> None:
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ").strip() or str(raw.get("token") or "")
        if not token:
            raise ApiRefusal("not_authed")
        wants_app = method.name == APP_TOKEN_METHOD
        if token in {self._tokens.app, self._tokens.bot} and self._state.world.refuses_with:
            raise ApiRefusal(self._state.world.refuses_with)
        if token == (self._tokens.app if wants_app else self._tokens.bot):
            return
        if token in {self._tokens.app, self._tokens.bot}:
            raise ApiRefusal("not_allowed_token_type")
        raise ApiRefusal("invalid_auth")


async def _read(request: web.Request, method: Method) -> Json:
    """Take arguments from the query, then from a form or a JSON body."""
    raw: Json = dict(request.query)
    if request.method != "POST":
        return raw
    if request.content_type != "application/json":
        return raw | {k: v for k, v in (await request.post()).items() if isinstance(v, str)}
    if not method.takes_json:
        raise ApiRefusal("invalid_arguments", "[ERROR] this method takes no JSON body")
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError as unreadable:
        raise ApiRefusal("invalid_json") from unreadable
    if not isinstance(body, dict):
        raise ApiRefusal("json_not_object")
    return raw | body
