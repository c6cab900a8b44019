"""Accounts, flows and staff: what holds on the fake holds on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.ports.tickets import Flow
from bot.domain.addresses import (
    AccountId,
    ClientAddress,
    Language,
    PersonId,
    Role,
    StaffId,
    Surface,
)
from bot.domain.clients.people import AccountLink, AccountStatus
from bot.domain.errors import NotFound
from bot.domain.staff import Staff
from tests.support.stores.stages import Stage, an_account


class TestAccounts:
    async def test_an_account_reads_back_as_it_was_added(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work, "4711", name="Zoë 'Ω' Ahmed")

        async with stage.reading() as work:
            assert await work.accounts.get(account.id) == account

    async def test_an_account_is_found_by_its_address(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work, "4711")

        async with stage.reading() as work:
            found = await work.accounts.at(ClientAddress(Surface.TELEGRAM, "4711"))
            assert found == account

    @pytest.mark.parametrize(
        "address",
        [
            ClientAddress(Surface.TELEGRAM, "4712"),
            ClientAddress(Surface.CONSOLE, "Ann"),
            ClientAddress(Surface.TELEGRAM, "ann"),
            ClientAddress(Surface.TELEGRAM, "Ann\udfff"),
        ],
    )
    async def test_an_address_fits_exactly_or_not_at_all(
        self, stage: Stage, address: ClientAddress
    ):
        async with stage.writing() as work:
            await an_account(work, "Ann")

        async with stage.reading() as work:
            assert await work.accounts.at(address) is None

    async def test_every_field_that_was_changed_is_saved(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work)
        account.display_name = "Bob"
        account.language, account.language_chosen = Language.BN, True
        account.status = AccountStatus.BLOCKED
        account.told_of_throttle_at = stage.clock.now()

        async with stage.writing() as work:
            await work.accounts.save(account)

        async with stage.reading() as work:
            assert await work.accounts.get(account.id) == account

    async def test_a_change_that_was_not_saved_is_not_kept(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work, name="Alice")
        async with stage.writing() as work:
            (await work.accounts.get(account.id)).display_name = "Mallory"

        async with stage.reading() as work:
            assert (await work.accounts.get(account.id)).display_name == "Alice"

    async def test_an_unknown_account_is_not_found(self, stage: Stage):
        async with stage.reading() as work:
            with pytest.raises(NotFound):
                await work.accounts.get(AccountId("nobody"))

    async def test_an_unknown_account_cannot_be_saved(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work)
            account.id = AccountId("nobody")
            with pytest.raises(NotFound):
                await work.accounts.save(account)


class TestAccountLinks:
    async def test_whose_an_account_is_reads_back_as_it_was_saved(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work)
            account.link.link(PersonId("p" * 32))
            await work.accounts.save_link(account)

        async with stage.reading() as work:
            found = await work.accounts.get(account.id)
        assert found.link == AccountLink(person=PersonId("p" * 32))
        assert found.person == "p" * 32

    async def test_a_bar_and_its_first_approver_read_back_as_they_were_saved(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work)
            account.link.bar(stage.clock.now())
            account.link.lift_bar(StaffId("staff-ann"), {StaffId("staff-ann")})
            await work.accounts.save_link(account)

        async with stage.reading() as work:
            assert (await work.accounts.get(account.id)).link == AccountLink(
                barred_since=stage.clock.now(), first_approver=StaffId("staff-ann")
            )

    async def test_whoever_saves_an_account_leaves_its_link_alone(self, stage: Stage):
        async with stage.writing() as work:
            early = await an_account(work)
        await barred(stage, early.id)

        async with stage.writing() as work:
            await work.accounts.save(replace(early, display_name="Alicia"))

        async with stage.reading() as work:
            found = await work.accounts.get(early.id)
        assert (found.display_name, found.link.is_barred) == ("Alicia", True)

    async def test_a_link_is_renewed_before_it_is_changed(self, stage: Stage):
        async with stage.writing() as work:
            early = await an_account(work)
        await barred(stage, early.id)

        async with stage.writing() as work:
            renewed = await work.accounts.renew_link(early)

        assert renewed is early.link
        assert renewed.is_barred

    async def test_a_link_that_was_not_saved_is_not_kept(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work)
        async with stage.writing() as work:
            (await work.accounts.get(account.id)).link.bar(stage.clock.now())
            found = await work.accounts.at(account.address)
            assert found is not None
            (await work.accounts.renew_link(found)).bar(stage.clock.now())

        async with stage.reading() as work:
            assert (await work.accounts.get(account.id)).link == AccountLink()

    async def test_an_unknown_account_has_no_link(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work)
            account.id = AccountId("nobody")
            with pytest.raises(NotFound):
                await work.accounts.renew_link(account)
            with pytest.raises(NotFound):
                await work.accounts.save_link(account)


async def barred(stage: Stage, account: AccountId) -> None:
    """Somebody else bars it meanwhile."""
    async with stage.writing() as work:
        found = await work.accounts.get(account)
        found.link.bar(stage.clock.now())
        await work.accounts.save_link(found)


class TestFlows:
    async def test_a_flow_reads_back_with_its_words(self, stage: Stage):
        flow = a_flow(stage, data={"text": "কেমন আছেন?", "empty": ""})
        async with stage.writing() as work:
            account = await an_account(work)
            await work.flows.put(account.id, flow)

        async with stage.reading() as work:
            assert await work.flows.of(account.id) == flow

    async def test_an_account_has_one_flow_at_most(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work)
            await work.flows.put(account.id, a_flow(stage))
            await work.flows.put(account.id, a_flow(stage, step="confirm"))

            found = await work.flows.of(account.id)

        assert found is not None
        assert found.step == "confirm"

    async def test_a_flow_changed_in_the_same_transaction_reads_back_changed(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work)
            await work.flows.put(account.id, a_flow(stage))
            await work.flows.of(account.id)
            await work.flows.put(account.id, a_flow(stage, step="text"))

            assert await work.flows.of(account.id) == a_flow(stage, step="text")

    async def test_a_flow_that_was_cleared_is_gone_and_clearing_again_is_no_error(
        self, stage: Stage
    ):
        async with stage.writing() as work:
            account = await an_account(work)
            await work.flows.put(account.id, a_flow(stage))
            await work.flows.clear(account.id)
            await work.flows.clear(account.id)

            assert await work.flows.of(account.id) is None

    async def test_one_accounts_flow_is_not_anothers(self, stage: Stage):
        async with stage.writing() as work:
            mine, other = await an_account(work), await an_account(work)
            await work.flows.put(mine.id, a_flow(stage))

            assert await work.flows.of(other.id) is None


def a_flow(stage: Stage, *, step: str = "category", data: dict[str, str] | None = None) -> Flow:
    expires = stage.clock.now() + timedelta(hours=1)
    return Flow(name="new_ticket", step=step, data=data or {"category": "net"}, expires_at=expires)


class TestStaff:
    async def test_a_member_reads_back_as_they_were_put(self, stage: Stage):
        ann = a_member(stage, "ann")
        async with stage.writing() as work:
            await work.staff.put(ann)

        async with stage.reading() as work:
            assert await work.staff.get(ann.id) == ann
            assert await work.staff.on_slack("U-ann") == ann

    async def test_putting_a_member_again_changes_them(self, stage: Stage):
        ann = a_member(stage, "ann")
        async with stage.writing() as work:
            await work.staff.put(ann)
            await work.staff.get(ann.id)
            changed = replace(ann, role=Role.APPROVER, active=False, away_until=None, deputy=None)
            await work.staff.put(changed)

            assert await work.staff.get(ann.id) == changed
            assert await work.staff.everyone() == [changed]

    async def test_everyone_is_everyone(self, stage: Stage):
        members = [a_member(stage, name) for name in ("ann", "bob", "cid")]
        async with stage.writing() as work:
            for member in members:
                await work.staff.put(member)

        async with stage.reading() as work:
            assert sorted(await work.staff.everyone(), key=lambda one: one.id) == members

    async def test_a_stranger_is_not_found(self, stage: Stage):
        async with stage.reading() as work:
            assert await work.staff.on_slack("U-nobody\0") is None
            assert await work.staff.everyone() == []
            with pytest.raises(NotFound):
                await work.staff.get(StaffId("nobody"))


def a_member(stage: Stage, name: str) -> Staff:
    return Staff(
        id=StaffId(f"staff-{name}"),
        slack_user=f"U-{name}",
        role=Role.AGENT,
        source="manual",
        active=True,
        away_until=stage.clock.now(),
        deputy=StaffId("staff-other"),
    )
