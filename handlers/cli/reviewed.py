"""What approvers taught, for commands that answer without the desk."""

import asyncio
from pathlib import Path

from bot.answering.reviewed_links import LearnedLink
from bot.application.reviewed_answers.material import answer_material
from bot.domain.errors import DeskError
from bot.wording import say
from bot.wording.refusals import refusal_text
from handlers.cli.output import tell
from handlers.settings import Settings, read_settings

SQLITE = "sqlite:///"


def reviewed_links() -> tuple[LearnedLink, ...]:
    """The links in use; none where there is no store. A store in trouble stops no answer."""
    settings = read_settings()
    if _has_no_file(settings):
        return ()
    try:
        return asyncio.run(_links(settings))
    except DeskError as error:
        if error.key != "store.not_there_yet":
            tell(say("policy.links_left_out", why=refusal_text(error)))
        return ()


def _has_no_file(settings: Settings) -> bool:
    """Looked at first: without a store the command need not load what opens one."""
    url = settings.database_url
    return url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).exists()


async def _links(settings: Settings) -> tuple[LearnedLink, ...]:
    from handlers.runtime.composition import open_desk  # noqa: PLC0415  # likewise

    async with open_desk(settings, publishes=False, may_make=False) as desk:
        return (await desk.bus.look(answer_material)).links
