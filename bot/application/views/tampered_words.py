"""A row that is not as the desk wrote it, in words: of what it is, and what is wrong with it."""

from bot.application.ports.reports import TamperedRow
from bot.domain.addresses import Language
from bot.wording import say, texts


def tampered_text(row: TamperedRow, language: Language = Language.EN) -> str:
    """One line for whoever looks into it."""
    name = f"guarded_{row.table}"
    known = name in texts(Language.EN, "store")
    what = say(f"store.{name}", language) if known else row.table
    return say(f"store.row_{row.how}", language, what=what, row=row.row)
