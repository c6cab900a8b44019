"""Links of notices: what was signed is known again, until it expires."""

from datetime import timedelta

from bot.domain.addresses import new_id
from bot.domain.identity.signed_links import (
    LASTS,
    SignedLink,
    about_of,
    is_signed,
    is_signed_as_before,
)
from tests.support.stores.stages import Stage


async def issued(stage: Stage, about: str, purpose: str = "freeze") -> str:
    now = stage.clock.now()
    async with stage.writing() as work:
        return await work.signed_links.issue(purpose, about, now, now + LASTS)


async def test_a_link_is_written_down_as_it_is_signed(stage: Stage):
    about, now = new_id(), stage.clock.now()

    token = await issued(stage, about)

    async with stage.reading() as work:
        assert await work.signed_links.find(token) == SignedLink("freeze", about, now, now + LASTS)
        assert await work.signed_links.find(token[:-1] + "_") is None
        assert is_signed(work.signed_links.sign, "freeze", token)
        assert not is_signed(work.signed_links.sign, "freeze_account", token)
        assert not is_signed_as_before(work.signed_links.sign, "freeze", token)
    assert about_of(token) == about
    assert len(f"f_{token}") <= 64


async def test_within_one_transaction_a_link_is_the_same_and_else_another(stage: Stage):
    about, now = new_id(), stage.clock.now()

    async with stage.writing() as work:
        first = await work.signed_links.issue("freeze", about, now, now + LASTS)
        second = await work.signed_links.issue("freeze", about, now, now + LASTS)

    assert first == second
    assert await issued(stage, about) != first


async def test_a_link_is_used_up_once(stage: Stage):
    token = await issued(stage, new_id())

    async with stage.writing() as work:
        uses = [await work.signed_links.use(token, stage.clock.now()) for _ in range(2)]
        strange = await work.signed_links.use("0" * 62, stage.clock.now())

    assert uses == [True, False]
    assert not strange


async def test_what_expired_is_forgotten(stage: Stage):
    token = await issued(stage, new_id())
    later = stage.clock.now() + LASTS + timedelta(days=1)

    async with stage.writing() as work:
        kept = await work.signed_links.purge(stage.clock.now())
        gone = await work.signed_links.purge(later)
        found = await work.signed_links.find(token)

    assert (kept, gone, found) == (0, 1, None)
