"""Who may do what: read from the staff table at each call, never from a button or a session.

(ASVS 8.3.2: a role that was taken away stops counting with the next click.)
"""

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Actor, ActorKind, StaffId
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.staff import AccessRefused, Staff


async def the_staff(work: UnitOfWork) -> Staff:
    """The member of staff who acts.

    Raises:
        NotAllowed: whoever acts is not on the list, or no longer.
    """
    if work.actor.kind is not ActorKind.STAFF:
        raise NotAllowed("staff.not_on_the_list")
    try:
        staff = await work.staff.get(StaffId(work.actor.id))
    except NotFound as error:
        raise NotAllowed("staff.not_on_the_list") from error
    if not staff.active:
        raise NotAllowed("staff.not_on_the_list")
    if staff.fault:
        raise NotAllowed("staff.shut_out")
    return staff


async def may_work_tickets(work: UnitOfWork) -> Staff | None:
    """Staff may, and the operator of the machine, who is nobody on the list (None).

    Raises:
        NotAllowed: neither of the two.
    """
    return None if work.actor.kind is ActorKind.OPERATOR else await the_staff(work)


async def may_review_questions(work: UnitOfWork) -> None:
    """Approvers, and the operator of the machine, decide what the desk learns.

    Raises:
        NotAllowed: anybody else.
    """
    if work.actor.kind is ActorKind.OPERATOR:
        return
    if not (await the_staff(work)).may_decide(work.clock.now()):
        raise NotAllowed("questions.approvers_only")


def may_change_staff(work: UnitOfWork) -> None:
    """Only the command line of the machine and the seeding from settings change the list.

    Raises:
        NotAllowed: anybody else, whatever their role.
    """
    if not _is_the_machines(work.actor):
        raise NotAllowed("staff.only_the_operator")


def may_change_clients(work: UnitOfWork) -> None:
    """Only the command line of the machine, and the desk's own timer, change the client list.

    Raises:
        NotAllowed: anybody else, whatever their role.
    """
    if not _is_the_machines(work.actor):
        raise NotAllowed("clients.only_the_operator")


def _is_the_machines(actor: Actor) -> bool:
    """The desk itself, or somebody at its shell, in whosever name: none of it comes by Slack."""
    return actor.is_staff_at_shell or actor.kind in (ActorKind.OPERATOR, ActorKind.SYSTEM)


async def admit(work: UnitOfWork, *, slack_user: str) -> Staff:
    """Who stands at the Slack edge's gate; the edge acts in their name, and asks Slack of them.

    Raises:
        NotAllowed: not on the list, or no longer.
    """
    staff = await work.staff.on_slack(slack_user)
    if staff is None or not staff.active:
        raise NotAllowed("staff.not_on_the_list")
    return staff


async def refuse_access(work: UnitOfWork, *, refusal: AccessRefused) -> None:
    """Keep that somebody was turned away. The refused intent itself left nothing behind."""
    work.record(refusal)
