"""What a short text means besides a question on the policy; English, Bangla and Banglish.

Pure and careful: it only recognises what is said plainly. A question *about* erasure is a question,
and goes to the answer engine.
"""

import re
import tomllib
import unicodedata
from enum import StrEnum
from functools import cache
from importlib import resources

from bot.answering.language.words import is_bangla
from bot.domain.text import clean


class DataIntent(StrEnum):
    """What a client wants done with their own data."""

    GET = "get"
    ERASE = "erase"


LONGEST_WISH = 14
"""Words; a longer text tells a story, and a person should read it."""

_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?|[ঀ-৿\u200c\u200d]+")


@cache
def _vocabulary(name: str) -> frozenset[str]:
    file = resources.files("bot.application.conversation") / "phrases.toml"
    words = str(tomllib.loads(file.read_text(encoding="utf-8"))[name])
    return frozenset(unicodedata.normalize("NFC", words).split())


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(unicodedata.normalize("NFC", text))


_SMALL_TALK = _pattern(
    r"how are you( doing)?( today)?|how (is|s) it going|what'?s up|kemon achen|kemon acen|ki khobor"
    r"|ki obostha|কেমন আছেন|কেমন আছো|কি খবর|কী খবর"
)
_OF_MINE = (
    r"(?:all |any |the )?(?:of )?my (?:own )?"
    r"(?:(?:personal|private|account|user|customer|client) ){0,2}"
)
_THING = rf"{_OF_MINE}(?:data|information|info|details|records|account|profile|history)"
_ERASE_EN = _pattern(
    rf"\b(?:delete|erase|remove|wipe|destroy|purge|forget)\b (?:me and )?{_THING}\b"
    rf"|\bforget me\b|\b(?:erasure|deletion|removal) of {_THING}\b"
    r"|\bmy (?:personal )?(?:data|information|info|account) (?:(?:to|should|must) be )?"
    r"(?:deleted|erased|removed)\b"
)
_GET_EN = _pattern(
    r"\b(?:send|give|show|get|export|download|email|mail|provide)\b (?:me |us )?(?:a |the )?"
    rf"(?:full |complete )?(?:copy of |export of )?{_THING}\b|\b(?:copy|export) of {_THING}\b"
    r"|\bi (?:want|need|request|would like) (?:to (?:see|get|have) )?(?:access to )?"
    rf"(?:a copy of )?{_OF_MINE}(?:data|information|info|details)\b"
)
_NOT_PERSONAL = _pattern(r"\bdata (?:pack|package|plan|usage|speed|connection|limit|balance)\b")
_OWN_BANGLA = _pattern(r"আমার|আমাদের|আমাকে")
_THING_BANGLA = _pattern(r"তথ্য|ডেটা|ডাটা|একাউন্ট|অ্যাকাউন্ট|রেকর্ড")
_ERASE_BANGLA = _pattern(r"মুছ|মোছ|ডিলিট|সরিয়ে|বাদ দি")
_GET_BANGLA = _pattern(r"কপি|অনুলিপি|পাঠা|দিন|দেন|দাও|চাই|দেখান|ডাউনলোড")
_OWN_BANGLISH = _pattern(r"\b(?:amar|amader|ama[rk]e)\b")
_THING_BANGLISH = _pattern(
    r"\b(?:data|tot?h?th?yo|tot?th?o|info|information|account|akaunt)(?:gulo|guli|ta|r|er|gulor)?\b"
)
_ERASE_BANGLISH = _pattern(
    r"\b(?:muche|muchhe|muse|much?un|delete|dilit|shoriye|soriye|erase|remove)\b"
)
_GET_BANGLISH = _pattern(r"\b(?:copy|kopi|pathan|pathao|dekhan|den|din|dao|chai|cai|download)\b")


def is_greeting(text: str) -> bool:
    """Nothing but a greeting: `hello sir`, `আসসালামু আলাইকুম`, `kemon achen`."""
    plain = _plain(text)
    rest = _SMALL_TALK.sub(" ", plain)
    words = _words(rest)
    greets = rest != plain or any(word in _vocabulary("greetings") for word in words)
    return greets and all(
        word in _vocabulary("greetings") | _vocabulary("fillers") for word in words
    )


def is_thanks(text: str) -> bool:
    """Nothing but thanks or a nod: `thank you very much`, `ok`, `ধন্যবাদ ভাই`."""
    words = _words(_plain(text))
    return any(word in _vocabulary("thanks_proper") for word in words) and all(
        word in _vocabulary("thanks") | _vocabulary("fillers") for word in words
    )


def is_question(text: str) -> bool:
    """Whether the text asks something."""
    if text.rstrip(" .!\n").endswith(("?", "؟")) or "? " in text or "?\n" in text:
        return True
    words = _words(_plain(text))
    while words and words[0] in _vocabulary("before_a_question"):
        words = words[1:]
    if not words:
        return False
    return (
        words[0] in _vocabulary("asking_first")
        or words[:2] in (["tell", "me"], ["i", "wonder"])
        or any(word in _vocabulary("asking_bangla") for word in words)
        or any(word in _vocabulary("asking_banglish") for word in words)
    )


def data_wish(text: str) -> DataIntent | None:
    """A plain wish about one's own data: `delete my data`, `amar data muche den`, `আমার তথ্য চাই`.

    None for a question, for a long story, and for data that is not personal (a data pack).
    """
    if is_question(text) or len(_words(_plain(text))) > LONGEST_WISH:
        return None
    return own_data(text)


def own_data(text: str) -> DataIntent | None:
    """What the text is about, where it is about erasing or getting one's own data at all."""
    plain = _plain(text)
    if _NOT_PERSONAL.search(plain):
        return None
    if is_bangla(plain):
        return _wish_of(plain, (_OWN_BANGLA, _THING_BANGLA), _ERASE_BANGLA, _GET_BANGLA)
    if _ERASE_EN.search(plain):
        return DataIntent.ERASE
    if _GET_EN.search(plain):
        return DataIntent.GET
    return _wish_of(plain, (_OWN_BANGLISH, _THING_BANGLISH), _ERASE_BANGLISH, _GET_BANGLISH)


def _wish_of(
    plain: str,
    needed: tuple[re.Pattern[str], ...],
    erase: re.Pattern[str],
    get: re.Pattern[str],
) -> DataIntent | None:
    if not all(pattern.search(plain) for pattern in needed):
        return None
    if erase.search(plain):
        return DataIntent.ERASE
    return DataIntent.GET if get.search(plain) else None


def _plain(text: str) -> str:
    """Lower case, single spaces, only as much as any intent needs to see."""
    return " ".join(unicodedata.normalize("NFC", clean(text[:2_000])).casefold().split())


def _words(plain: str) -> list[str]:
    return _WORD.findall(plain)
