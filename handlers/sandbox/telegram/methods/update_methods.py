"""How the bot gets its updates: by polling or by a webhook, never by both."""

import re
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from handlers.sandbox.telegram.methods.method_call import Ask, Method
from handlers.sandbox.telegram.refusals import (
    POLL_ENDED,
    WEBHOOK_ACTIVE,
    WEBHOOK_KEY_CHARACTERS,
    WEBHOOK_KEY_TOO_LONG,
    WEBHOOK_NOT_HTTPS,
    WEBHOOK_PORT,
    conflict,
    mistake,
    too_many,
)
from handlers.sandbox.telegram.state.updates import BATCH_LIMIT
from handlers.sandbox.telegram.state.world import World
from handlers.sandbox.telegram.webhook import CONNECTIONS, Webhook

Json = dict[str, Any]

POLL_SECONDS: Final = 50
KEY_LENGTH: Final = 256
CLOSE_AFTER: Final = 600
HTTPS_PORT: Final = 443
WEBHOOK_PORTS: Final = frozenset({80, 88, HTTPS_PORT, 8443})
_KEY: Final = re.compile(r"[A-Za-z0-9_-]*")


class Written(str):
    """A result that is JSON text already."""

    __slots__ = ()


class Reception:
    """The two ways to the bot, and which of them is open."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._began = world.clock()
        self.webhook: Webhook | None = None
        self.is_logged_out = False

    async def stop(self) -> None:
        """Ends deliveries; a webhook that is set stays set."""
        if self.webhook is not None:
            await self.webhook.stop()

    def resume(self) -> None:
        """After a restart of the server: what is pending goes out again."""
        if self.webhook is not None:
            self._open(self.webhook)

    def methods(self) -> dict[str, Method]:
        return {
            "getUpdates": self.get_updates,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
            "logOut": self.log_out,
            "close": self.close,
        }

    async def get_updates(self, ask: Ask) -> Written:
        if self.webhook is not None:
            raise conflict(WEBHOOK_ACTIVE)
        if "allowed_updates" in ask.given:
            self._world.updates.allowed = ask.given["allowed_updates"]
        limit = ask.given.get("limit", BATCH_LIMIT)
        seconds = min(max(ask.given.get("timeout", 0), 0), POLL_SECONDS)
        batch = await self._world.updates.poll(
            ask.given.get("offset", 0), min(max(limit, 1), BATCH_LIMIT), seconds
        )
        return Written(batch)

    async def set_webhook(self, ask: Ask) -> bool:
        """An empty URL removes the webhook; plain http is taken for this machine only."""
        url = ask.given.get("url", "")
        if not url:
            return await self.delete_webhook(ask)
        _check_url(url)
        _check_key(ask.given.get("secret_token", ""))
        await self._replace(ask, self._made(ask, url))
        return True

    async def delete_webhook(self, ask: Ask) -> bool:
        await self._replace(ask, None)
        return True

    def get_webhook_info(self, _ask: Ask) -> Json:
        pending = {"pending_update_count": len(self._world.updates.pending)}
        if self.webhook is None:
            return {"url": "", "has_custom_certificate": False, **pending}
        hook = self.webhook
        failed = {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
        allowed = self._world.updates.allowed
        return {
            "url": hook.url,
            "has_custom_certificate": False,
            **pending,
            "max_connections": hook.max_connections,
            "ip_address": "127.0.0.1",
            **({"allowed_updates": allowed} if allowed else {}),
            **(failed if hook.last_error else {}),
        }

    def log_out(self, _ask: Ask) -> bool:
        self.is_logged_out = True
        return True

    def close(self, _ask: Ask) -> bool:
        """The platform refuses this in the first ten minutes after the bot is launched."""
        running = self._world.clock() - self._began
        if running < CLOSE_AFTER:
            raise too_many(int(CLOSE_AFTER - running) + 1)
        return True

    def _made(self, ask: Ask, url: str) -> Webhook:
        return Webhook(
            url,
            ask.given.get("secret_token", ""),
            self._world.updates,
            self._world.clock,
            ask.given.get("max_connections", CONNECTIONS),
        )

    async def _replace(self, ask: Ask, webhook: Webhook | None) -> None:
        updates = self._world.updates
        if "allowed_updates" in ask.given:
            updates.allowed = ask.given["allowed_updates"]
        if ask.given.get("drop_pending_updates"):
            updates.drop_pending()
        await self.stop()
        self.webhook, updates.push = webhook, None
        if webhook is not None:
            updates.end_poll(conflict(POLL_ENDED))
            self._open(webhook)

    def _open(self, webhook: Webhook) -> None:
        self._world.updates.push = webhook.offer
        for update in self._world.updates.pending:
            webhook.offer(update)


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(parts.hostname or "")):
        raise mistake(WEBHOOK_NOT_HTTPS)
    if parts.scheme == "https" and (parts.port or HTTPS_PORT) not in WEBHOOK_PORTS:
        raise mistake(WEBHOOK_PORT)


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _check_key(key: str) -> None:
    if len(key) > KEY_LENGTH:
        raise mistake(WEBHOOK_KEY_TOO_LONG)
    if not _KEY.fullmatch(key):
        raise mistake(WEBHOOK_KEY_CHARACTERS)
