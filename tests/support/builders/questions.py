"""Questions that clients asked and that the policy did not answer."""

from bot.answering.questions import Question
from bot.answering.reviewed_links import wording_of
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import new_id


async def an_open_question(work: UnitOfWork, *, text: str, version: str = "a" * 64) -> str:
    """Its id. `version`: of the policy that it was asked of."""
    question = Question(
        id=new_id(),
        at=work.clock.now(),
        text=text,
        digest=work.digests.digest("question.wording", wording_of(text)),
        language="en",
        outcome="not_stated",
        policy_version=version,
    )
    await work.questions.add(question)
    return question.id
