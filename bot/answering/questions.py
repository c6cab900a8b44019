"""Questions that clients asked, kept without who asked, and what approvers made of them."""

from dataclasses import dataclass
from datetime import datetime

from bot.answering.reviewed_links import LearnedLink, sentence_hash
from bot.domain.events import Event

ANSWERED = "answer"
"""The outcome that leaves nothing open (bot.answering.engine.Outcome)."""


@dataclass(kw_only=True)
class Question:
    """A question and how it was answered; it teaches the desk only through a person's review."""

    id: str
    at: datetime
    text: str
    """Masked: no e-mail address, number or known name in it."""
    digest: str = ""
    """Keyed digest of the wording: the same words, however they are spaced and marked, share it."""
    language: str
    outcome: str
    policy_version: str
    quotes: tuple[tuple[int, int], ...] = ()
    """(start, end) in that version's text, in code points."""
    is_helpful: bool | None = None
    """What the client said of the answer; None: nothing."""
    link: str | None = None
    """The reviewed link that settled it; None: none did."""

    @property
    def is_open(self) -> bool:
        """It was not answered, or did not help, and nobody has reviewed it yet."""
        failed = self.outcome != ANSWERED or self.is_helpful is False
        return failed and self.link is None


@dataclass(frozen=True, slots=True)
class Wording:
    """Open questions of the very same words: one of them, how many, and when the last was asked."""

    question: Question
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEvent(Event):
    """A fact about one reviewed link."""

    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLinked(LinkEvent):
    """An approver's word. `sentence` is the hash of the passage; empty: the policy does not say."""

    policy_version: str
    sentence: str
    settled: int
    """How many open questions this answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTakenBack(LinkEvent):
    """The link is used no more; `reopened` questions are open again."""

    reopened: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFlagged(LinkEvent):
    """A new version of the policy changed what the link is about: it rests until reviewed."""

    policy_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkKept(LinkEvent):
    """An approver looked again: the link is right for this version too."""

    policy_version: str


@dataclass(kw_only=True)
class QuestionLink:
    """An approver's reviewed answer to a question: this passage, or (None) "not in the policy".

    It is bound to the passage's words, not to its place, and to the version it was reviewed for.
    """

    id: str
    at: datetime
    question: str
    """Masked, like the question it was made from."""
    digest: str
    sentence: str | None
    policy_version: str
    flagged_in: str | None = None
    """The version of the policy that put it in doubt; None: it is in use."""
    taken_back_at: datetime | None = None

    @property
    def stream(self) -> str:
        return f"link:{self.id}"

    @property
    def sentence_hash(self) -> str:
        return "" if self.sentence is None else sentence_hash(self.sentence)

    @property
    def is_used(self) -> bool:
        return self.flagged_in is None and self.taken_back_at is None

    @property
    def taught(self) -> LearnedLink:
        """As the answer engine learns it."""
        return LearnedLink(self.question, self.sentence)

    def flag(self, version: str) -> LinkFlagged:
        self.flagged_in = version
        return LinkFlagged(stream=self.stream, link=self.id, policy_version=version)

    def keep(self, version: str) -> LinkKept:
        self.flagged_in, self.policy_version = None, version
        return LinkKept(stream=self.stream, link=self.id, policy_version=version)

    def take_back(self, at: datetime, *, reopened: int) -> LinkTakenBack:
        self.taken_back_at = at
        return LinkTakenBack(stream=self.stream, link=self.id, reopened=reopened)
