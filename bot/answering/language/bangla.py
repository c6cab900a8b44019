"""Bangla in both scripts: stems, the phonetic fold of free spelling, the glossary."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import avro  # pyright: ignore[reportMissingTypeStubs] - the package has no stubs
from rapidfuzz import fuzz, process

_SUFFIXES = tuple(
    sorted(
        [
            "গুলোকে",
            "গুলোর",
            "গুলোতে",
            "গুলোই",
            "গুলো",
            "গুলির",
            "গুলি",
            "সমূহের",
            "সমূহ",
            "দেরকে",
            "দেরই",
            "দের",
            "দিগের",
            "টাকে",
            "টার",
            "টির",
            "টিকে",
            "টি",
            "টা",
            "খানা",
            "কেই",
            "কেও",
            "কে",
            "েরই",
            "ের",
            "রাই",
            "রা",
            "তেই",
            "তেও",
            "তে",
            "য়েরা",
            "য়ের",
            "য়ে",
            "েও",
            "েই",
            "ে",
            "র",
            "ই",
            "ও",
            "য়",
            "েছিলেন",
            "েছিল",
            "েছেন",
            "েছে",
            "চ্ছেন",
            "চ্ছে",
            "িতেছেন",
            "বেন",
            "বে",
            "তেন",
            "ছেন",
            "েন",
            "লেন",
            "লে",
            "ান",
            "ানো",
            "ানোর",
            "াবেন",
            "াব",
            "ব",
            "তাম",
            "তে",
        ],
        key=len,
        reverse=True,
    )
)
_STEM_MINIMUM = 3
_GLOSSARY_CUT = 82
_SHORT_WORD = 4

_FOLDS = (
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"chh|cch|ch|sch"), "c"),
    (re.compile(r"([kgtdpb])h"), r"\1"),
    (re.compile(r"ph|f"), "p"),
    (re.compile(r"bh|v|w"), "b"),
    (re.compile(r"sh|x"), "s"),
    (re.compile(r"jh|z|g(?=[ei])"), "j"),
    (re.compile(r"q|ck"), "k"),
    (re.compile(r"ng"), "n"),
    (re.compile(r"ee|ie|y"), "i"),
    (re.compile(r"oo|ou"), "u"),
    (re.compile(r"o"), "a"),
    (re.compile(r"e"), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
)

_HABITS = (
    (re.compile("chh"), "ch"),
    (re.compile("ksh"), "kkh"),
    (re.compile(r"(?<=[bcdfghklmpstv])j(?=[aeiou])"), "y"),
    (re.compile(r"(?<=[bcdfghklmnpstv])j\b"), "yo"),
    (re.compile(r"(?<=n)j(?=[ao]\b)"), "y"),
)
_VERB = re.compile(r"(?:kor|par|dhor|mor|ghur|her|por|bhor|mar|char|utar|tar)")
_REPH = re.compile(r"(?<=[aeiou])r(?=[bcdfghjklmnpstv])")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A Bangla word without its case, plural and verb endings (light: one or two are taken off)."""
    for _ in range(2):
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= _STEM_MINIMUM:
                word = word[: -len(suffix)]
                break
    return word


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """How a romanised word sounds: "tothyo", "tottho" and "tathya" come close to each other."""
    for pattern, replacement in _FOLDS:
        word = pattern.sub(replacement, word)
    return word


def to_bangla(text: str) -> str:
    """Romanised Bangla written back to Bangla script: habits of spelling, then Avro Phonetic."""
    return str(avro.parse(" ".join(_for_avro(word) for word in text.split())))


def _for_avro(word: str) -> str:
    """What people type, as Avro wants it: "chh" for ছ, "ksh" for ক্ষ, a "j" that is a ya-phala.

    Words of capitals (SSL) are English and stay so. Before a consonant "r" is mostly a reph
    (shorto: শর্ত), except in the common verbs (korte: করতে).
    """
    if word.isupper() and len(word) > 1:
        return word
    word = word.lower()
    for pattern, replacement in _HABITS:
        word = pattern.sub(replacement, word)
    return word if _VERB.match(word) else _REPH.sub("rr", word)


@dataclass(frozen=True, slots=True)
class Glossary:
    """Meanings of Bangla stems and of folded romanised words, as English words."""

    bangla: dict[str, tuple[str, ...]]
    romanised: dict[str, tuple[str, ...]]
    exact: dict[str, tuple[str, ...]]


@cache
def glossary() -> Glossary:
    file = resources.files("bot.answering") / "data" / "glossary.txt"
    bangla: dict[str, tuple[str, ...]] = {}
    romanised: dict[str, tuple[str, ...]] = {}
    exact: dict[str, tuple[str, ...]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        english, native, latin = (part.split() for part in line.split("|"))
        meaning = tuple(english)
        for word in native:
            bangla.setdefault(stem(word), meaning)
            bangla.setdefault(word, meaning)
        for word in latin:
            romanised.setdefault(fold(word), meaning)
            exact.setdefault(word, meaning)
    return Glossary(bangla, romanised, exact)


@lru_cache(maxsize=20_000)
def gloss_bangla(word: str) -> tuple[str, ...] | None:
    """English words for a Bangla word; empty for a word without a subject; None when unknown."""
    table = glossary().bangla
    stemmed = stem(word)
    known = table.get(word) or table.get(stemmed)
    if known is not None or len(stemmed) < _SHORT_WORD:
        return known if known is not None else table.get(word)
    close = process.extractOne(stemmed, table.keys(), scorer=fuzz.ratio, score_cutoff=_GLOSSARY_CUT)
    return table[close[0]] if close else None


@lru_cache(maxsize=20_000)
def gloss_romanised(word: str) -> tuple[str, ...] | None:
    """The same for a romanised word: exactly, by its sound, then written back to Bangla."""
    table = glossary()
    if word in table.exact:
        return table.exact[word]
    sound = fold(word)
    if sound in table.romanised:
        return table.romanised[sound]
    if len(word) < _SHORT_WORD:
        return None
    close = process.extractOne(
        sound, table.romanised.keys(), scorer=fuzz.ratio, score_cutoff=_GLOSSARY_CUT
    )
    return table.romanised[close[0]] if close else gloss_bangla(to_bangla(word))
