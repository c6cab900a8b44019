"""`/desk away`, `export` and `relink`: done from the inbox, answered where they were asked for."""

from bot.application.requests.account_links import agree_to_relink
from bot.application.staff_desk.export import allow_export
from bot.application.staff_desk.staff import come_back, go_away, list_staff
from bot.application.views.ticket_search import read_query
from bot.domain.errors import Refused
from bot.wording import say
from bot.wording.times import moment
from handlers.log_setup import log
from handlers.open_desk import Desk
from handlers.slack.client import SlackCalls, Trouble, code_of
from handlers.slack.delivery.files import Uploads
from handlers.slack.ephemeral_replies import EphemeralReplies
from handlers.slack.handling.commands import read_away
from handlers.slack.handling.staff_session import StaffSession
from handlers.slack.payloads.intents import Commanded
from handlers.slack.people import People
from handlers.slack.rate_limits import TooBusy

FORMS = ("csv", "jsonl")


class SlowCommands:
    """Commands that change something or take long."""

    def __init__(  # the parts of the edge, given by name
        self,
        *,
        desk: Desk,
        calls: SlackCalls,
        uploads: Uploads,
        replies: EphemeralReplies,
        people: People,
    ) -> None:
        self._desk = desk
        self._calls = calls
        self._uploads = uploads
        self._replies = replies
        self._people = people

    async def run(self, session: StaffSession, command: Commanded) -> None:
        """Raises Refused: what is wanted cannot be done, or not be understood."""
        done = {"away": self._away, "export": self._export, "relink": self._relink}[command.word]
        self._replies.respond(command.response_url, await done(session, command.rest))

    async def _away(self, session: StaffSession, rest: str) -> str:
        zone = self._desk.rules.zone
        until, deputy = read_away(rest, self._desk.clock.now(), zone)
        if until is None:
            await session.do(come_back)
            return self._say("you_are_back")
        slack_user = await self._user_named(deputy) if deputy else ""
        await session.do(go_away, until=until, deputy=slack_user)
        at = moment(until, zone, self._desk.rules.staff_language)
        if not slack_user:
            return self._say("you_are_away", until=at)
        name = self._people.name_of(slack_user) or slack_user
        return self._say("deputy_stands_in", until=at, who=name)

    async def _export(self, session: StaffSession, rest: str) -> str:
        words = rest.split()
        form = next((word for word in words if word in FORMS), FORMS[0])
        query = read_query(
            " ".join(word for word in words if word not in FORMS), me=session.staff.id
        )
        if query.text:
            raise Refused("slack.export_not_understood")
        await session.do(allow_export, which=query.which, form=form, personal=False)
        rows = self._desk.records.export_tickets(query.which, form=form, personal=False)
        content = "".join([piece async for piece in rows]).encode()
        name = f"tickets.{form}"
        try:
            opened = await self._calls.call("conversations.open", users=session.staff.slack_user)
            channel = str((opened.get("channel") or {}).get("id") or "")
            comment = self._say("export_comment")
            await self._uploads.hand_over(channel, name, content, comment)
        except (*Trouble, TooBusy) as error:
            log(__name__, "export_not_sent", error=code_of(error))
            return self._say("export_failed")
        return self._say("export_sent")

    async def _relink(self, session: StaffSession, rest: str) -> str:
        is_allowed = await session.do(agree_to_relink, ticket=rest)
        return self._say("relink_allowed" if is_allowed else "relink_agreed")

    async def _user_named(self, name: str) -> str:
        """A Slack id, or the handle or name of somebody on the list."""
        people = await self._desk.bus.look(list_staff)
        await self._people.meet(one.slack_user for one in people)
        wanted = name.casefold()
        for one in people:
            known = (one.slack_user, self._people.handle_of(one.slack_user))
            if wanted in (each.casefold() for each in known):
                return one.slack_user
        raise Refused("staff.no_such_person")

    def _say(self, name: str, **params: object) -> str:
        return say(f"slack.{name}", self._desk.rules.staff_language, **params)
