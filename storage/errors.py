"""One error for each way a database can be out of reach; a driver's own words stay inside.

They may hold personal data, so only a wording key leaves.
"""

from sqlalchemy import exc

from bot.domain.errors import Unavailable

SAID = {
    "locked": "store.locked",
    "lock timeout": "store.locked",
    "readonly": "store.read_only",
    "read-only": "store.read_only",
    "disk is full": "store.full",
    "no space": "store.full",
    "disk i/o": "store.broken_disk",
    "malformed": "store.broken_file",
    "not a database": "store.broken_file",
    "unable to open": "store.cannot_open",
    "authentication failed": "store.login_refused",
    "no password": "store.login_refused",
    "permission denied": "store.not_permitted",
    "deadlock": "store.collided",
    "could not serialize": "store.collided",
}
"""Words of a driver, and the wording key they mean."""


def translate(error: exc.SQLAlchemyError) -> Exception:
    """What the desk says instead of `error`; a mistake of ours stays what it is."""
    match error:
        case exc.TimeoutError():
            return Unavailable("store.busy")
        case exc.IntegrityError():
            return Unavailable("store.collided")
        case exc.DBAPIError():
            key = _meaning(error)
            is_ours = isinstance(error, (exc.DataError, exc.ProgrammingError))
            return error if is_ours and not key else Unavailable(key or "store.unreachable")
        case _:
            return error


def _meaning(error: exc.DBAPIError) -> str:
    said = str(error.orig).lower()
    return next((key for words, key in SAID.items() if words in said), "")
