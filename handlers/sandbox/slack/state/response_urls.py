"""Response URLs: a way back to where a person acted, five posts within half an hour."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from handlers.sandbox.slack import limits
from handlers.sandbox.slack.block_kit.block_state import filled_in
from handlers.sandbox.slack.block_kit.blocks import check_message_blocks
from handlers.sandbox.slack.block_kit.checks import Findings
from handlers.sandbox.slack.record import Record
from handlers.sandbox.slack.state.posts import Posts
from handlers.sandbox.slack.workspace import APP, BOT, TEAM, Channel, Message, Workspace

Json = dict[str, Any]
KNOWN = frozenset(
    {
        "text",
        "blocks",
        "attachments",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
        "metadata",
        "mrkdwn",
    }
)


@dataclass
class Way:
    """One response URL and what it may still do."""

    user: str
    channel: str
    message: Message | None
    born: float
    left: int = limits.RESPONSE_URL_POSTS


class ResponseUrls:
    """Makes response URLs and serves the posts to them."""

    def __init__(self, world: Workspace, posts: Posts, record: Record) -> None:
        self._world = world
        self._posts = posts
        self._record = record
        self._ways: dict[str, Way] = {}
        self.root = ""

    def new(self, kind: str, user: str, channel: str, message: Message | None = None) -> str:
        """Make one; kind is `actions`, `commands` or `app`."""
        secret = secrets.token_urlsafe(18)
        self._ways[secret] = Way(user, channel, message, self._world.clock.now())
        return f"{self.root}/{kind}/{TEAM}/{len(self._ways)}/{secret}"

    async def endpoint(self, request: web.Request) -> web.Response:
        way = self._ways.get(request.match_info["secret"])
        refusal = self._refusal(way)
        if way is None or refusal:
            self._record.violation("response_url", request.path, refusal)
            return web.json_response({"ok": False, "error": refusal}, status=404)
        way.left -= 1
        try:
            body = json.loads(await request.text())
        except ValueError:
            body = None
        wrong = self._wrong(body)
        if body is None or wrong:
            self._record.violation("response_url", request.path, wrong)
            return web.json_response({"ok": False, "error": wrong}, status=400)
        self.respond(way, body)
        return web.json_response({"ok": True})

    def command_answer(self, user: str, channel: str, body: Json) -> None:
        """Show what the app answered right in its acknowledgement of a command."""
        wrong = self._wrong(body)
        if wrong:
            self._record.violation("command_answer", "ack", wrong)
        elif body.get("text") or body.get("blocks"):
            self.respond(Way(user, channel, None, 0.0), body)

    def respond(self, way: Way, body: Json) -> None:
        """Replace, delete or add, as the body says."""
        channel = self._world.channels[way.channel]
        if body.get("delete_original") and way.message is not None:
            self._remove(channel, way.message)
        elif body.get("replace_original") and way.message is not None:
            self._replace(channel, way.message, body)
        else:
            self._add(channel, way, body)

    def _refusal(self, way: Way | None) -> str:
        if way is None or self._world.clock.now() - way.born > limits.RESPONSE_URL:
            return "expired_url"
        return "used_url" if way.left <= 0 else ""

    def _wrong(self, body: Any) -> str:  # noqa: ANN401 - whatever was posted
        if not isinstance(body, dict):
            return "invalid_payload"
        if body.keys() - KNOWN:
            return "invalid_payload: " + ", ".join(sorted(body.keys() - KNOWN))
        findings = Findings()
        check_message_blocks(body.get("blocks") or [], findings)
        if findings.wrong:
            return "invalid_blocks: " + "; ".join(findings.wrong)
        said = body.get("text") or body.get("blocks") or body.get("attachments")
        return "" if said or body.get("delete_original") else "no_text"

    def _add(self, channel: Channel, way: Way, body: Json) -> None:
        message = self._posts.new(channel, self._world.bot.id, body.get("text") or "", bot_id=BOT)
        message.app_id = APP
        message.blocks = self._kept(body)
        message.thread_ts = body.get("thread_ts") or ""
        if body.get("response_type") == "in_channel":
            self._posts.post(channel, message)
        else:
            self._posts.post_ephemeral(message, way.user)

    def _replace(self, channel: Channel, message: Message, body: Json) -> None:
        text, blocks = body.get("text") or "", self._kept(body)
        if message.seen_by:
            message.text, message.blocks = text, blocks
            self._posts.ephemerals[message.seen_by].remove(message)
            self._posts.post_ephemeral(message, message.seen_by)
        else:
            self._posts.edit(channel, message, "", text=text, blocks=blocks)

    def _remove(self, channel: Channel, message: Message) -> None:
        if message.seen_by:
            self._posts.ephemerals[message.seen_by].remove(message)
        else:
            self._posts.delete(channel, message)

    def _kept(self, body: Json) -> list[Json]:
        return filled_in(body.get("blocks") or [], lambda: secrets.token_urlsafe(4))
