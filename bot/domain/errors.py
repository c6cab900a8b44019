"""The error tree.

DeskError
├── Refused          expected; shown to the person in their language; nothing was changed
│   ├── NotFound     there is no such thing, or it is not theirs (the two are told apart to nobody)
│   ├── NotAllowed   this person may not do this
│   └── Stale        somebody else was first; the text says who or what
├── Tampered         what the store holds of it is not what the desk wrote there
└── Unavailable      not now; trying again later is right
    └── PlatformAway Telegram or Slack itself does not answer: no fault of what was asked of it

An error carries a wording key and ids only: never a name, a text, an address or a token.
"""


class DeskError(Exception):
    """Something that a person can be told about: `key` names the text in bot/wording.

    `field`: what of the wish is wrong, where one thing is; a dialog marks its field of that name.
    """

    def __init__(self, key: str, *, field: str = "", **params: str | int) -> None:
        super().__init__(key, params)
        self.key = key
        self.field = field
        self.params = params

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.key} ({details})" if details else self.key


class Refused(DeskError):
    """The wish is understood and not granted; nothing was changed."""


class NotFound(Refused):
    """No such thing, or not theirs: the same answer, so that nobody can probe for what exists."""


class NotAllowed(Refused):
    """The person's role does not allow it."""


class Stale(Refused):
    """The thing moved on since the person last saw it."""


class Tampered(DeskError):
    """Somebody changed what is stored, past the desk: nothing rests on it, and staff are told.

    No refusal: what was wanted is kept for a person, and nothing else is done in its place.
    """


class Unavailable(DeskError):
    """A place that is needed cannot be reached now; the work is kept and tried again."""


class PlatformAway(Unavailable):
    """The platform does not answer at all: no fault of what was asked, which may wait for it."""
