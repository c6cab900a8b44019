"""What the sandbox delivers has the shape that the Bot API defines, says another maker's model."""

import json
from typing import Any

import pytest
from telegram import InputMediaPhoto, Message, ReplyParameters, Update

from handlers.sandbox.telegram import Attachment
from handlers.sandbox.telegram.clients.attachments import PIXEL
from handlers.sandbox.telegram.schema import _schema
from tools.compact_telegram_schema import compact

GO = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


class Specification:
    """Finds what a JSON value has that its type has not, and the other way round."""

    def __init__(self, api: dict[str, Any]) -> None:
        self._types = api["types"]
        self._methods = api["methods"]

    def result(self, method: str, value: object) -> list[str]:
        return self._any(value, self._methods[method]["returns"], method)

    def troubles(self, value: Any, kind: str, at: str) -> list[str]:
        if kind.startswith("Array of "):
            inner = kind.removeprefix("Array of ")
            return [one for item in value for one in self.troubles(item, inner, at)]
        if kind not in self._types:
            return self._scalar(value, kind, at)
        definition = self._types[kind]
        if "subtypes" in definition:
            return self._any(value, definition["subtypes"], at)
        return self._fields(value, definition.get("fields", []), f"{at}:{kind}")

    def _any(self, value: Any, kinds: list[str], at: str) -> list[str]:
        return min((self.troubles(value, kind, at) for kind in kinds), key=len)

    def _scalar(self, value: object, kind: str, at: str) -> list[str]:
        native = {
            "Integer": int,
            "Float": float | int,
            "String": str,
            "Boolean": bool,
            "True": bool,
        }[kind]
        return [] if isinstance(value, native) else [f"{at}: {value!r} is no {kind}"]

    def _fields(self, value: object, fields: list[dict], at: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{at}: {value!r} is no object"]
        known = {one["name"]: one for one in fields}
        found = [f"{at}.{name} is unknown" for name in value if name not in known]
        found += [
            f"{at}.{name} is missing"
            for name, one in known.items()
            if one["required"] and name not in value
        ]
        for name, item in value.items():
            if name in known:
                found += self._any(item, known[name]["types"], f"{at}.{name}")
        return found


def extras(model: Any, at: str = "") -> list[str]:
    """Fields that aiogram's models do not know, however deep."""
    found = [f"{at}.{name}" for name in (getattr(model, "model_extra", None) or {})]
    for name in type(model).model_fields if hasattr(type(model), "model_fields") else ():
        value = getattr(model, name)
        for one in value if isinstance(value, list) else [value]:
            found += extras(one, f"{at}.{name}")
    return found


async def everything_that_arrives(call, server, alice) -> list[dict[str, Any]]:
    said = await alice.say("/start see https://a.example @someone")
    await alice.edit(said, "changed")
    await call("sendMessage", chat_id=alice.id, text="Well?", reply_markup=GO)
    seen = alice.last
    await alice.reply_to(seen, "why", quote="Well")
    await alice.tap("Go")
    await call("deleteMessage", chat_id=alice.id, message_id=seen.message_id)
    await alice.tap("Go", stale=seen)
    kinds = ("photo", "document", "voice", "video", "audio", "animation", "sticker", "video_note")
    for kind in kinds:
        await alice.attach(Attachment(kind, name="file.bin", caption="/note"))
    await alice.send_album([Attachment(), Attachment()])
    await alice.send_location()
    await alice.share_contact()
    await alice.share_contact(forwarded=True)
    await alice.forward("x")
    await alice.forward("x", alice.face)
    await alice.block()
    await alice.start("payload")
    group = server.group("Team", [alice], is_bot_admin=True)
    await group.say(alice, "hello")
    await group.remove_bot()
    await server.channel("News").post("extra")
    return await call("getUpdates")


async def test_updates_have_the_defined_shape(call, server, alice, specification):
    updates = await everything_that_arrives(call, server, alice)

    check = Specification(specification)
    assert [one for update in updates for one in check.troubles(update, "Update", "")] == []


async def test_another_makers_models_take_the_updates(call, server, alice, aiogram):
    updates = await everything_that_arrives(call, server, alice)

    # Its models are of a later Bot API, which gives administrators one more right.
    models = [
        aiogram.types.Update.model_validate(update)
        for update in updates
        if '"administrator"' not in json.dumps(update)
    ]

    assert [one for model in models for one in extras(model)] == []
    assert all(model.event_type for model in models)


async def test_the_library_reads_every_update(bot, call, server, alice):
    updates = await everything_that_arrives(call, server, alice)

    for raw in updates:
        update = Update.de_json(raw, bot)
        holders = [getattr(update, name) for name in raw if name != "update_id"]
        assert all(holder is not None for holder in holders)
        assert not any(holder.api_kwargs for holder in holders)


CALLS = [
    ("getMe", {}),
    ("getWebhookInfo", {}),
    ("getChat", {"chat_id": "alice"}),
    ("sendMessage", {"chat_id": "alice", "text": "<b>x</b>", "parse_mode": "HTML"}),
    ("sendMessage", {"chat_id": "alice", "text": "x", "reply_markup": GO, "protect_content": True}),
    ("sendMessage", {"chat_id": "alice", "text": "x", "reply_parameters": {"message_id": 1}}),
    (
        "sendMessage",
        {"chat_id": "alice", "text": "x", "link_preview_options": {"is_disabled": True}},
    ),
    ("sendLocation", {"chat_id": "alice", "latitude": 1, "longitude": 2}),
    (
        "sendVenue",
        {"chat_id": "alice", "latitude": 1, "longitude": 2, "title": "t", "address": "a"},
    ),
    ("sendContact", {"chat_id": "alice", "phone_number": "1", "first_name": "a"}),
    ("forwardMessage", {"chat_id": "alice", "from_chat_id": "alice", "message_id": 1}),
    ("copyMessage", {"chat_id": "alice", "from_chat_id": "alice", "message_id": 1}),
    ("copyMessages", {"chat_id": "alice", "from_chat_id": "alice", "message_ids": [1]}),
    ("getMyCommands", {}),
    ("getMyName", {}),
    ("getMyDescription", {}),
    ("getMyShortDescription", {}),
    ("getChatMenuButton", {}),
    ("sendChatAction", {"chat_id": "alice", "action": "typing"}),
]


@pytest.mark.parametrize(("method", "parameters"), CALLS)
async def test_results_have_the_defined_shape(call, alice, specification, method, parameters):
    named = {key: alice.id if value == "alice" else value for key, value in parameters.items()}

    result = await call(method, **named)

    assert Specification(specification).result(method, result) == []


async def test_files_and_members_have_the_defined_shape(call, server, alice, specification):
    check = Specification(specification)
    group = server.group("Team", [alice])
    photo = await alice.send_photo()
    for method, parameters in (
        ("getFile", {"file_id": photo.file_id}),
        ("sendPhoto", {"chat_id": alice.id, "photo": photo.file_id, "caption": "/x"}),
        (
            "sendMediaGroup",
            {"chat_id": alice.id, "media": [{"type": "photo", "media": photo.file_id}] * 2},
        ),
        ("getChatMember", {"chat_id": group.id, "user_id": alice.id}),
        ("getChatMember", {"chat_id": group.id, "user_id": server.world.bot["id"]}),
        ("getChatAdministrators", {"chat_id": group.id}),
        ("getChat", {"chat_id": group.id}),
    ):
        assert check.result(method, await call(method, **parameters)) == []


async def test_the_library_reads_results_without_leftovers(bot, alice):
    said = await alice.say("hello there")
    quoted = await bot.send_message(
        alice.id, "x", reply_parameters=ReplyParameters(said.message_id, quote="hello")
    )
    album = await bot.send_media_group(alice.id, [InputMediaPhoto(PIXEL)] * 2)
    forwarded = await bot.forward_message(alice.id, alice.id, said.message_id)
    edited = await bot.edit_message_text("y", alice.id, quoted.message_id)

    for message in (quoted, *album, forwarded, edited):
        assert isinstance(message, Message)
        assert not message.api_kwargs


def test_the_package_holds_the_current_definitions(specification):
    assert _schema() == compact(specification)
