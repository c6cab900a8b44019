"""Guessing through the whole desk, on the store's own clock: never more tries than the budget."""

from tests.support.drivers.asker import EMAIL, a_person, an_asker

A_DAY = 24 * 60
STRATEGY_MINUTES = 3
SUBJECT_CODES_A_DAY = 5


async def test_a_day_of_guessing_in_one_chat_compares_no_more_than_the_budget():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")

    for _ in range(0, A_DAY, STRATEGY_MINUTES * 8):
        await client.says(EMAIL)
        for guess in range(6):
            await client.says(f"{guess:08d}")
        client.desk.clock.go_on(minutes=STRATEGY_MINUTES * 8)

    tried = sum(one.attempts for one in client.desk.store.challenges.values())
    real = [one for one in client.desk.store.challenges.values() if not one.is_decoy]
    assert len(client.letters) == len(real) <= 5
    assert tried <= 20
    assert client.request.facts.proofs.code_at is None


async def test_many_chats_against_one_person_share_that_persons_budget():
    first = await an_asker()
    a_person(first.desk)
    chats = [await an_asker(first.desk, user=str(9000 + n)) for n in range(8)]
    for chat in chats:
        await chat.says("/erase")
        await chat.says(EMAIL)
        for guess in range(5):
            await chat.says(f"{guess:08d}")

    challenges = first.desk.store.challenges.values()
    assert sum(one.attempts for one in challenges) <= 10
    assert sum(len(chat.letters) for chat in chats) <= 3


async def test_no_code_of_a_day_is_forgotten_before_the_day_is_over():
    first = await an_asker()
    a_person(first.desk)
    chats = [await an_asker(first.desk, user=str(9000 + n)) for n in range(SUBJECT_CODES_A_DAY)]
    for chat in chats:
        await chat.says("/erase")
        await chat.says(EMAIL)
        first.desk.clock.go_on(hours=2)
    late = await an_asker(first.desk, user="9999")
    await late.says("/erase")

    first.desk.clock.go_on(hours=24 - 2 * len(chats) - 1)
    await late.says(EMAIL)
    within_the_day = len(late.letters)
    first.desk.clock.go_on(hours=2)
    await late.says(EMAIL)

    assert [len(chat.letters) for chat in chats] == [1] * len(chats)
    assert (within_the_day, len(late.letters)) == (0, 1)
