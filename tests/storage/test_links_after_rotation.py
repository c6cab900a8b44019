"""Links in mails after the keys were exchanged, plainly or because of a leak."""

from pathlib import Path

from bot.application.requests.objection_links import account_of_token, cutting_link
from bot.domain.errors import NotFound
from bot.domain.identity.signed_links import LASTS, new_token
from tests.storage.rotated_stores import rotate
from tests.support.stores.stages import Stage, an_account, played_at


class TestLinks:
    """What "this was not me" in a mail still does after the keys were exchanged."""

    async def test_after_a_plain_rotation_a_link_works_until_it_expires(
        self, stored: Stage, tmp_path: Path
    ):
        account, token = await a_link(stored)

        place = await rotate(stored, tmp_path, compromised=False)

        async with played_at(place, stored.name) as stage:
            assert [await opened(stage, token) for _ in range(3)] == [account] * 3
            stage.clock.go_on(days=LASTS.days)
            assert await opened(stage, token) is None

    async def test_after_a_leak_a_link_that_was_sent_works_once(
        self, stored: Stage, tmp_path: Path
    ):
        account, token = await a_link(stored)

        place = await rotate(stored, tmp_path, compromised=True)

        async with played_at(place, stored.name) as stage:
            assert [await opened(stage, token) for _ in range(2)] == [account, None]
            _, newer = await a_link(stage)
            assert [await opened(stage, newer) is None for _ in range(2)] == [False, False]

    async def test_after_a_leak_none_works_that_only_the_old_key_signed(
        self, stored: Stage, tmp_path: Path
    ):
        account, _ = await a_link(stored)
        old = stored.context.keys
        forged = new_token(old.signature, "freeze_account", account)
        as_of_old = account + old.signature("freeze_account", account)[:30]

        place = await rotate(stored, tmp_path, compromised=True)

        async with played_at(place, stored.name) as stage:
            assert [await opened(stage, one) for one in (forged, as_of_old)] == [None, None]

    async def test_a_signature_alone_opens_nothing_in_a_store_that_never_was_of_01(
        self, stored: Stage
    ):
        account, _ = await a_link(stored)
        keys = stored.context.keys

        as_of_old = account + keys.signature("freeze_account", account)[:30]

        assert await opened(stored, as_of_old) is None


async def a_link(stage: Stage) -> tuple[str, str]:
    """A chat account, and the token in the notice about it."""
    async with stage.writing() as work:
        account = await an_account(work)
        link = await cutting_link(work, account.id)
    return account.id, link.rpartition("f_")[2]


async def opened(stage: Stage, token: str) -> str | None:
    async with stage.writing() as work:
        try:
            return await account_of_token(work, token)
        except NotFound:
            return None
