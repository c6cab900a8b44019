"""What staff do in Slack, put together: dialogs, commands, and what the inbox holds of them."""

from dataclasses import dataclass

from handlers.open_desk import Desk
from handlers.slack.access import AccessCheck
from handlers.slack.client import SlackCalls
from handlers.slack.delivery.files import Uploads
from handlers.slack.ephemeral_replies import EphemeralReplies
from handlers.slack.handling.commands import Commands
from handlers.slack.handling.dialogs import Dialogs
from handlers.slack.handling.dispatcher import IntentDispatcher
from handlers.slack.handling.references import References
from handlers.slack.handling.slow_commands import SlowCommands
from handlers.slack.handling.submissions import Submissions
from handlers.slack.handling.whole_messages import WholeMessages
from handlers.slack.people import People
from handlers.slack.places import Places
from handlers.slack.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the parts stand on."""

    desk: Desk
    calls: SlackCalls
    workspace: Workspace
    people: People
    access: AccessCheck
    replies: EphemeralReplies
    uploads: Uploads


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSide:
    """The parts."""

    dialogs: Dialogs
    submissions: Submissions
    commands: Commands
    dispatcher: IntentDispatcher


def staff_side(around: Surroundings) -> StaffSide:
    desk, calls, people = around.desk, around.calls, around.people
    references = References(people, Places(calls, around.workspace))
    submissions = Submissions(
        calls=calls,
        people=people,
        references=references,
        rules=desk.rules,
        clock=desk.clock,
        bus=desk.bus,
    )
    dialogs = Dialogs(
        calls=calls,
        bus=desk.bus,
        rules=desk.rules,
        people=people,
        references=references,
        forms=submissions,
    )
    return StaffSide(
        dialogs=dialogs,
        submissions=submissions,
        commands=Commands(desk.bus, desk.rules, around.workspace),
        dispatcher=_dispatcher(around, submissions, references),
    )


def _dispatcher(
    around: Surroundings, submissions: Submissions, references: References
) -> IntentDispatcher:
    slow_commands = SlowCommands(
        desk=around.desk,
        calls=around.calls,
        uploads=around.uploads,
        replies=around.replies,
        people=around.people,
    )
    rules = around.desk.rules
    return IntentDispatcher(
        access=around.access,
        replies=around.replies,
        slow_commands=slow_commands,
        submissions=submissions,
        messages=WholeMessages(around.calls, references, rules.staff_language),
        rules=rules,
    )
