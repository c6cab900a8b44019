"""Cells of a csv as spreadsheets need them: never a formula, and never more than a cell holds.

A spreadsheet that takes another separator than ours tears a cell apart there, so that what stands
behind a separator begins a cell of its own (OWASP ASVS 5.0, 1.2.10). LONGEST is what Excel takes;
it counts in UTF-16, as Excel does.
"""

import csv
import io
import re
from collections.abc import Iterable

from bot.wording import say

RISKY = tuple("=+-@\t\r\n\0＝＋－＠")
"""What makes a spreadsheet take a cell for a formula."""
LONGEST = 32_767
_BEHIND = re.compile("([;|\t\r\n][ \"']*)(?=[=+\\-@＝＋－＠])")


def guarded(text: str) -> str:
    """The text of one cell, with an apostrophe wherever a formula could begin."""
    harmless = _BEHIND.sub(r"\1'", text)
    return _fitting(f"'{harmless}" if text.startswith(RISKY) else harmless)


def csv_lines(lines: Iterable[Iterable[str]], *, are_quoted: bool = True) -> str:
    """Lines of RFC 4180; what they hold was guarded before."""
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if are_quoted else csv.QUOTE_MINIMAL
    csv.writer(text, quoting=quoting).writerows(lines)
    return text.getvalue()


def _fitting(text: str) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * LONGEST:
        return text
    mark = say("console.cell_cut", count=len(units) // 2 - LONGEST)
    kept = units[: 2 * (LONGEST - len(mark))].decode("utf-16-le", "ignore")
    return kept + mark
