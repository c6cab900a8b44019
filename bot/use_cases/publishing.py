"""Publishing a policy text: every version is kept, and an answer names the one it quoted."""

from dataclasses import dataclass
from datetime import datetime

from bot.events import Event
from bot.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPublished(Event):
    """A policy text became the current one."""

    version: str
    """SHA-256 of the file's bytes, in hexadecimal."""
    previous: str


async def publish_policy(work: UnitOfWork, *, version: str, text: str) -> bool:
    """Make this text the current policy; False: it is already."""
    previous = await work.policies.current() or ""
    if not await work.policies.publish(version, text, work.clock.now()):
        return False
    work.record(PolicyPublished(stream="desk", version=version, previous=previous))
    return True


async def policy_history(work: UnitOfWork) -> list[tuple[str, datetime]]:
    """(version, published at) of every version, oldest first."""
    return await work.policies.history()


async def policy_text(work: UnitOfWork, *, version: str) -> str:
    """The text of a version, verbatim. Raises NotFound."""
    return await work.policies.text(version)
