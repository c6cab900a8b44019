"""Approvers link questions to passages of the policy, look at the links, and take them back."""

from bot.answering.document.policy_document import Document, Sentence, parse_policy
from bot.answering.questions import LinkFlagged, QuestionLink, QuestionLinked
from bot.answering.reviewed_links import (
    links_to_review as doubtful_links,
    sentence_hash,
    wording_of,
)
from bot.application.permission import may_review_questions
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reviewed_answers.question_groups import MOST_WORDINGS, Recalling
from bot.domain.addresses import new_id
from bot.domain.errors import NotFound, Refused, Stale

CHANGED = "answers.links"
"""The key whose value changes with every link: who answers looks at it before each answer."""


async def link_question(
    work: UnitOfWork, *, question: str, version: str, start: int
) -> QuestionLink:
    """The sentence that begins at `start` in that version answers this question from now on.

    Raises:
        NotAllowed: only approvers may.
        NotFound: no such question, or no sentence begins there.
        Stale: another version of the policy was published since, or somebody was first.
    """
    await may_review_questions(work)
    passage = await passage_at(work, version=version, start=start)
    return await _learn(work, question, passage.text)


async def mark_not_in_policy(work: UnitOfWork, *, question: str) -> QuestionLink:
    """The policy does not answer this question, whatever sentence seems near.

    Raises:
        NotAllowed: only approvers may.
        NotFound: no such question.
        Stale: somebody was first.
    """
    await may_review_questions(work)
    return await _learn(work, question, None)


async def take_back_link(work: UnitOfWork, *, link: str) -> QuestionLink:
    """The link is used no more; the questions it settled are open again.

    Raises:
        NotAllowed: only approvers may.
        NotFound: no such link.
        Stale: it was taken back already.
    """
    await may_review_questions(work)
    found = await work.links.get(link)
    if found.taken_back_at is not None:
        raise Stale("questions.link_is_gone")
    await _take_back(work, found)
    return found


async def keep_link(work: UnitOfWork, *, link: str) -> QuestionLink:
    """A link that a new version put in doubt is right for this version too.

    Raises:
        NotAllowed: only approvers may.
        NotFound: no such link.
        Refused: its sentence no longer stands in the policy.
        Stale: it does not wait for a review.
    """
    await may_review_questions(work)
    found = await work.links.get(link)
    if found.taken_back_at is not None or found.flagged_in is None:
        raise Stale("questions.link_needs_no_review")
    document = await current_policy(work)
    if found.sentence is not None and not _stands_in(found.sentence, document):
        raise Refused("questions.sentence_is_gone")
    work.record(found.keep(document.sha256))
    await work.links.save(found)
    await _note_change(work)
    return found


async def flag_links(work: UnitOfWork, *, old: Document, new: Document) -> list[LinkFlagged]:
    """Links that the new version puts in doubt rest until an approver looked at them."""
    used = [one for one in await work.links.standing() if one.is_used]
    doubtful = set(doubtful_links([one.taught for one in used], old, new))
    flagged: list[LinkFlagged] = []
    for link in used:
        if link.taught in doubtful:
            flagged.append(link.flag(new.sha256))
            work.record(flagged[-1])
            await work.links.save(link)
    if flagged:
        await _note_change(work)
    return flagged


async def the_link(work: UnitOfWork, *, ref: str) -> QuestionLink:
    """The standing link whose id begins like this.

    Raises:
        NotFound: there is none, or more than one.
    """
    found = [one for one in await work.links.standing() if ref and one.id.startswith(ref)]
    if len(found) != 1:
        raise NotFound("questions.no_such_link")
    return found[0]


async def links_to_review(work: UnitOfWork) -> list[QuestionLink]:
    """Links that a new version put in doubt, newest first."""
    return [one for one in await work.links.standing() if one.flagged_in is not None]


async def current_policy(work: UnitOfWork) -> Document:
    """The policy that is published now. Raises NotFound: none is."""
    version = await work.policies.current()
    if version is None:
        raise NotFound("questions.no_policy")
    return parse_policy(await work.policies.text(version), sha256=version)


async def listed_links(work: UnitOfWork) -> list[QuestionLink]:
    """The standing links: those that wait for a review first, then the newest."""
    return sorted(await work.links.standing(), key=lambda one: one.is_used)


async def passage_at(work: UnitOfWork, *, version: str, start: int) -> Sentence:
    """The sentence that begins there.

    Raises:
        NotFound: none does.
        Stale: another version is published by now.
    """
    document = await current_policy(work)
    if document.sha256 != version:
        raise Stale("questions.policy_changed", field="sentence")
    found = next((one for one in document.sentences if one.start == start), None)
    if found is None:
        raise NotFound("questions.no_such_sentence")
    return found


async def _learn(work: UnitOfWork, question: str, sentence: str | None) -> QuestionLink:
    asked = await work.questions.get(question)
    if asked.link is not None:
        raise Stale("questions.already_settled")
    link = QuestionLink(
        id=new_id(),
        at=work.clock.now(),
        question=asked.text,
        digest=asked.digest,
        sentence=sentence,
        policy_version=await work.policies.current() or "",
    )
    await _supersede(work, link)
    await work.links.add(link)
    settled = await _settle(work, link)
    work.record(
        QuestionLinked(
            stream=link.stream,
            link=link.id,
            policy_version=link.policy_version,
            sentence=link.sentence_hash,
            settled=settled,
        )
    )
    await _note_change(work)
    return link


async def _supersede(work: UnitOfWork, link: QuestionLink) -> None:
    """Two answers for the same words cannot both hold: the last word counts."""
    for other in await work.links.standing():
        if wording_of(other.question) == wording_of(link.question):
            await _take_back(work, other)


async def _settle(work: UnitOfWork, link: QuestionLink) -> int:
    """Open questions for which this link speaks; others of their group stay open."""
    recalling = Recalling(await work.links.standing())
    wordings = await work.questions.open_wordings(MOST_WORDINGS)
    mine = {link.digest}
    for one in wordings:
        found = recalling.link_for(one.question.text)
        if found is not None and found.id == link.id:
            mine.add(one.question.digest)
    return await work.questions.settle(mine, link.id)


async def _take_back(work: UnitOfWork, link: QuestionLink) -> None:
    reopened = await work.questions.reopen(link.id)
    work.record(link.take_back(work.clock.now(), reopened=reopened))
    await work.links.save(link)
    await _note_change(work)


async def _note_change(work: UnitOfWork) -> None:
    await work.key_values.put(CHANGED, new_id())


def _stands_in(sentence: str, document: Document) -> bool:
    wanted = sentence_hash(sentence)
    return any(sentence_hash(one.text) == wanted for one in document.sentences)


async def count_open(work: UnitOfWork) -> int:
    """How many questions nobody answered or reviewed."""
    return await work.questions.count_open()


async def questions_of(work: UnitOfWork, *, link: str) -> int:
    """How many questions this link settled."""
    return await work.questions.count_settled(link)


async def all_links(work: UnitOfWork, *, with_gone: bool) -> list[QuestionLink]:
    """Newest first; `with_gone`: those that were taken back too."""
    return await (work.links.every() if with_gone else work.links.standing())
