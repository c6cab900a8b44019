"""In whose name the shell of the machine acts: a person's, or that of a job.

The shell believes whatever name it is told. So whoever is named hears of it in the same
transaction, approvers hear of whatever touches who decides and who a client is, and every event
says which user of the operating system typed it.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from bot.application.outbound.to_staff import Alert, TellStaff
from bot.application.permission import the_staff
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.staff import on_the_list
from bot.domain.addresses import OPERATOR, Actor, ActorKind, StaffId
from bot.domain.errors import NotAllowed, NotFound, Refused
from bot.domain.staff import ActedAtShell, Staff
from bot.domain.text import shorten
from bot.wording import say

R = TypeVar("R")
JOB = re.compile(r"[a-z0-9][a-z0-9_.-]{0,31}")
LONGEST_ABOUT = 40


class ShellDeed(StrEnum):
    """What the shell does in somebody's name; wording keys `shell.did_<value>`."""

    OPEN_REQUEST = "open_request"
    NAME_SUBJECT = "name_subject"
    RETRY_REQUEST = "retry_request"
    TICK_OFF_FINDING = "tick_off_finding"
    TICK_OFF_STEP = "tick_off_step"
    HAND_OVER = "hand_over"
    REPLY = "reply"
    NOTE = "note"
    ASSIGN = "assign"
    RESOLVE = "resolve"
    SHOW_TICKET = "show_ticket"
    EXPORT_PERSONAL = "export_personal"
    CHANGE_STAFF = "change_staff"
    IMPORT_CLIENTS = "import_clients"
    MERGE_CLIENTS = "merge_clients"
    UNLOCK_CLIENT = "unlock_client"
    SHOW_CLIENT = "show_client"
    REVIEW_QUESTION = "review_question"
    PUBLISH_POLICY = "publish_policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms the shell does something."""

    for_approvers: bool = False
    """Whoever is named must be one; until somebody is, anybody on the list will do."""
    jobs_may: bool = False
    """It may run by a timetable: `--as-service`."""
    founds: bool = False
    """It may come before anybody is on the list, who could be named."""
    needs_nobody: bool = False
    """It goes without a name too; then the user of the operating system is told."""
    is_posted: bool = True
    """Approvers hear of it too; the rest is seen where it happens, in the ticket's thread."""


IN_A_TICKET = Terms(jobs_may=True, is_posted=False)
OF_A_CLIENT = Terms()
OF_AN_APPROVER = Terms(for_approvers=True)
TERMS: Mapping[ShellDeed, Terms] = MappingProxyType(
    {
        ShellDeed.OPEN_REQUEST: OF_A_CLIENT,
        ShellDeed.NAME_SUBJECT: OF_A_CLIENT,
        ShellDeed.RETRY_REQUEST: OF_AN_APPROVER,
        ShellDeed.TICK_OFF_FINDING: OF_AN_APPROVER,
        ShellDeed.TICK_OFF_STEP: OF_AN_APPROVER,
        ShellDeed.HAND_OVER: OF_AN_APPROVER,
        ShellDeed.REPLY: IN_A_TICKET,
        ShellDeed.NOTE: IN_A_TICKET,
        ShellDeed.ASSIGN: IN_A_TICKET,
        ShellDeed.RESOLVE: IN_A_TICKET,
        ShellDeed.SHOW_TICKET: IN_A_TICKET,
        ShellDeed.EXPORT_PERSONAL: Terms(jobs_may=True, needs_nobody=True),
        ShellDeed.CHANGE_STAFF: Terms(for_approvers=True, founds=True),
        ShellDeed.IMPORT_CLIENTS: Terms(jobs_may=True, founds=True),
        ShellDeed.MERGE_CLIENTS: OF_A_CLIENT,
        ShellDeed.UNLOCK_CLIENT: OF_A_CLIENT,
        ShellDeed.SHOW_CLIENT: OF_A_CLIENT,
        ShellDeed.REVIEW_QUESTION: Terms(for_approvers=True),
        ShellDeed.PUBLISH_POLICY: Terms(for_approvers=True, jobs_may=True, founds=True),
    }
)


async def who_acts(work: UnitOfWork, *, deed: ShellDeed, person: str = "", job: str = "") -> Actor:
    """In whose name this is done. `person`: a Slack user id; `job`: what a timer calls itself.

    Raises:
        NotAllowed: that person can do nothing here or is away, so that they would not see what is
            done in their name; or the deed takes an approver.
        Refused: nobody is named, or a job where it takes a person.
    """
    if job:
        return _job(deed, job)
    if TERMS[deed].founds and not await work.staff.everyone():
        return OPERATOR
    if person:
        return Actor.staff((await _named(work, deed, person)).id)
    if TERMS[deed].needs_nobody:
        return OPERATOR
    raise Refused("shell.nobody_named")


async def act_at_shell(
    work: UnitOfWork,
    *,
    deed: ShellDeed,
    act: Callable[[UnitOfWork], Awaitable[R]],
    about: str = "",
) -> R:
    """Do it, and say so to whoever is named. `about`: the number of what it is done to.

    Raises:
        NotAllowed: whoever is named left the list meanwhile, or is no approver any more.
        Refused: the deed itself says no; then nobody is told of anything.
    """
    if work.actor.kind is ActorKind.STAFF:
        await _check_role(work, deed, await the_staff(work))
    done = await act(work)
    await tell_of_deed(work, deed=deed, about=about)
    return done


async def tell_of_deed(work: UnitOfWork, *, deed: ShellDeed, about: str = "") -> None:
    """The event, the word to whoever is named, and the line for those who decide."""
    about = shorten(about, LONGEST_ABOUT)
    work.record(ActedAtShell(deed=deed, about=about))
    language, user = work.rules.staff_language, work.actor.os_user
    did = say(f"shell.did_{deed}", language, about=about).strip()
    who = work.actor.id
    if work.actor.kind is ActorKind.STAFF:
        named = await work.staff.get(StaffId(who))
        who = named.mention
        text = say("shell.in_your_name", language, user=user, did=did)
        await work.outbox.put(TellStaff(named.id, text))
    if TERMS[deed].is_posted and (who or TERMS[deed].needs_nobody):
        key = "in_the_name_of" if who else "in_nobodys_name"
        text = say(f"shell.{key}", language, user=user, did=did, who=who)
        await work.outbox.put(Alert("privacy", text))


def _job(deed: ShellDeed, name: str) -> Actor:
    if not JOB.fullmatch(name):
        raise Refused("shell.not_a_job")
    if not TERMS[deed].jobs_may:
        raise Refused("shell.takes_a_person")
    return Actor.job(name)


async def _named(work: UnitOfWork, deed: ShellDeed, person: str) -> Staff:
    try:
        staff = await on_the_list(work, person)
    except NotFound as error:
        raise NotAllowed("shell.not_on_the_list") from error
    if not staff.can_act:
        raise NotAllowed("shell.not_on_the_list")
    if staff.is_away(work.clock.now()):
        raise NotAllowed("shell.is_away")
    await _check_role(work, deed, staff)
    return staff


async def _check_role(work: UnitOfWork, deed: ShellDeed, staff: Staff) -> None:
    now = work.clock.now()
    if not TERMS[deed].for_approvers or staff.may_decide(now):
        return
    if any(one.may_decide(now) for one in await work.staff.everyone()):
        raise NotAllowed("shell.takes_an_approver")
