import pytest
from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import BadRequest

START = [BotCommand("start", "Begin")]


async def test_commands_are_kept_by_language(bot, alice, server):
    await bot.set_my_commands(START)
    await bot.set_my_commands([BotCommand("start", "শুরু")], language_code="bn")

    english, bangla = await bot.get_my_commands(), await bot.get_my_commands(language_code="bn")

    assert (english[0].description, bangla[0].description) == ("Begin", "শুরু")
    assert server.snapshot(alice.id, "bn")["commands"][0]["description"] == "শুরু"
    assert server.snapshot(alice.id, "fr")["commands"][0]["description"] == "Begin"


async def test_the_narrower_scope_is_what_a_private_chat_lists(bot, alice, server):
    await bot.set_my_commands(START)
    await bot.set_my_commands([BotCommand("help", "Help")], scope=BotCommandScopeAllPrivateChats())

    assert server.snapshot(alice.id)["commands"][0]["command"] == "help"
    await bot.delete_my_commands(scope=BotCommandScopeAllPrivateChats())
    assert server.snapshot(alice.id)["commands"][0]["command"] == "start"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ({"command": "Start", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "c" * 33, "description": "x"}, "command length must not exceed 32"),
        ({"command": "c", "description": " "}, "command description must be non-empty"),
        ({"command": "c", "description": "x" * 257}, "description length must not exceed 256"),
        ({"command": "c"}, 'Can\'t find field "description"'),
    ],
)
async def test_a_command_must_be_well_formed(call, blamed, command, words):
    assert words in await call.refusal("setMyCommands", commands=[command])
    assert len(blamed()) == 1


async def test_there_are_at_most_100_commands(call, blamed):
    many = [{"command": f"c{number}", "description": "x"} for number in range(101)]

    assert (
        await call.refusal("setMyCommands", commands=many) == "Bad Request: BOT_COMMANDS_TOO_MUCH"
    )
    assert len(blamed()) == 1


async def test_a_language_is_two_letters(call, blamed):
    refusal = await call.refusal("setMyCommands", commands=[], language_code="english")

    assert refusal == "Bad Request: invalid language code specified"
    assert len(blamed()) == 1


async def test_commands_of_an_unknown_chat_are_refused(bot):
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.set_my_commands(START, scope=BotCommandScopeChat(5))


async def test_descriptions_and_name_are_kept_by_language(bot, alice, server):
    await bot.set_my_short_description("Privacy help")
    await bot.set_my_short_description("গোপনীয়তা", language_code="bn")
    await bot.set_my_description("What this bot does")

    assert (await bot.get_my_short_description("bn")).short_description == "গোপনীয়তা"
    assert (await bot.get_my_description()).description == "What this bot does"
    assert (await bot.get_my_name()).name == "Privacy Desk"
    await bot.set_my_name("Desk")
    assert (await bot.get_my_name()).name == "Desk"
    assert server.snapshot(alice.id, "bn")["short_description"] == "গোপনীয়তা"


@pytest.mark.parametrize(
    ("method", "field", "limit"),
    [
        ("setMyName", "name", 64),
        ("setMyDescription", "description", 512),
        ("setMyShortDescription", "short_description", 120),
    ],
)
async def test_descriptions_have_their_limits(call, blamed, method, field, limit):
    assert await call(method, **{field: "x" * limit})
    await call.refusal(method, **{field: "x" * (limit + 1)})

    assert len(blamed()) == 1


async def test_the_menu_button_is_kept(bot, alice):
    await bot.set_chat_menu_button(alice.id)

    assert (await bot.get_chat_menu_button(alice.id)).type == "default"


async def test_reactions_are_one_and_unpaid(bot, call, alice, blamed):
    said = await alice.say("thanks")
    thumb, heart = ({"type": "emoji", "emoji": one} for one in "👍❤")

    await bot.set_message_reaction(alice.id, said.message_id, "👍")
    two = await call.refusal(
        "setMessageReaction", chat_id=alice.id, message_id=said.message_id, reaction=[thumb, heart]
    )
    paid = await call.refusal(
        "setMessageReaction",
        chat_id=alice.id,
        message_id=said.message_id,
        reaction=[{"type": "paid"}],
    )

    assert (two, paid) == (
        "Bad Request: too many reactions specified",
        "Bad Request: REACTION_INVALID",
    )
    assert len(blamed()) == 2
    with pytest.raises(BadRequest, match="Message to react not found"):
        await bot.set_message_reaction(alice.id, 999, "👍")


@pytest.mark.parametrize("action", ["typing", "upload_document"])
async def test_actions_are_those_of_the_platform(bot, alice, server, clock, action):
    await bot.send_chat_action(alice.id, action)
    now = server.snapshot(alice.id)["is_typing"]
    clock.advance(5)

    assert (now, server.snapshot(alice.id)["is_typing"]) == (True, False)


async def test_an_unknown_action_is_refused(call, alice, blamed):
    refusal = await call.refusal("sendChatAction", chat_id=alice.id, action="dancing")

    assert refusal == "Bad Request: wrong parameter action in request"
    assert len(blamed()) == 1


async def test_places_and_contacts_can_be_sent(bot, call, alice, blamed):
    await bot.send_location(alice.id, 23.8, 90.4)
    await bot.send_venue(alice.id, 23.8, 90.4, "Office", "Road 1")
    await bot.send_contact(alice.id, "+880170", "Desk")

    place, venue, contact = alice.visible[1:]
    assert place.json["location"]["latitude"] == pytest.approx(23.8)
    assert (venue.json["venue"]["title"], contact.json["contact"]["first_name"]) == (
        "Office",
        "Desk",
    )
    await call.refusal("sendLocation", chat_id=alice.id, latitude=91, longitude=0)
    assert len(blamed()) == 1
