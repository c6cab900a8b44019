"""The fence around a subject: what holds on the fake holds on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.outbound.to_client import Reply, Say
from bot.application.outbound.to_staff import Alert, ShowCard, ShowRequestCard
from bot.application.ports.queues import ANY_LANE, InboundUpdate
from bot.application.ports.tickets import Flow
from bot.domain.addresses import (
    Actor,
)
from bot.domain.clients.people import AccountStatus
from bot.domain.errors import Refused, Stale
from tests.contracts.known_client import CHAT, EVERYTHING, OF_AUTHORITY, a_client, fence, found
from tests.contracts.test_data_requests import a_request
from tests.support.stores.stages import Stage, a_message, a_ticket, an_account


async def test_a_fence_lets_authority_and_what_waits_die(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)

    await fence(stage, who)

    gone = dict.fromkeys(("outbox", "inbox", *OF_AUTHORITY), 0)
    async with stage.reading() as work:
        assert await work.records.counts(who) == EVERYTHING | gone
        assert await work.accounts.at(CHAT) is None
        assert (await work.accounts.get(client.account)).status is AccountStatus.ERASED
        assert await work.records.addresses(who) == [str(CHAT)]
        assert await work.signed_links.find(client.token) is None
        person = await work.people.get(client.person)
        assert person.erased_at == stage.clock.now()
        assert not person.is_on_record


async def test_a_fence_that_is_drawn_again_changes_nothing(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)
    await fence(stage, who)
    drawn_at = stage.clock.now()
    stage.clock.go_on(hours=1)
    later = InboundUpdate(key="tg:1:later", source="telegram", conversation=str(CHAT), payload="{}")
    async with stage.writing() as work:
        await an_account(work, CHAT.user)
        await work.inbox.accept([later], stage.clock.now())

    await fence(stage, who)

    async with stage.writing() as work:
        assert (await work.people.get(client.person)).erased_at == drawn_at
        now = stage.clock.now()
        (waits,) = await work.inbox.claim(now, limit=9, lease_until=now)
        assert waits == later
        again = await work.accounts.at(CHAT)
        assert again is not None
        assert again.id != client.account
        assert again.status is AccountStatus.ACTIVE


async def test_an_update_that_was_dropped_is_not_taken_in_again(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)
    update = InboundUpdate(
        key=f"tg:1:{client.message}", source="telegram", conversation=str(CHAT), payload="{}"
    )
    async with stage.writing() as work:
        now = stage.clock.now()
        await work.inbox.claim(now, limit=9, lease_until=now + timedelta(minutes=1))

    await fence(stage, who)

    async with stage.writing() as work:
        with pytest.raises(Stale):
            await work.inbox.finish(update.key, stage.clock.now())
        await work.inbox.accept([update], stage.clock.now())
        later = stage.clock.go_on(hours=1)
        assert await work.inbox.claim(later, limit=9, lease_until=later) == []


async def test_nothing_new_is_kept_behind_a_fence(stage: Stage):
    client = await a_client(stage)
    await fence(stage, await found(stage, client))

    async with stage.reading() as work:
        account, ticket = (
            await work.accounts.get(client.account),
            await work.tickets.get(client.ticket),
        )
        person = await work.people.get(client.person)
    flow = Flow(name="new", step="text", data={}, expires_at=stage.clock.now())
    async with stage.open_work(Actor.account(client.account), writes=True) as work:
        for attempt in (
            a_message(work, ticket),
            a_ticket(work, account),
            a_request(work, account=client.account),
            a_request(work, subject=client.subject),
            work.flows.put(client.account, flow),
        ):
            with pytest.raises(Refused):
                await attempt
        with pytest.raises(Stale):
            await work.people.save(replace(person, name="Rahima", erased_at=None))


async def test_nothing_is_told_to_or_of_somebody_behind_a_fence(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)
    await fence(stage, who)
    holder = who.holders[-1]

    async with stage.writing() as work:
        await work.outbox.put(Say(client.account, Reply(text="x")), holder=holder)
        await work.outbox.put(ShowCard(client.ticket), holder=holder)
        await work.outbox.put(Alert("privacy", "R-000001 goes on"), holder=holder)
        now = stage.clock.now() + timedelta(minutes=5)
        claimed = await work.outbox.claim(now, limit=9, lease_until=now, lane=ANY_LANE)

    kinds = [type(one.delivery) for one in claimed]
    assert sorted(kinds, key=repr) == sorted([Alert, ShowRequestCard], key=repr)


async def test_what_is_on_its_way_is_told_and_is_not_tried_again(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)
    now = stage.clock.now()
    until = now + timedelta(minutes=1)
    async with stage.writing() as work:
        claimed = await work.outbox.claim(now, limit=9, lease_until=until)
    await fence(stage, who)

    async with stage.reading() as work:
        assert await work.records.in_flight(who, now) == len(claimed)
        assert await work.records.in_flight(who, until) == 0
    async with stage.writing() as work:
        for one in claimed:
            await work.outbox.retry(one.id, now, error="away", counts=True, uncertain=False)
        again = await work.outbox.claim(now, limit=9, lease_until=until)

    assert {type(one.delivery) for one in again} <= {ShowRequestCard}
    async with stage.reading() as work:
        assert await work.records.in_flight(who, now) == len(again)
