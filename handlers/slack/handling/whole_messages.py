"""What a message lacks when it comes, asked of Slack before it is kept: names, facts of files."""

from dataclasses import dataclass

from bot.application.staff_desk.words import LONGEST
from bot.domain.addresses import Language
from bot.domain.errors import Unavailable
from bot.domain.tickets.message import Attachment, Span
from bot.wording import say
from handlers.log_setup import log
from handlers.slack.client import SlackCalls, Trouble, code_of
from handlers.slack.handling.references import Named, References
from handlers.slack.payloads.intents import Said, attachments_of, spans_of
from handlers.slack.payloads.parsing import file_of, inner
from handlers.slack.places import is_for_now
from handlers.slack.rate_limits import TooBusy


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A message with nothing left to ask."""

    text: str
    spans: tuple[Span, ...]
    files: tuple[Attachment, ...]
    lost_files: tuple[str, ...]
    shared: str
    """The words of messages that were passed on with it, and whose they are."""
    is_vague: bool


class WholeMessages:
    """Completes what Slack told in part."""

    def __init__(self, calls: SlackCalls, references: References, language: Language) -> None:
        self._calls = calls
        self._references = references
        self._language = language

    async def whole(self, said: Said) -> Whole:
        """Raises Unavailable: Slack does not answer now; the same may be asked again."""
        named = await self.named(said.plain, spans_of(said.spans))
        files, lost = list[Attachment](), [*said.lost_files]
        for file in attachments_of(said.files):
            found = file if file.kind else await self._asked(file)
            if isinstance(found, str):
                lost.append(found)
            else:
                files.append(found)
        return Whole(
            text=named.text,
            spans=named.spans,
            files=tuple(files),
            lost_files=tuple(lost),
            shared=self._shared(said),
            is_vague=named.is_vague,
        )

    async def named(self, text: str, spans: tuple[Span, ...]) -> Named:
        """Raises Unavailable likewise."""
        return await self._references.named(text, spans)

    async def _asked(self, file: Attachment) -> Attachment | str:
        """The file with its facts, or what to call it where it cannot be had."""
        try:
            answer = await self._calls.call("files.info", rank=0, file=file.file_ref)
        except (*Trouble, TooBusy) as error:
            log(__name__, "file_unknown", error=code_of(error))
            if is_for_now(error):
                raise Unavailable("slack.unreachable", error=code_of(error)) from error
            return say("slack.file_unnamed", self._language)
        found = file_of(inner(answer, "file"))
        is_told = isinstance(found, str) or found.kind
        return found if is_told else say("slack.file_unnamed", self._language)

    def _shared(self, said: Said) -> str:
        parts = list[str]()
        for who, words in said.shared:
            head = say("slack_words.passed_on", self._language, who=who) if who else ""
            parts.append("\n".join(filter(None, (head, words))))
        return "\n\n".join(parts)[:LONGEST]
