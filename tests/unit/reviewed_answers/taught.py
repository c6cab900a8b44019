"""A desk that learns: questions asked of it, approvers who link them, published versions."""

from bot.answering.document.policy_document import Document, parse_policy
from bot.answering.questions import Question, QuestionLink
from bot.answering.reviewed_links import wording_of
from bot.application.policy_publishing import publish_policy
from bot.application.reviewed_answers.question_links import link_question, mark_not_in_policy
from bot.domain.addresses import OPERATOR, Actor, Role, new_id
from tests.support.builders.desk import Desk, a_desk, a_member
from tests.support.fakes.people import FakeDigests

POLICY = """# Retention

We keep your invoices for ten years. We erase your messages after a year.

# Sharing

We share nothing with anybody.
"""
INVOICES = "We keep your invoices for ten years."
MUGS = "Will my picture be printed on coffee mugs?"


async def a_learning_desk() -> tuple[Desk, Actor]:
    """A desk with a policy, and an approver."""
    desk = a_desk()
    await publish(desk, POLICY)
    return desk, await a_member(desk, "ann", role=Role.APPROVER)


async def publish(desk: Desk, text: str) -> Document:
    document = parse_policy(text)
    await desk.bus.handle(OPERATOR, publish_policy, version=document.sha256, text=text)
    return document


def asks(desk: Desk, text: str, times: int = 1, **more: object) -> str:
    """So many clients ask this; gives one question's id."""
    last = ""
    for _ in range(times):
        last = new_id()
        known: dict[str, object] = {
            "id": last,
            "at": desk.clock.now(),
            "text": text,
            "digest": FakeDigests().digest("question.wording", wording_of(text)),
            "language": "en",
            "outcome": "not_stated",
            "policy_version": "v",
        }
        desk.store.questions[last] = Question(**{**known, **more})  # pyright: ignore[reportArgumentType]  # fields of Question
    return last


async def links(desk: Desk, by: Actor, question: str, sentence: str | None = None) -> QuestionLink:
    """An approver links a question to a sentence; without one, says that the policy is silent."""
    if sentence is None:
        return await desk.bus.handle(by, mark_not_in_policy, question=question)
    version = desk.store.published[-1][0]
    start = desk.store.policies[version].index(sentence)
    return await desk.bus.handle(by, link_question, question=question, version=version, start=start)
