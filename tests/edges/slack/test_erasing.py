"""An erasure in Slack: the desk's posts go, staff's words are told, others' are not touched."""

from dataclasses import dataclass

import pytest

from bot.application.outbound.to_staff import ShowRequestCard
from bot.application.ports.sources import Left, Looked, Order
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM, RequestId
from bot.domain.errors import Refused
from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind, Identifiers
from bot.domain.fulfilment.steps import ExecutionRecord
from bot.domain.requests.record import Subject
from bot.domain.requests.states import RequestType
from bot.domain.tickets.ticket import Ticket
from handlers.sandbox.slack.workspace import Message as Posted
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.slack.client import Json
from handlers.slack.erasure.post_words import readings_of
from handlers.slack.erasure.slack_source import SlackSource, slack_source
from handlers.slack.erasure.workspace_look import WorkspaceLook
from tests.edges.slack.request_cards import posted, reviewed
from tests.support.drivers.office import SUPPORT, Office
from tests.support.fakes.patterns import FakePatterns

EMAIL = "rahima@example.com"
REQUEST = RequestId("e" * 32)


@dataclass
class Case:
    """A client with a ticket that Slack shows, another one beside it, and the source."""

    office: Office
    source: SlackSource
    ticket: Ticket
    other: Ticket
    bob: VirtualUser

    @property
    def who(self) -> Identifiers:
        account = self.ticket.account
        return Identifiers(
            subject=Subject(account=account),
            accounts=(account,),
            values=(Identifier(IdentifierKind.EMAIL, EMAIL),),
        )

    async def order(self) -> Order:
        now = self.office.rig.stage.clock.now()
        plan = await self.source.plan(self.who, now)
        return Order(request=REQUEST, round=1, who=self.who, plan=plan, now=now, fenced_at=now)

    async def look(self, *names: str, masks: bool = True) -> Looked:
        words = dict.fromkeys(names, IdentifierKind.NAME)
        patterns = FakePatterns({EMAIL: IdentifierKind.EMAIL} | words)
        return await self.source.look(await self.order(), patterns, masks=masks)

    def everything(self) -> str:
        """All that anybody can read in the workspace now."""
        world = self.office.slack.state.world
        posts = [
            str(one) for channel in world.channels.values() for one in channel.messages.values()
        ]
        files = [f"{one.name} {one.content!r}" for one in world.files.values() if not one.deleted]
        return "\n".join(posts + files)


@pytest.fixture
async def case(office: Office, alice: VirtualUser, telegram: TelegramServer) -> Case:
    source = slack_source(office.edge, office.rig.desk.own_bus, office.rig.desk.rules)
    bob = telegram.user(4_503_599_627_370_002, "Karim", language_code="en")
    other = await office.a_ticket(bob, "The other client's matter")
    ticket = await office.a_ticket(alice, f"Write me at {EMAIL} please")
    await alice.send_photo(caption="a picture of the router")
    await office.hear()
    await office.go_on(seconds=40)
    return Case(office, source, ticket, other, bob)


async def test_the_plan_counts_what_stands_and_names_every_place_with_or_without_anything(
    case: Case,
):
    order = await case.order()

    items = {one.place: (one.action.value, one.rows) for one in order.plan.items}
    assert items["slack.cards"] == ("mask", 1)
    assert items["slack.posts"][1] >= 2
    assert items["slack.files"] == ("delete", 1)
    assert items["slack.staff_words"] == ("by_hand", 0)
    empty = Identifiers(subject=Subject(account=case.ticket.account))
    nothing = await case.source.plan(empty, order.now)
    assert {one.decides for one in nothing.items} == {one.decides for one in order.plan.items}


async def test_posts_and_files_go_and_the_card_says_only_that(case: Case):
    other_before = [str(one) for one in await case.office.thread(case.other)]
    order = await case.order()

    erased = await case.source.erase(order)

    card = await case.office.card(case.ticket)
    assert EMAIL not in case.everything()
    assert "router" not in case.everything()
    assert "what stood here was erased on" in card.text
    assert await case.office.thread(case.ticket) == []
    assert (erased.rows["slack.cards.mask"], erased.rows["slack.files.delete"]) == (1, 1)
    assert [str(one) for one in await case.office.thread(case.other)] == other_before
    assert await case.source.verify(order) == ()


async def test_what_is_gone_is_no_error_and_not_counted_again(case: Case):
    order = await case.order()
    await case.source.erase(order)

    again = await case.source.erase(order)

    assert set(again.rows.values()) == {0}


async def test_reading_back_finds_what_nobody_erased(case: Case):
    left = await case.source.verify(await case.order())

    assert Left("slack.cards", 1) in left
    assert {one.place for one in left} == {"slack.cards", "slack.posts", "slack.files"}


async def test_words_of_staff_stay_and_are_told_with_their_address(case: Case):
    said = await case.office.says(case.office.bob, case.ticket, f"She is {EMAIL}, I think")
    await case.office.hear()
    await case.source.erase(await case.order())

    looked = await case.look()

    assert said in await case.office.thread(case.ticket)
    (hit,) = looked.hits
    assert hit.place.endswith(said.ts)
    assert (hit.kind, hit.is_strong) == ("email", True)
    assert said.ts.replace(".", "") in hit.link
    assert f"thread_ts={said.thread_ts}" in hit.link


async def test_every_word_of_staff_is_told_however_many_there_are(case: Case):
    for number in range(230):
        await case.office.bob.say(SUPPORT, f"{number}: ask {EMAIL}")
    await case.source.erase(await case.order())

    looked = await case.look()

    assert len({one.place for one in looked.hits}) == 230
    assert looked.posts >= 230


async def test_in_the_desks_own_posts_about_others_only_the_span_goes(case: Case):
    await case.bob.say(f"My neighbour {EMAIL} has it too")
    await case.office.hear()
    await case.office.go_on(seconds=40)
    await case.source.erase(await case.order())

    looked = await case.look()

    shown = "".join(str(one.blocks) for one in await case.office.thread(case.other))
    assert "My neighbour ****" in shown
    assert "has it too" in shown
    assert EMAIL not in case.everything()
    assert looked.hits == ()
    assert sum(looked.masked.values()) >= 1


async def test_a_look_that_may_not_change_anything_only_tells(case: Case):
    looked = await case.look(masks=False)

    assert EMAIL in case.everything()
    assert {one.kind for one in looked.hits} == {"email"}


async def test_a_name_in_a_post_of_the_desk_is_for_a_person_to_judge(case: Case):
    await case.bob.say("Karim from next door says hello")
    await case.office.hear()
    await case.office.go_on(seconds=40)
    await case.source.erase(await case.order())

    looked = await case.look("next door")

    assert "next door" in case.everything()
    assert [(one.kind, one.is_strong) for one in looked.hits] == [("name", False)]


async def test_direct_words_and_the_bytes_and_names_of_files_are_searched(case: Case):
    bob = case.office.bob
    direct = case.office.slack.state.world.direct("U0BOB").id
    await bob.say(direct, f"note to the desk: {EMAIL}")
    await bob.say(SUPPORT, "see", files=[("list.csv", f"a,{EMAIL}".encode())])
    await bob.say(SUPPORT, "and", files=[(f"{EMAIL}.txt", b"nothing")])
    await case.source.erase(await case.order())

    looked = await case.look()

    assert len(looked.hits) == 3
    assert looked.files >= 2


async def test_a_channel_that_cannot_be_read_is_a_finding(case: Case):
    await case.source.erase(await case.order())
    world = case.office.slack.state.world
    case.office.slack.channel(SUPPORT).members.pop(world.bot.id)

    looked = await case.look()

    assert [one.kind for one in looked.hits] == ["unreadable"]


async def test_a_closed_channel_is_refused_in_words_and_the_rest_goes_all_the_same(case: Case):
    case.office.slack.channel(SUPPORT).is_archived = True

    with pytest.raises(Refused) as refused:
        await case.source.erase(await case.order())

    assert refused.value.key == "erasure.slack_channel_closed"
    files = case.office.slack.state.world.files.values()
    assert [one.deleted for one in files] == [True]

    case.office.slack.channel(SUPPORT).is_archived = False
    await case.source.erase(await case.order())
    assert await case.source.verify(await case.order()) == ()


async def test_one_failure_on_the_way_holds_up_nothing_else(case: Case):
    case.office.slack.faults.add(method="chat.delete", kind="500", times=1)

    with pytest.raises(Exception, match="slack"):
        await case.source.erase(await case.order())

    posts: list[Posted] = await case.office.thread(case.ticket)
    assert len(posts) == 1
    await case.source.erase(await case.order())
    assert await case.office.thread(case.ticket) == []


async def test_each_kind_in_a_post_is_a_finding_of_its_own(case: Case):
    await case.office.says(case.office.bob, case.ticket, f"Karim is {EMAIL}, or is Karim {EMAIL}?")
    await case.office.hear()
    await case.source.erase(await case.order())

    looked = await case.look("Karim")

    assert sorted((one.kind, one.is_strong) for one in looked.hits) == [
        ("email", True),
        ("name", False),
    ]


async def test_the_requests_own_number_stays_where_another_is_masked(case: Case):
    await case.bob.say("R-000044 was closed, r45 is open")
    await case.office.hear()
    await case.office.go_on(seconds=40)
    await case.source.erase(await case.order())
    numbers = ("R-000044", "r45")
    patterns = FakePatterns(dict.fromkeys(numbers, IdentifierKind.DOCUMENT))
    edge, bus = case.office.edge, case.office.rig.desk.own_bus
    look = WorkspaceLook(edge.unhurried, edge.workspace, bus, edge.fetch, edge.adapter.refresh_home)

    looked = await look.through(await case.order(), patterns, "R-000045", masks=True)

    shown = "".join(str(one.blocks) for one in await case.office.thread(case.other))
    assert "******** was closed, r45 is open" in shown
    assert looked.hits == ()


async def test_a_word_that_text_and_blocks_both_say_is_found_once(case: Case):
    said = await case.office.says(case.office.bob, case.ticket, f"Q&A: {EMAIL}")
    await case.office.hear()
    await case.source.erase(await case.order())

    looked = await case.look()

    assert EMAIL in said.text
    assert EMAIL in str(said.blocks)
    assert [one.hits for one in looked.hits] == [1]


@pytest.mark.parametrize(
    ("post", "times"),
    [
        ({"text": "ann, bob", "blocks": [{"text": "ann"}, {"text": "and bob"}]}, 2),
        ({"text": "ann and ann", "blocks": [{"text": "ann"}]}, 2),
        ({"text": "a picture", "blocks": [{"text": "ann"}]}, 1),
        ({"text": "ann", "attachments": [{"fallback": "ann", "text": "ann"}]}, 2),
        ({"text": "ann", "files": [{"id": "F1", "name": "ann.txt", "title": "x"}]}, 2),
        ({"text": "ann &amp; ann"}, 2),
        ({"text": "<mailto:ann|ann>", "blocks": [{"url": "mailto:ann", "text": "ann"}]}, 1),
        ({"text": "<mailto:ann|bob>", "blocks": [{"url": "mailto:ann", "text": "bob"}]}, 2),
    ],
)
def test_a_post_is_read_without_loss_and_without_counting_twice(post: Json, times: int):
    words = ("ann", "bob")

    seen = [
        max(sum(data.count(one.encode()) for one in words) for data in readings)
        for readings in readings_of(post)
    ]

    assert sum(seen) == times


async def test_a_channel_of_before_is_searched_after_the_desk_forgot_what_stood_there(case: Case):
    former = case.office.slack.add_channel("former")
    said = await case.office.bob.say(former.id, f"She was {EMAIL}")
    kept = ExecutionRecord(request=REQUEST, channels=(former.id,))
    async with case.office.rig.stage.writing() as work:
        await work.fulfilments.put(kept)
    await case.source.erase(await case.order())

    looked = await case.look()

    assert [one.place for one in looked.hits] == [f"{former.id}:{said.ts}"]


async def test_the_card_of_an_erased_clients_other_request_is_not_drawn_again(court: Office):
    request = await reviewed(court, RequestType.ACCESS)
    card = await posted(court, request)
    now = court.rig.stage.clock.now()
    async with court.rig.stage.writing() as work:
        person = request.subject.person
        assert person is not None
        await work.records.fence(Identifiers(subject=request.subject, persons=(person,)), now)
    place = court.slack.channel(card.channel).messages[card.ts]
    place.blocks = []

    await court.rig.desk.bus.handle(SYSTEM, _draw, request=request.id)
    await court.go_on(seconds=3)

    assert (await posted(court, request)).blocks == []


async def _draw(work: UnitOfWork, *, request: RequestId) -> None:
    await work.outbox.put(ShowRequestCard(request))
