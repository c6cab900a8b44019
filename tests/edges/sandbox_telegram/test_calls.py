"""The wire itself: tokens, methods, parameters in every form, and what is recorded of them."""

import json

import aiohttp
import pytest
from telegram import Bot
from telegram.error import InvalidToken


async def test_the_bot_introduces_itself(bot, server):
    me = await bot.get_me()

    assert (me.id, me.is_bot, me.username) == (777000, True, "PrivacyDeskBot")
    assert server.record.by_method["getMe"] == 2


async def test_a_wrong_token_is_unauthorized(server):
    stranger = Bot("1:wrong", base_url=f"{server.root_url}/bot")

    with pytest.raises(InvalidToken):
        await stranger.initialize()

    await stranger.shutdown()


async def test_a_malformed_token_or_path_is_not_found(call):
    assert (await call.get("/botnonsense/getMe"))[0] == 404
    assert (await call.get("/"))[0] == 404
    assert (await call.get("/file/bot1:wrong/photos/x.jpg"))[0] == 401


@pytest.mark.parametrize("name", ["getMe", "GETME", "getme"])
async def test_method_names_are_not_case_sensitive(call, name):
    assert (await call(name))["is_bot"]


async def test_parameters_come_as_query_form_json_or_multipart(call, alice, server):
    chat = str(alice.id)
    multipart = aiohttp.FormData({"chat_id": chat, "text": "four"}, default_to_multipart=True)

    await call.get(f"/bot{server.token}/sendMessage?chat_id={chat}&text=one")
    await call.post("sendMessage", data={"chat_id": chat, "text": "two"})
    await call.post("sendMessage", json={"chat_id": alice.id, "text": "three"})
    await call.post("sendMessage", data=multipart)

    assert [one.text for one in alice.visible[1:]] == ["one", "two", "three", "four"]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": 1}, "message text is empty"),
        ({"chat_id": 1, "text": "x", "txt": "y"}, "unknown parameter txt"),
        ({"chat_id": 1, "text": "x", "protect_content": "perhaps"}, "must be of type Boolean"),
        ({"chat_id": 1, "text": "x", "entities": "[{"}, 'Can\'t parse "entities" JSON object'),
        ({"chat_id": 1, "text": "x", "entities": {}}, "must be of type Array"),
        ({"chat_id": 1, "text": "x", "reply_parameters": []}, "must be of type Object"),
        ({"chat_id": 1, "text": "x", "reply_parameters": {}}, 'Can\'t find field "message_id"'),
        ({"chat_id": 1, "text": "x", "message_thread_id": "one"}, "must be of type Number"),
    ],
)
async def test_parameters_must_be_those_of_the_bot_api(call, blamed, parameters, words):
    assert words in await call.refusal("sendMessage", **parameters)
    assert len(blamed()) == 1


async def test_a_number_is_not_a_text(call, alice, blamed):
    status, body = await call.post("sendMessage", json={"chat_id": alice.id, "text": 5})

    assert (status, "must be of type String" in body["description"]) == (400, True)
    assert len(blamed()) == 1


async def test_other_methods_of_the_bot_api_are_refused_as_not_of_the_sandbox(call, blamed):
    known = await call.refusal("sendPoll")
    unknown = await call.refusal("sendTelepathy")

    assert known == "Not Found: method sendPoll is not implemented in the sandbox"
    assert unknown == "Not Found: method not found"
    assert len(blamed()) == 2


@pytest.mark.parametrize("text", [b"text=%ff", b"text=\xff"])
async def test_texts_must_be_utf8(call, alice, blamed, text):
    body = f"chat_id={alice.id}&".encode() + text
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    _, answer = await call.post("sendMessage", data=body, headers=headers)

    assert answer["description"] == "Bad Request: strings must be encoded in UTF-8"
    assert len(blamed()) == 1


async def test_a_lone_surrogate_is_refused(call, alice, blamed):
    body = f'{{"chat_id": {alice.id}, "text": "\\ud800"}}'
    headers = {"Content-Type": "application/json"}

    _, answer = await call.post("sendMessage", data=body, headers=headers)

    assert answer["description"] == "Bad Request: strings must be encoded in UTF-8"
    assert len(blamed()) == 1


@pytest.mark.parametrize("body", ["[1]", "{", "[" * 100_000])
async def test_a_json_body_must_be_an_object(call, blamed, body):
    headers = {"Content-Type": "application/json"}

    status, _ = await call.post("getMe", data=body, headers=headers)

    assert status == 400
    assert len(blamed()) == 1


async def test_every_call_is_recorded_with_its_chat_and_time(call, alice, server, clock):
    clock.advance(5)
    await call("sendMessage", chat_id=alice.id, text="x")

    last = server.calls[-1]

    assert (last.method, last.chat_id, last.at, last.status) == (
        "sendMessage",
        alice.id,
        clock.now,
        200,
    )


async def test_a_chat_that_never_wrote_is_not_found(call, server):
    server.user(5, "Eve")

    for chat_id in (5, 6, "@nobody"):
        refusal = await call.refusal("sendMessage", chat_id=chat_id, text="x")
        assert refusal == "Bad Request: chat not found"


async def test_a_user_id_has_at_most_52_bits(server):
    server.user(2**52 - 1)

    with pytest.raises(ValueError, match=str(2**52)):
        server.user(2**52)


async def test_closing_at_once_is_too_early_and_a_logged_out_bot_is_told(call, clock):
    status, body = await call.raw("close")
    clock.advance(600)
    closed = await call("close")

    await call("logOut")

    assert (status, body["parameters"]["retry_after"]) == (429, 601)
    assert closed is True
    assert await call.refusal("getMe") == "Bad Request: logged out"


async def test_answers_are_json_with_the_status_of_the_code(call):
    async with call.session.get(call.url("getMe")) as answer:
        body = await answer.text()

    assert answer.content_type == "application/json"
    assert json.loads(body)["ok"] is True
