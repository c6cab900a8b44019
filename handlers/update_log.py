"""The one line that each update leaves in the log when it came to its end."""

from bot.application.bus import UpdateEnd
from handlers.log_setup import log

KEY_SHOWN = 160


def log_end(source: str, end: UpdateEnd, *, key: str = "") -> None:
    """Where it went and why, in codes. `key`: of its inbox row; empty: it was in none."""
    log(
        __name__,
        "update_handled",
        key=key[:KEY_SHOWN] or None,
        source=source,
        route=end.route,
        reason=end.reason,
        action=end.action or None,
        message=end.message or None,
        refusal=end.refusal or None,
    )
