"""Approvers teach the desk in Slack: from a question nobody answered to the quote, and back."""

from collections.abc import AsyncIterator
from random import Random
from string import ascii_lowercase

import pytest
from slack_sdk.models.blocks import Block

from bot.answering.document.policy_document import parse_policy, shipped_policy
from bot.application.bus import Bus
from bot.application.policy_publishing import publish_policy
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.application.staff_desk.staff import set_role
from bot.domain.addresses import OPERATOR, Role
from handlers.answer_engine import Answers
from handlers.sandbox.slack import Person, SlackServer
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from tests.support.builders.questions import an_open_question
from tests.support.drivers.office import Office, an_office
from tests.support.stores.stages import Stage
from tests.volume import seed, volume

MUGS = "Will my picture be printed on coffee mugs?"
MISSPELT = "will my picture be printd on cofee mugs"
POLICY = shipped_policy()
SENTENCE = next(one for one in POLICY.sentences[5:] if 30 < len(one.text) < 70)
HEADING = POLICY.section_of(SENTENCE).heading.rstrip(" ;:")
QUOTED = "The privacy policy says"


@pytest.fixture
async def school(
    ground: Stage,
    telegram: TelegramServer,
    slack: SlackServer,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Office]:
    """An office that answers as a live desk does: from the published policy and the links."""
    answers = Answers(Bus(ground.open_work, react), POLICY, load=lambda: None)
    monkeypatch.setattr("tests.support.drivers.rig.lexical_answers", answers.ask)
    async with an_office(ground, telegram, slack) as made:
        yield made


def salma(office: Office) -> Person:
    return office.slack.people["U0SAL"]


async def asks(office: Office, client: VirtualUser, text: str) -> str:
    """What the client reads after asking."""
    await client.say(text)
    await office.hear()
    return client.last.text


async def looks_at(office: Office, who: Person, section: str) -> str:
    await who.open_home()
    await office.hear()
    await office.go_on(seconds=3)
    return await presses(office, who, section)


async def presses(office: Office, who: Person, label: str) -> str:
    await who.click(label, "home")
    await office.hear()
    await office.go_on(seconds=3)
    return shown(who)


def shown(who: Person) -> str:
    assert who.home is not None
    for block in Block.parse_all(who.home.blocks):
        block.validate_json()
    assert len(who.home.blocks) < 100
    return str(who.home.blocks)


async def links(office: Office, who: Person) -> dict[str, str]:
    await who.click("Link to a passage…", "home")
    await office.hear()
    await who.choose("Section of the policy", HEADING, "modal")
    await who.expect_modal("The sentence that answers")
    await who.choose("The sentence that answers", SENTENCE.text, "modal")
    await who.expect_modal("The whole sentence:")
    errors = await who.submit()
    await office.hear()
    await office.go_on(seconds=3)
    return errors


async def test_a_question_nobody_answered_is_linked_quoted_and_taken_back(
    school: Office, alice: VirtualUser
):
    unanswered = await asks(school, alice, MUGS)
    home = await looks_at(school, salma(school), "Open questions")
    errors = await links(school, salma(school))
    settled = shown(salma(school))
    quoted = await asks(school, alice, MISSPELT)
    linked = await looks_at(school, salma(school), "Links to review")
    taken_back = await presses(school, salma(school), "Take back")
    forgotten = await asks(school, alice, MISSPELT)

    assert "does not say" in unanswered
    assert f"1 × “{MUGS}”" in home
    assert errors == {}
    assert MUGS not in settled
    assert QUOTED in quoted
    assert SENTENCE.text in quoted
    assert SENTENCE.text in linked
    assert "Nothing here." in taken_back
    assert QUOTED not in forgotten


async def test_not_in_the_policy_takes_one_press(school: Office, alice: VirtualUser):
    await asks(school, alice, MUGS)
    await looks_at(school, salma(school), "Open questions")

    after = await presses(school, salma(school), "Not in the policy")
    links_shown = await looks_at(school, salma(school), "Links to review")

    assert "Nothing here." in after
    assert "not in the policy" in links_shown


async def test_a_sentence_must_be_picked_and_be_of_the_published_version(
    school: Office, alice: VirtualUser
):
    await asks(school, alice, MUGS)
    await looks_at(school, salma(school), "Open questions")
    await salma(school).click("Link to a passage…", "home")
    await school.hear()
    await salma(school).choose("Section of the policy", HEADING, "modal")
    await salma(school).expect_modal("The sentence that answers")
    missing = await salma(school).submit()
    await salma(school).choose("The sentence that answers", SENTENCE.text, "modal")
    await salma(school).expect_modal("The whole sentence:")
    await publish(school, POLICY.text + "\nWe print no pictures.\n")

    late = await salma(school).submit()

    assert len(missing) == 1
    assert "Another version of the policy was published" in next(iter(late.values()))


async def test_links_that_a_new_version_put_in_doubt_are_shown_and_can_be_kept(
    school: Office, alice: VirtualUser
):
    await asks(school, alice, MUGS)
    await looks_at(school, salma(school), "Open questions")
    await presses(school, salma(school), "Not in the policy")
    await publish(school, POLICY.text + "\nWe print no pictures.\n")

    flagged = await looks_at(school, salma(school), "Links to review")
    kept = await presses(school, salma(school), "Still right")

    assert "1 links wait for a review" in flagged
    assert "waits for a review: the policy changed" in flagged
    assert "wait for a review" not in kept.replace("Links to review", "")


async def test_agents_neither_see_nor_decide_what_the_desk_learns(
    school: Office, alice: VirtualUser
):
    await asks(school, alice, MUGS)
    await looks_at(school, salma(school), "Open questions")
    await school.rig.desk.bus.handle(OPERATOR, set_role, slack_user="U0SAL", role=Role.AGENT)

    await salma(school).click("Link to a passage…", "home")
    refused = await salma(school).expect_modal("Only approvers")
    await salma(school).close_modal()
    await salma(school).click("Not in the policy", "home")
    await school.hear()
    await salma(school).open_home()
    await school.hear()
    async with school.rig.stage.reading() as work:
        standing = await work.links.standing()

    assert refused
    assert standing == []
    assert MUGS not in shown(salma(school))
    assert "Open questions" not in shown(salma(school))


async def test_thousands_of_questions_fit_on_the_home_view_and_a_client_writes_no_markup(
    school: Office,
):
    count = volume(600, 50_000)
    await school.rig.desk.bus.handle(OPERATOR, ask_many, count=count)

    home = await looks_at(school, salma(school), "Open questions")
    last = await presses(school, salma(school), "Next")

    assert f"{count} open questions in all" in home
    assert "Page 2 of" in last
    view = salma(school).home
    assert view is not None
    marked = [one for one in view.blocks if "<!channel>" in str(one)]
    assert {one["text"]["type"] for one in marked} == {"plain_text"}


async def ask_many(work: UnitOfWork, *, count: int) -> None:
    """All different, long, and with markup in them."""
    chance = Random(seed())
    for number in range(count):
        words = ("".join(chance.choices(ascii_lowercase, k=9)) for _ in range(6))
        text = f"<!channel> *{' '.join(words)}* &amp; " + "ক" * (number % 300)
        await an_open_question(work, text=text, version=POLICY.sha256)


async def publish(office: Office, text: str) -> None:
    document = parse_policy(text)
    await office.rig.desk.bus.handle(
        OPERATOR, publish_policy, version=document.sha256, text=document.text
    )
