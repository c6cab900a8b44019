"""What there is to see of open questions and links, in numbers and lists."""

from bot.answering.questions import QuestionLink
from bot.application.ports import UnitOfWork


async def count_open(work: UnitOfWork) -> int:
    """How many questions nobody answered or reviewed."""
    return await work.questions.count_open()


async def questions_of(work: UnitOfWork, *, link: str) -> int:
    """How many questions this link settled."""
    return await work.questions.count_settled(link)


async def all_links(work: UnitOfWork, *, with_gone: bool) -> list[QuestionLink]:
    """Newest first; `with_gone`: those that were taken back too."""
    return await (work.links.every() if with_gone else work.links.standing())
