"""/start, language, menu, help, commands and the language a client is spoken to in."""

import pytest

from bot.application.config import DeskConfig
from bot.application.conversation.commands import COMMANDS, REGISTERED
from bot.application.conversation.inbound_message import Profile
from bot.application.outbound.to_client import Press
from bot.domain.addresses import Language
from bot.domain.clients.events import AccountMade, LanguageChosen
from bot.wording import say
from tests.support.builders.desk import a_desk
from tests.support.drivers.talker import BANGLA, Talker, a_talker

MENU = ["Ask about privacy", "New ticket", "My tickets", "My data", "Language"]
LANGUAGES = [say("conversation.language_name", language) for language in Language]


async def test_start_offers_the_languages_and_the_menu():
    client = await a_talker()

    assert client.labels == [*LANGUAGES, *MENU]


async def test_start_says_what_is_kept_who_reads_it_how_long_and_how_to_erase_it():
    client = await a_talker(DeskConfig(retention_days=365))

    for word in ("Slack", "one year", "nothing of it goes away by itself yet", "erase", "/mydata"):
        assert word in client.last.text


async def test_the_account_is_made_once_and_acts_in_its_own_name():
    client = await a_talker()

    await client.says("/menu")

    assert len(client.desk.store.accounts) == 1
    assert len(client.desk.facts(AccountMade)) == 1
    assert {row.actor.id for row in client.desk.store.log} == {client.account.id}


async def test_a_client_chooses_bangla_and_is_spoken_to_in_it():
    client = await a_talker()

    await client.taps("বাংলা")

    assert client.account.language is BANGLA
    assert client.account.language_chosen
    assert "নতুন টিকিট" in client.labels
    assert client.desk.facts(LanguageChosen)[0].language == "bn"


async def test_lang_with_a_code_sets_it_and_an_unknown_code_offers_the_choice():
    client = await a_talker()

    await client.says("/lang bn")
    spoken = client.account.language
    await client.says("/lang xx")

    assert spoken is BANGLA
    assert client.labels == LANGUAGES


async def test_the_language_button_offers_the_choice():
    client = await a_talker()

    await client.taps("Language")

    assert client.labels == LANGUAGES


async def test_the_language_of_the_app_is_taken_at_first():
    client = Talker(a_desk(), profile=Profile(display_name="Alice", locale="bn-BD"))

    await client.says("/start")

    assert client.account.language is BANGLA
    assert not client.account.language_chosen


async def test_bangla_script_before_a_choice_is_answered_in_bangla_and_english_is_offered():
    client = await a_talker()

    replies = await client.says("আমার লাইনে সমস্যা")

    assert replies[0].text == say("conversation.send_to_support", BANGLA)
    assert client.labels == LANGUAGES


async def test_bangla_script_after_a_choice_changes_nothing():
    client = await a_talker()
    await client.taps("English")

    replies = await client.says("আমার লাইনে সমস্যা")

    assert len(replies) == 1
    assert client.account.language is Language.EN


async def test_a_changed_name_is_taken_over():
    client = await a_talker()
    client.profile = Profile(display_name="Alice\x00 B.")

    await client.says("/menu")

    assert client.account.display_name == "Alice B."


@pytest.mark.parametrize("name", sorted(COMMANDS))
async def test_every_command_is_answered(name: str):
    client = await a_talker()

    replies = await client.says(f"/{name}")

    assert replies


@pytest.mark.parametrize("name", REGISTERED)
def test_every_registered_command_has_a_description_in_both_languages(name: str):
    for language in Language:
        assert 0 < len(say(f"conversation.command_{name}", language)) <= 256


async def test_commands_reach_the_bot_by_its_name_too():
    client = await a_talker()

    await client.says("/help@some_desk_bot")

    assert "/tickets" in client.last.text


@pytest.mark.parametrize(("typed", "meant"), [("/tikets", "/tickets"), ("/mydat", "/mydata")])
async def test_an_unknown_command_is_answered_with_the_nearest(typed: str, meant: str):
    client = await a_talker()

    await client.says(typed)

    assert client.labels == [meant]
    assert meant in client.last.text


async def test_the_nearest_command_can_be_tapped():
    client = await a_talker()
    await client.says("/halp")

    await client.taps("/help")

    assert "/policy" in client.last.text


async def test_a_command_like_no_other_gets_the_menu():
    client = await a_talker()

    await client.says("/zzzzqqqq")

    assert client.labels == MENU


async def test_a_menu_label_that_is_typed_works_like_the_button():
    client = await a_talker()

    await client.says("my tickets")

    assert client.last.text == say("client_tickets.none")


async def test_the_policy_comes_with_its_headings_and_whole_as_a_file():
    client = await a_talker()

    await client.says("/policy")

    assert "Cookies" in client.replies[-2].text
    assert client.last.document is not None
    assert "We use cookies" in client.last.document.content


async def test_without_a_published_policy_the_desk_says_so():
    client = Talker(a_desk())

    await client.says("/policy")

    assert client.last.text == say("conversation.no_policy")


async def test_cancel_without_anything_to_cancel_says_so():
    client = await a_talker()

    await client.says("/cancel")

    assert client.last.text == say("conversation.nothing_to_cancel")


@pytest.mark.parametrize("verb", ["gone", "", "ticket.explode", "menu\x00"])
async def test_a_button_of_no_known_verb_gives_the_menu(verb: str):
    client = await a_talker()

    await client.presses(Press(verb, "whatever"))

    assert client.labels == MENU


@pytest.mark.parametrize("verb", ["menu", "help", "policy", "mydata", "tickets", "ask", "new"])
async def test_menu_verbs_answer_whatever_stands_behind_them(verb: str):
    client = await a_talker()

    assert await client.presses(Press(verb, ""))


async def test_what_a_link_brings_along_joins_the_only_live_ticket():
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.says("/start order_77")

    assert client.bodies(ticket)[1:] == ["/start order_77"]


async def test_what_a_link_brings_along_is_kept_where_nothing_is_open():
    client = await a_talker()

    await client.says("/start order_77")

    assert client.bodies(None) == ["/start order_77"]
