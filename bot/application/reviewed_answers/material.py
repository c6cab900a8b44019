"""What the answer engine is made of: the published policy and the links in use."""

from dataclasses import dataclass

from bot.answering.reviewed_links import LearnedLink
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reviewed_answers.question_links import CHANGED


@dataclass(frozen=True, slots=True)
class Mark:
    """Changes whenever the material does; cheap to look at before every answer."""

    version: str | None
    """The published version of the policy; None: nothing is published yet."""
    links: str


@dataclass(frozen=True, slots=True)
class Material:
    """The policy's text (empty: nothing is published), and what people taught."""

    mark: Mark
    text: str
    links: tuple[LearnedLink, ...]


async def answer_mark(work: UnitOfWork) -> Mark:
    """As things stand in the store, whichever process changed them."""
    return Mark(await work.policies.current(), await work.key_values.get(CHANGED) or "")


async def answer_material(work: UnitOfWork) -> Material:
    mark = await answer_mark(work)
    text = "" if mark.version is None else await work.policies.text(mark.version)
    used = [one.taught for one in await work.links.standing() if one.is_used]
    return Material(mark, text, tuple(used))
