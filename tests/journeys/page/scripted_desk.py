"""A tiny made-up desk on the stand-ins, so that the page can be tried without the real one.

It speaks through the very clients that the real edges use: python-telegram-bot and Bolt.
"""

import asyncio
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any

import aiosmtplib
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from telegram import (
    Bot,
    BotCommand,
    CallbackQuery,
    InlineKeyboardButton as Key,
    InlineKeyboardMarkup as Keys,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.constants import ChatAction

from handlers.sandbox.environment import Environment

Json = dict[str, Any]

QUOTE = "We keep ticket records for two years, then we delete them."
WELCOME = (
    "<b>Welcome to Privacy Desk.</b>\nAsk about privacy, or open a ticket. Staff read it in Slack."
)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str, value: str) -> Json:
    return {"text": plain(text), "value": value}


def card(number: str, state: str, who: str, words: str) -> list[Json]:
    fields = {"State": state, "Client": "N… J…", "Assignee": who, "Waiting on": "staff"}
    return [
        {"type": "header", "text": plain(f"{number} P2 · No internet since morning")},
        {
            "type": "section",
            "fields": [{"type": "mrkdwn", "text": f"*{k}*\n{v}"} for k, v in fields.items()],
        },
        {"type": "section", "text": {"type": "mrkdwn", "text": f"> {words}"}},
        {
            "type": "context",
            "elements": [
                {
                    "type": "mrkdwn",
                    "text": ":hourglass: First answer due "
                    "<!date^1795365544^{time}|soon> (Asia/Dhaka)",
                }
            ],
        },
        {"type": "actions", "block_id": "acts", "elements": buttons()},
    ]


def buttons() -> list[Json]:
    named = [
        ("Claim", "claim", "primary"),
        ("Reply", "reply", ""),
        ("Note", "note", ""),
        ("Resolve", "resolve", ""),
    ]
    made: list[Json] = []
    for text, action, style in named:
        one: Json = {"type": "button", "text": plain(text), "action_id": action, "value": "T-1"}
        made.append(one | ({"style": style} if style else {}))
    more = [option(each, each.lower()) for each in ("Priority", "Tags", "Assign", "Snooze", "Spam")]
    return [*made, {"type": "overflow", "action_id": "more", "options": more}]


def reply_modal() -> Json:
    greetings = [option("Thanks for waiting", "thanks"), option("We are on it", "onit")]
    return {
        "type": "modal",
        "callback_id": "reply",
        "title": plain("Reply to T-000001"),
        "submit": plain("Send"),
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "*No internet since morning*"}},
            field(
                "canned",
                "Canned reply",
                {"type": "static_select", "options": greetings},
                optional=True,
            ),
            field(
                "text",
                "Your answer",
                {"type": "plain_text_input", "multiline": True},
                hint="The client sees this.",
            ),
            field(
                "language",
                "Language",
                {
                    "type": "radio_buttons",
                    "options": [option("English", "en"), option("বাংলা", "bn")],
                },
                optional=True,
            ),
            field(
                "tags",
                "Tags",
                {
                    "type": "multi_static_select",
                    "options": [option(t, t) for t in ("fibre", "billing")],
                },
                optional=True,
            ),
            field("person", "Tell", {"type": "users_select"}, optional=True),
            field("due", "Due", {"type": "datepicker"}, optional=True),
            field(
                "ticket",
                "Similar ticket",
                {"type": "external_select", "min_query_length": 1},
                optional=True,
            ),
            field(
                "flags",
                "Also",
                {"type": "checkboxes", "options": [option("Resolve after sending", "resolve")]},
                optional=True,
            ),
        ],
    }


def field(name: str, label: str, element: Json, *, optional: bool = False, hint: str = "") -> Json:
    block: Json = {"type": "input", "block_id": name, "label": plain(label)}
    block |= {"element": {"action_id": f"{name}_value", **element}, "optional": optional}
    return block | ({"hint": plain(hint)} if hint else {})


class ScriptedDesk:
    """One ticket, by rote."""

    def __init__(self, world: Environment) -> None:
        given = world.settings_overrides
        token, root = given["TELEGRAM_BOT_TOKEN"], given["TELEGRAM_API_BASE_URL"]
        self.bot = Bot(token, base_url=f"{root}/bot", base_file_url=f"{root}/file/bot")
        base = f"{given['SLACK_API_BASE_URL']}/api/"
        client = AsyncWebClient(token=given["SLACK_BOT_TOKEN"], base_url=base)
        self.app = AsyncApp(client=client, signing_secret=given["SLACK_SIGNING_SECRET"])
        self._app_client = AsyncWebClient(token=given["SLACK_APP_TOKEN"], base_url=base)
        self._smtp_port = int(given["SMTP_URL"].rsplit(":", 1)[1])
        self._card = {"channel": "", "ts": ""}
        self._chat = 0
        self._listen()

    async def introduce(self) -> None:
        named = {"ask": "Ask about privacy", "new": "New ticket", "tickets": "My tickets"}
        await self.bot.set_my_commands([BotCommand(*each) for each in named.items()])
        await self.bot.set_my_short_description("Questions about privacy, and tickets.")

    async def poll(self) -> None:
        offset = 0
        while True:
            for update in await self.bot.get_updates(offset=offset, timeout=5):
                offset = update.update_id + 1
                await self._heard(update)

    async def _heard(self, update: Update) -> None:
        if update.callback_query is not None:
            await self._pressed(update.callback_query)
        elif update.message is not None:
            await self._written(update.message)

    async def _written(self, message: Message) -> None:
        self._chat = message.chat_id
        await self.bot.send_chat_action(message.chat_id, ChatAction.TYPING)
        text = message.text or ""
        if text.startswith("/start"):
            menu = Keys(
                [
                    [Key("Ask about privacy", callback_data="ask")],
                    [Key("New ticket", callback_data="new"), Key("My data", callback_data="data")],
                ]
            )
            await message.reply_text(WELCOME, parse_mode="HTML", reply_markup=menu)
        elif "how long" in text.lower():
            quote = f"The policy says:\n<blockquote>{QUOTE}</blockquote>Section 6. Retention"
            keys = Keys(
                [
                    [
                        Key("Helpful", callback_data="helpful"),
                        Key("Show section", callback_data="section"),
                    ],
                    [Key("Ask a person", callback_data="new")],
                ]
            )
            await message.reply_text(quote, parse_mode="HTML", reply_markup=keys)
        elif message.contact is not None:
            await message.reply_text("Thank you, that is the number on record.")
        else:
            await self._open(message)

    async def _open(self, message: Message) -> None:
        words = message.text or message.caption or "a file"
        posted = await self.app.client.chat_postMessage(
            channel="C0SUPPORT",
            text="T-000001 No internet since morning",
            blocks=card("T-000001", "New", "nobody", words),
        )
        self._card = {"channel": str(posted["channel"]), "ts": str(posted["ts"])}
        await self.app.client.chat_postMessage(
            channel=self._card["channel"], thread_ts=self._card["ts"], text=f"*Client:* {words}"
        )
        await message.reply_text(
            "Ticket <b>T-000001</b> is open. A person answers within <b>4 working hours</b>.",
            parse_mode="HTML",
            do_quote=True,
        )

    async def _pressed(self, query: CallbackQuery) -> None:
        if query.data == "data":
            await query.answer()
            share = KeyboardButton("Share my phone number", request_contact=True)
            keys = ReplyKeyboardMarkup(
                [[share], ["I can't share this number"]],
                resize_keyboard=True,
                one_time_keyboard=True,
            )
            await self.bot.send_message(self._chat, "Please share your number.", reply_markup=keys)
            await self._mail()
            return
        await query.answer("Noted, thank you.")

    async def _mail(self) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"] = "Privacy Desk <desk@sandbox.example>", "nusrat@clients.example"
        mail["Subject"] = "Your code: 482 913"
        mail.set_content(
            "Somebody asked for your data in our chat.\n\nYour code is 482 913. It is good for 15 "
            "minutes.\n\nThis was not you? https://t.me/PrivacyDeskBot?start=f_abc stops it.\n"
        )
        await aiosmtplib.send(mail, hostname="127.0.0.1", port=self._smtp_port)

    def _listen(self) -> None:
        self.app.action("claim")(self._claim)
        self.app.action("reply")(self._reply)
        self.app.action("resolve")(self._resolve)
        self.app.action("more")(self._refuse)
        self.app.view("reply")(self._submitted)
        self.app.options("ticket_value")(self._suggest)
        self.app.event("app_home_opened")(self._home)
        self.app.event("message")(self._ignore)
        self.app.command("/desk")(self._command)

    async def _claim(self, ack: Any, body: Any, client: Any) -> None:
        await ack()
        who = f"<@{body['user']['id']}>"
        await client.chat_update(
            **self._card,
            text="T-000001 claimed",
            blocks=card("T-000001", "Open", who, "No internet since morning"),
        )

    async def _reply(self, ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=reply_modal())

    async def _resolve(self, ack: Any) -> None:
        await ack()
        stars = Keys([[Key("★" * each, callback_data=f"star{each}") for each in range(1, 6)]])
        await self.bot.send_message(self._chat, "Is it solved? How did we do?", reply_markup=stars)

    async def _refuse(self, ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.chat_postEphemeral(
            channel="C0SUPPORT", user=body["user"]["id"], text="That is for agents only."
        )

    async def _suggest(self, ack: Any, payload: Any) -> None:
        found = [f"T-00000{each} {payload['value']}" for each in range(1, 4)]
        await ack(options=[option(each, each) for each in found])

    async def _submitted(self, ack: Any, view: Any, client: Any) -> None:
        values = view["state"]["values"]
        text = values["text"]["text_value"]["value"]
        if len(text) < 10:
            await ack(response_action="errors", errors={"text": "Please write a whole sentence."})
            return
        await ack()
        await self.bot.send_message(self._chat, f"<b>Mina</b>: {text}", parse_mode="HTML")
        await client.chat_postMessage(
            channel="C0SUPPORT",
            thread_ts=self._card["ts"],
            text=f":white_check_mark: Sent to the client:\n> {text}",
        )

    async def _home(self, event: Any, client: Any) -> None:
        ts = self._card["ts"].replace(".", "")
        link = f"<https://sandbox.slack.com/archives/C0SUPPORT/p{ts}|T-000001>"
        section = {"type": "section", "text": {"type": "mrkdwn", "text": f"*My queue* {link}"}}
        page = {
            "type": "home",
            "blocks": [
                {"type": "header", "text": plain("Privacy Desk")},
                section,
                {"type": "divider"},
                {"type": "actions", "elements": buttons()[:2]},
            ],
        }
        await client.views_publish(user_id=event["user"], view=page)

    async def _command(self, ack: Any) -> None:
        await ack("1 open ticket: T-000001")

    async def _ignore(self) -> None:
        """Notes need no answer."""

    @asynccontextmanager
    async def at_work(self):
        """The desk listens on both sides until the block ends."""
        handler = AsyncSocketModeHandler(
            self.app, web_client=self._app_client, app_token=str(self._app_client.token)
        )
        async with self.bot:
            await self.introduce()
            await handler.connect_async()
            polling = asyncio.ensure_future(self.poll())
            try:
                yield self
            finally:
                polling.cancel()
                await asyncio.gather(polling, return_exceptions=True)
                await handler.close_async()
