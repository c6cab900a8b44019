"""One-time codes in a chat: neutral before, good once, secret always."""

import pytest

from bot.application.conversation.api import receive
from bot.application.conversation.inbound_message import Incoming
from bot.application.outbound.to_client import Reply
from bot.application.outbound.to_mailbox import MailCode
from bot.application.ports.queues import ClaimedDelivery, Unknown
from bot.domain.addresses import SYSTEM
from bot.domain.identity.challenges import NO_MAC
from bot.domain.identity.events import LimitReached
from bot.domain.requests.states import RequestState
from bot.wording import say
from tests.support.builders.desk import a_desk
from tests.support.drivers.asker import EMAIL, Asker, a_person, an_asker
from tests.support.drivers.whole_turns import settle_and_claim
from tests.unit.requests.codes import asked

WRONG, TOO_OLD, TRIED_OUT, USED = (
    say(f"identity.{key}")
    for key in ("code_not_accepted", "code_too_old", "code_tried_out", "code_used")
)


async def heard_by(kind: str) -> list[Reply]:
    """All that somebody hears who claims an address of that kind and guesses once."""
    desk = a_desk()
    client = await an_asker(desk)
    person = a_person(desk)
    if kind == "erased":
        person.erased_at, person.contacts = desk.clock.now(), ()
    if kind == "unknown":
        del desk.store.people[person.id]
    if kind == "locked":
        await lock(desk)
    if kind == "shared":
        a_person(desk, "twin", phones=())
    before = len(client.replies)
    await client.says("/erase")
    await client.says(EMAIL)
    await client.says("12345678")
    await client.taps("Send me a code")
    await client.says("/status")
    return client.replies[before:]


async def lock(desk: object) -> None:
    """Ten wrong codes in a row, from another chat."""
    stranger = await asked("666", desk=desk)
    for _ in range(2):
        for guess in range(5):
            await stranger.says(f"{guess:08d}")
        stranger.desk.clock.go_on(minutes=4)
        await stranger.taps("Send me a code")


@pytest.mark.parametrize("kind", ["unknown", "locked", "erased", "shared"])
async def test_every_address_gets_the_same_words_in_the_same_order(kind: str):
    """CVE-2024-45052 and its like: nobody learns from a reply who is a client."""
    known = await heard_by("known")
    other = await heard_by(kind)

    assert [one.text.replace("R-000002", "R-000001") for one in other] == [
        one.text for one in known
    ]
    assert [[c.label for row in one.rows for c in row] for one in other] == [
        [c.label for row in one.rows for c in row] for one in known
    ]


@pytest.mark.parametrize("kind", ["known", "unknown"])
async def test_every_address_makes_the_same_rows(kind: str):
    client = await an_asker()
    if kind == "known":
        a_person(client.desk)
    await client.says("/erase")
    client.desk.carry_out()

    await client.desk.bus.handle(SYSTEM, _type, client)

    assert len(client.desk.store.challenges) == 1
    assert len(client.desk.deliveries(MailCode)) == 1
    assert len(client.desk.outbox) == 2
    proof = [one for one in client.desk.store.spendings if one.kind != "chat_acts"]
    kinds = sorted(bucket.kind for bucket in proof)
    assert kinds == [
        "all_codes",
        "chat_addresses",
        "chat_challenges",
        "chat_steps",
        "subject_codes",
    ]


async def _type(work: object, client: Asker) -> None:
    await receive(work, address=client.address, incoming=Incoming(text=EMAIL))  # pyright: ignore[reportArgumentType]


async def test_a_code_goes_only_to_an_address_on_record():
    client = await asked()

    await client.says("thief@evil.example")

    assert {letter.to for letter in client.letters} == {EMAIL}


async def test_the_mail_names_the_action_and_warns_and_freezes():
    client = await asked()

    letter = client.letters[-1]

    assert letter.subject == "Your code: ERASING your data"
    assert "erasing your data (R-000001)" in letter.text
    assert "Never pass this on" in letter.text
    assert "f_" in letter.text


async def test_the_row_of_a_code_names_the_challenge_only():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")
    await client.desk.bus.handle(SYSTEM, _type, client)

    (row,) = client.desk.deliveries(MailCode)
    (challenge,) = client.desk.store.challenges.values()

    assert row == MailCode(challenge.id)
    assert challenge.mac == NO_MAC
    assert EMAIL not in repr(challenge)


async def test_the_right_code_is_good_once():
    """CVE-2026-107276, GHSA-2299-ghjr-6vjp: one code let two in."""
    client = await asked()
    code = client.code
    await client.says(code)
    await client.says(code)

    assert client.last.text == USED


async def test_a_newer_code_voids_the_older():
    client = await asked()
    first = client.code
    client.desk.clock.go_on(minutes=2)
    await client.taps("Send me a code")
    assert client.code != first

    await client.says(first)
    assert client.last.text.startswith(WRONG)
    await client.says(client.code)
    assert client.request.facts.proofs.code_at is not None


async def test_a_code_that_is_good_stays_so_when_another_is_refused():
    client = await asked()
    await client.taps("Send me a code")

    await client.says(client.code)

    assert len(client.letters) == 1
    assert client.request.facts.proofs.code_at is not None


async def test_a_code_is_good_for_ten_minutes():
    client = await asked()
    client.desk.clock.go_on(minutes=10)

    await client.says(client.code)

    assert client.last.text.startswith(TOO_OLD)
    assert client.request.facts.proofs.code_at is None


async def test_five_wrong_tries_end_a_code():
    client = await asked()
    for guess in range(5):
        await client.says(f"{guess:08d}")

    await client.says(client.code)

    assert client.last.text.startswith(TRIED_OUT)


async def test_a_code_is_worth_nothing_in_another_chat():
    client = await asked()
    thief = await asked("666", desk=client.desk)

    await thief.says(client.code)

    assert thief.last.text.startswith(WRONG)
    assert thief.request.facts.proofs.code_at is None


async def test_a_code_for_one_request_proves_no_other():
    client = await asked()
    code = client.code
    client.desk.clock.go_on(minutes=2)
    await client.says("/access")
    await client.says(EMAIL)

    await client.says(code)

    assert [one.facts.proofs.code_at for one in client.requests] == [None, None]


@pytest.mark.parametrize("script", ["০১২৩৪৫৬৭৮৯", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９"])
async def test_a_code_is_read_in_any_script_with_spaces_and_dashes(script: str):
    client = await asked()
    typed = "".join(script[int(digit)] for digit in client.code)

    await client.says(f" {typed[:4]}-\u200b {typed[4:]} ")

    assert client.request.facts.proofs.code_at is not None


async def test_ten_wrong_codes_lock_the_chat_and_staff_hear_of_it():
    client = await asked()
    await lock(client.desk)

    facts = [one.limit for one in client.desk.facts(LimitReached)]

    assert set(facts) >= {"chat_locked", "subject_locked"}


async def test_a_lock_never_closes_the_staff_path():
    client = await an_asker()
    a_person(client.desk)
    await lock(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)

    await client.taps("I can't read that e-mail")

    assert client.letters == []
    assert client.request.facts.path_m_at is not None


async def test_an_uncertain_code_is_void_and_never_sent_again():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")
    await client.desk.bus.handle(SYSTEM, _type, client)
    claimed_deliveries = await client.desk.bus.handle(SYSTEM, settle_and_claim, [], 50)
    (mail,) = [one for one in claimed_deliveries if isinstance(one.delivery, MailCode)]
    await client.takes(mail.delivery)
    code = client.code

    endings = [(one, Unknown("timeout")) for one in claimed_deliveries]
    await client.desk.bus.handle(SYSTEM, settle_and_claim, endings, 0)
    client.desk.clock.go_on(minutes=1)
    await client.says(code)

    assert client.last.text.startswith(WRONG)
    assert len(client.letters) == 1
    assert _gone(client, mail)


def _gone(client: Asker, mail: ClaimedDelivery) -> bool:
    return client.desk.store.outbox[mail.id].state == "void"


async def test_typing_too_fast_is_not_answered():
    client = await asked()
    for guess in range(25):
        await client.says(f"{guess:08d}")

    assert client.last.text == say("conversation.throttled")
    assert client.request.state is RequestState.AWAITING_IDENTITY
