"""One at a time for each card, and nothing is kept of cards that nobody works on."""

import asyncio
import gc

from handlers.slack.keyed_lock import KeyedLock


async def test_whoever_works_on_a_card_has_it_alone():
    turns, at_work, most = KeyedLock(), 0, 0

    async def work() -> None:
        nonlocal at_work, most
        async with turns.of("card"):
            at_work += 1
            most = max(most, at_work)
            gc.collect()
            await asyncio.sleep(0)
            at_work -= 1

    await asyncio.gather(*(work() for _ in range(5)))

    assert most == 1


async def test_two_cards_do_not_wait_for_each_other():
    turns = KeyedLock()

    async with turns.of("one"):
        assert not turns.of("other").locked()


async def test_a_card_that_is_let_go_is_free_again():
    turns = KeyedLock()
    async with turns.of("card"):
        held = turns.of("card").locked()

    assert held
    assert not turns.of("card").locked()
