"""How a question looks in Bangla, in its own letters and in Latin ones."""

import re
import unicodedata

from rapidfuzz.distance import OSA

from bot.answering.language.spelling import english_words
from bot.application.conversation.routing.asking_words import SHORTEST_MENDED, Clause, listed


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(unicodedata.normalize("NFC", text))


_FREE_BANGLISH = re.compile(
    r"\bk[aio]{0,2}t+o? ?din\b|\b(?!dekha|shona|sona)[a-z]+[ao] (?:jay|jabe|jai)$"
    r"|\bkono\b.* (?:ache|ase)$|\bke (?:\w+ ){0,2}(?:pare|parbe|pay|pabe|dekhe|jane|janbe)$"
)
_TAG_BANGLISH = re.compile(r"(?:[a-z]{2,}en|ase|ache|hoy|hobe|safe|nirapod|jay) to$")
_FREE_BANGLA = _pattern(
    r"(?:েন|েন না|হয়|আছে|হবে|নিরাপদ) তো$|(?<!\S)(?!দেখা|শোনা)\S+[াো] (?:যায়|যাবে|জাবে)$"
    r"|(?<!\S)কোনো .*আছে$"
)
_KEEPS = r"(?!.*(?:rakh|thak|joma|store|save|keep|রাখ|থাক|জমা|সংরক্ষণ))"
_COMPLAINT = _pattern(
    rf"\bkoto ?(?:din|bar|time|somoy|koshto) (?:dhore|dhoira|bol|hoilo|holo|hoye){_KEEPS}"
    r"|\b(?:keno|ki) (?:jani|je|ar|r|are)\b"
    r"|\b(?:ki|kar kache|kake|kothay) (?:bolbo|bolba|jabo|jai)\b"
    r"|\b(?:ki ek|kon ek|ke jeno|ke jani|kobe je|koto (?:\w+ )?je|koto koshto)\b"
    r"|\b(?:mone nai|mone nei|bujhlam na)$|(?:মনে নাই|মনে নেই|বুঝলাম না)$"
    r"|(?<!\S)(?:কে যেন|কে জানি|কী এক|কি এক|কোন এক|কবে যে|কত যে|কত \S+ যে|কত কষ্ট)(?!\S)"
    r"|\bkobe theke (?:bol|net|line|wait)|\bkemon kotha\b|\bki jontrona\b|\bar koto\b"
    r"|(?<!\S)(?:কেন জানি|কেন যে|কি আর|কী আর|কি যে|কী যে|আর কত|কেমন কথা)(?!\S)"
    r"|(?<!\S)(?:কি|কী|কার কাছে|কাকে|কোথায়) (?:বলব|যাব|যাই)"
    rf"|(?<!\S)কত ?(?:দিন|বার) (?:ধরে|বল|হলো|হয়ে){_KEEPS}|(?<!\S)কবে থেকে (?:বল|নেট|লাইন)"
)


def asks_in_banglish(clause: Clause) -> bool:
    if _COMPLAINT.search(clause.text):
        return False
    said = [_mended_banglish(word) for word in clause.words]
    if listed("asking_banglish") & set(said):
        return True
    if _TAG_BANGLISH.search(clause.text) or _FREE_BANGLISH.search(clause.text):
        return True
    doubtful = listed("asking_banglish_unless_denied") & set(said)
    is_denied = bool(listed("denied_banglish") & set(said))
    if not doubtful or is_denied:
        return False
    if doubtful <= {"pari", "parbo"}:
        return said[-1] in doubtful and bool(listed("about_data_banglish") & set(said))
    return True


def asks_in_bangla(clause: Clause) -> bool:
    if _COMPLAINT.search(clause.text):
        return False
    said = set(clause.words)
    is_alone = len(clause.words) == 1 and bool(listed("alone") & said)
    asking = listed("asking_bangla") | listed("asking_banglish")
    is_plain = is_alone or bool(asking & said) or _FREE_BANGLA.search(clause.text) is not None
    return is_plain or _is_who(clause.words) or _asks_whether(clause, said)


def _asks_whether(clause: Clause, said: set[str]) -> bool:
    """Which, can you, may I: askers that a statement has as well, mostly with a "not"."""
    doubtful = listed("asking_bangla_unless_denied") & said
    if not doubtful or listed("denied_bangla") & said:
        return False
    if doubtful <= listed("may_i_bangla"):
        return clause.words[-1] in doubtful and bool(listed("about_data_bangla") & said)
    return True


def _is_who(said: list[str]) -> bool:
    """`কে` asks who; behind a name or a pronoun it only marks whom."""
    if "কে" not in said:
        return False
    at = said.index("কে")
    before = said[at - 1] if at else ""
    is_last = at == len(said) - 1 and not before.endswith(("দের", "মার", "নার"))
    return is_last or not before.endswith(("র", "া", "ি"))


def _mended_banglish(word: str) -> str:
    """Freely spelled as it is, one letter more or less makes no other word of the long ones."""
    asking = listed("asking_banglish")
    if word in asking or len(word) < SHORTEST_MENDED + 1 or word in english_words():
        return word
    near = (
        one
        for one in asking
        if len(one) > SHORTEST_MENDED and one[0] == word[0] and OSA.distance(word, one) <= 1
    )
    return word if word in _LIKE_ASKERS else next(near, word)


_LIKE_ASKERS = frozenset(
    {"kotha", "kothao", "kothar", "kothata", "janai", "janen", "janlam", "bolbe"}
)
"""Words that lie one letter beside one that asks."""
