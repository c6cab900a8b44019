"""Publishing a policy text: every version is kept, and an answer names the one it quoted."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.answering.document.policy_document import parse_policy
from bot.answering.document.translations import Translations
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reviewed_answers.question_links import flag_links
from bot.domain.events import Event

SUMMARIES = "policy.summaries"
"""The key that holds the reviewed summaries, as JSON by heading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPublished(Event):
    """A policy text became the current one."""

    version: str
    """SHA-256 of the file's bytes, in hexadecimal."""
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummariesPublished(Event):
    """Other reviewed summaries stand below the quotes from now on; zero sections: none."""

    digest: str
    """SHA-256 of the summaries, in hexadecimal."""
    sections: int


async def publish_policy(work: UnitOfWork, *, version: str, text: str) -> bool:
    """Make this text the current policy; False: it is already.

    Reviewed links whose sentence the new version changed rest until an approver looked at them.
    """
    previous = await work.policies.current() or ""
    if not await work.policies.publish(version, text, work.clock.now()):
        return False
    work.record(PolicyPublished(stream="desk", version=version, previous=previous))
    if previous:
        old = parse_policy(await work.policies.text(previous), sha256=previous)
        await flag_links(work, old=old, new=parse_policy(text, sha256=version))
    return True


async def publish_summaries(work: UnitOfWork, *, summaries: Mapping[str, str]) -> bool:
    """Show these reviewed summaries from now on, in every process; False: they are known."""
    kept = json.dumps(dict(summaries), ensure_ascii=False, sort_keys=True)
    if (await work.key_values.get(SUMMARIES) or "{}") == kept:
        return False
    await work.key_values.put(SUMMARIES, kept)
    digest = hashlib.sha256(kept.encode("utf-8", "replace")).hexdigest()
    work.record(SummariesPublished(stream="desk", digest=digest, sections=len(summaries)))
    return True


async def publish_both(
    work: UnitOfWork, *, version: str, text: str, summaries: Mapping[str, str]
) -> None:
    """The text, and the reviewed summaries that stand below its quotes."""
    await publish_policy(work, version=version, text=text)
    await publish_summaries(work, summaries=summaries)


async def published_summaries(work: UnitOfWork) -> Translations:
    """The reviewed summaries, by heading."""
    return Translations(json.loads(await work.key_values.get(SUMMARIES) or "{}"))


async def policy_history(work: UnitOfWork) -> list[tuple[str, datetime]]:
    """(version, published at) of every version, oldest first."""
    return await work.policies.history()


async def policy_text(work: UnitOfWork, *, version: str) -> str:
    """The text of a version, verbatim. Raises NotFound."""
    return await work.policies.text(version)
