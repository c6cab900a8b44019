"""A code that is not taken: a dead one is called so, and refusals end with the way to staff."""

import re
from collections.abc import Awaitable, Callable

import pytest

from bot.application.outbound.to_client import Press, Reply
from bot.domain.addresses import Language
from bot.domain.requests.states import RequestState
from bot.wording import say
from tests.support.drivers.asker import EMAIL, Asker, a_person, an_asker
from tests.unit.requests.codes import asked
from tests.unit.requests.test_packages_in_time import lapsed

BUTTON = "I can't read that e-mail"
Act = Callable[[Asker], Awaitable[object]]


def labels(reply: Reply) -> list[str]:
    return [choice.label for row in reply.rows for choice in row]


async def wrong(client: Asker, times: int = 1) -> None:
    for guess in range(times):
        await client.says(f"{guess:08d}")


async def lets_it_grow_old(client: Asker) -> None:
    client.desk.clock.go_on(minutes=11)
    await client.says("12345678")


async def tries_it_out(client: Asker) -> None:
    await wrong(client, 5)


async def types_an_older_one(client: Asker) -> None:
    older = client.code if client.letters else "12345678"
    client.desk.clock.go_on(minutes=2)
    await client.taps("Send me a code")
    await client.says(older)


async def asks_too_often(client: Asker) -> None:
    for _ in range(7):
        await client.taps("Send me a code")


async def locks_the_chat(client: Asker) -> None:
    await wrong(client, 5)
    client.desk.clock.go_on(minutes=5)
    await client.taps("Send me a code")
    await wrong(client, 5)


async def shares_too_early(client: Asker) -> None:
    await client.shares()


REFUSALS = {
    wrong: "did not work",
    lets_it_grow_old: "no longer valid: its 10 minutes are over",
    tries_it_out: "no longer valid: after five wrong tries",
    types_an_older_one: "only the newest works: the older ones are no longer valid",
    asks_too_often: "after too many none is sent",
    locks_the_chat: "Too many wrong codes were typed in this chat",
    shares_too_early: "First type the eight digits",
}


@pytest.mark.parametrize("act", REFUSALS, ids=lambda act: act.__name__)
async def test_a_refusal_says_what_it_is_and_names_the_staff_path(act: Act):
    client = await asked()

    await act(client)

    assert REFUSALS[act] in client.text
    assert f"press {BUTTON}" in client.text
    assert "our staff" in client.text
    assert BUTTON in labels(client.last)


@pytest.mark.parametrize("act", REFUSALS, ids=lambda act: act.__name__)
@pytest.mark.parametrize("kind", ["unknown", "erased", "locked"])
async def test_a_refusal_is_the_same_for_an_address_that_is_not_on_record(act: Act, kind: str):
    """The one who knows the address only hears what the one who knows none hears."""
    told: list[list[tuple[str, list[str]]]] = []
    for each in ("known", kind):
        client = await an_asker()
        person = a_person(client.desk)
        if each == "unknown":
            del client.desk.store.people[person.id]
        if each == "erased":
            person.erased_at, person.contacts = client.desk.clock.now(), ()
        if each == "locked":
            await locks_the_chat(await asked("666", desk=client.desk))
        before = len(client.replies)
        await client.says("/erase")
        await client.says(EMAIL)
        await act(client)
        heard = client.replies[before:]
        told.append([(re.sub(r"R-\d+", "R-", one.text), labels(one)) for one in heard])

    assert told[0] == told[1]


async def test_the_staff_path_that_a_refusal_names_opens():
    client = await asked()
    await locks_the_chat(client)

    await client.taps(BUTTON)

    assert client.request.facts.path_m_at is not None


async def test_a_code_that_worked_is_called_used_and_the_next_word_works():
    client = await asked()
    code = client.code
    await client.says(code)

    await client.says(code)
    told = client.text
    await client.says("/status")

    assert "it was used already, and it worked. Write /status" in told
    assert client.request.number in client.text


async def test_whoever_needs_no_code_any_more_is_told_so():
    client = await asked()
    await client.taps(BUTTON)

    await wrong(client)

    assert "You need no code: our staff are making sure" in client.text


async def test_where_nothing_waits_for_a_code_the_words_that_are_named_work():
    client = await asked()
    await client.taps("Withdraw")

    await wrong(client)
    told = client.text
    await client.says("/mydata")
    await client.taps(say("client_data.erase"))

    assert "Nothing here waits for a code now." in told
    assert BUTTON in labels(client.last)


async def test_in_the_talk_of_older_tickets_the_button_says_how_staff_can_help():
    client = await an_asker()
    a_person(client.desk)
    await client.presses(Press("link"))
    await client.says(EMAIL)

    await tries_it_out(client)
    told = client.text
    await client.taps(BUTTON)

    assert "I then say how our staff can help" in told
    assert "our staff can make sure in another way" in client.text


async def test_a_package_that_is_made_ready_again_names_the_words_that_reach_staff():
    client = await lapsed()
    await client.taps("Send me a code")
    await wrong(client)
    told, offered = client.text, labels(client.last)

    await client.says("I have no such mailbox any more.")
    await client.taps(f"About {client.request.number}")

    assert client.request.state is RequestState.UNDELIVERED
    assert "write to us here: our staff read it" in told
    assert BUTTON not in offered
    kept = [one.ticket for one in client.desk.store.messages.values()]
    assert kept[-1] == client.request.ticket


@pytest.mark.parametrize("verdict", ["not_own", "no_match", "forwarded"])
async def test_a_refused_number_is_followed_by_the_way_without_it(verdict: str):
    client = await asked()
    await client.says(client.code)

    if verdict == "not_own":
        heard = await client.shares(of="99")
    elif verdict == "forwarded":
        heard = await client.shares(forwarded=True)
    else:
        heard = await client.shares("+8801700000000")

    assert say(f"identity.phone_{verdict}") in client.said(heard)
    assert "our staff may ring the number on our records" in client.said(heard)
    assert "I can't share this number" in [label for one in heard for label in labels(one)]


def test_every_way_out_is_told_in_both_languages_with_the_labels_of_its_buttons():
    for language in Language:
        button = say("identity.button_cannot_read", language)
        again = say("identity.button_send_code", language)

        assert again in say("identity.code_new", language)
        for key in ("way_request", "way_link", "code_on_its_way"):
            assert button in say(f"identity.{key}", language)
