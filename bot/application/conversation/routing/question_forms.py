"""Whether a message reads as a question: English, Bangla and Banglish, with or without a mark.

In a ticket that runs, everything joins it; only what reads as a question may be answered from the
policy beside that. So a statement must never pass ("You sold my information"), however sure the
engine is; a question is recognised by its form, since few people type the mark.
"""

import re
import unicodedata

from bot.answering.language.spelling import english_words
from bot.answering.language.words import clean, words
from bot.application.conversation.routing.asking_words import Clause, listed
from bot.application.conversation.routing.bangla_forms import asks_in_bangla, asks_in_banglish
from bot.application.conversation.routing.staff_matters import is_outcry

_SHORT_TOPIC = 8


_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
_BREAK = re.compile(r"([.!;:\n…।]+(?=\s|$)|[,()\-–—]+(?=\s)|\n)")
_JOINED = re.compile(
    r"(?<!\bki )(?<!\bkee )\b(?:and|but|so|plus|ar|kintu|tahole|tai)\b"
    r"|(?<!কি )(?<!কী )(?<!\S)(?:আর|এবং|কিন্তু|তাহলে|তাই)(?!\S)"
)
_MARKS = "?؟？"
_WH = r"(?:what|why|how|who|whom|whose|which|where|when|if|whether)"
_INDIRECT = re.compile(
    rf"\b(?:tell|inform|show|advise|remind) (?:me|us)\b.* (?:{_WH}|about|more|your|policy)\b"
    rf"|\b(?:tell|inform) (?:me|us) (?:{_WH}|about|more|the|your|is|are|do|does|can)\b"
    rf"|\blet (?:me|us) know (?:{_WH}|about|is|are|do|does|can|the|your)\b"
    r"|\b(?:want|wants|wanted|need|wish|like|love|wanna|trying|have) (?:to )?"
    r"(?:know|ask|understand|learn|find out|clarify|be sure|see how)\b"
    r"|\b(?:wonder|wondering|curious)\b|\b(?:my|a|one|another|quick) (?:question|query|doubt)\b"
    rf"|\b(?:not sure|unsure|unclear|dont know|do not know|dont understand|no idea) {_WH}\b"
    r"|\b(?:any idea|info|information|details|clarity|clarification) (?:on|about|regarding|how|why)"
    r" (?:how|what|your|the policy|why|whether|data|privacy)\b"
    r"|\b(?:yes or no|or not|or what|is that so|isnt it|arent you|dont you|do you|can you"
    r"|will you|is it|correct or wrong|true or false|is it true)$"
)
"""A question within a sentence: "I would like to know whether ..."."""
_WITHIN = re.compile(
    r"\b(?:do|does|did|can|could|will|would|should|shall|are|may) (?:you|u|ya)\b"
    r"(?! (?:are|were|did|have)\b)"
    r"|\b(?:what (?:happens|happen|becomes|will happen|happened to)|then what)\b"
    r"|\bhow (?:long|many|much|often|soon|far|safe|secure)"
    r" (?:\w+ )?(?:do|does|did|is|are|will|would|can|could|you|u|my|our)\b"
    r"|\b(?:do|does|did|can|could|will|would|should) (?:my|our|the) (?:own |personal )?"
    r"(?:data|info|information|details|records|account)\b|\b(?:cold|wold) (?:you|u)\b"
    r"|\b(?:what|why|how|where|who|when|which)(?: \w+){0,2} (?:do|does|did|will|would|can|could"
    r"|should) (?:you|u|my|our|your|the|it|they|i|we)\b"
    r"|\b(?:what|which|why|how|where|who|whom) (?:\w+ )?(?:you|u|your company|smartisp)"
    r" (?:\w+ ){0,2}(?:collect|keep|store|share|sell|use|do|hold|give|get|take|know|track|need"
    r"|delete|erase|protect|disclose|pass|see|contact|process|save|record)\b"
)
"""A question behind a condition: "if we leave what happens to our data"."""
_LABEL = re.compile(r"^(?:what|why|how|who|where|when)\b[^?:\n]{0,60}:(?=\s)")
"""A heading of one's own: "Why I am angry: ..."."""
_STARTING = re.compile(
    r"(?:explain(?! to\b)|describe|clarify|define|elaborate|confirm|list (?:the|all|what|your|down)"
    r"|state (?:the|your)|whether|possible to|is it ok|allowed to|what about|how about|wats?"
    r"|any (?:third|one|anyone|anybody|other|chance|way|possibility|cookies|tracking|tracker"
    r"|option|rule|policy|update|news|idea|info|information)"
    r"|anyone (?:else )?(?:can|could|see|sees|read|reads|get|gets|has)"
    r"|who all|for how|to (?:whom|who|which|what)|with (?:whom|who|which)|by (?:whom|who|when)"
    r"|from (?:where|whom|what|which)|in (?:what|which)|for (?:what|which|whom|who)"
    r"|under (?:what|which)|until when|till when|at (?:what|which)|on (?:what|which)|of what"
    r"|after how|with how|through (?:what|which))\b"
)
_CLEFT = re.compile(
    r"(?:what|which|who) (?:you|u|they|he|she) \w+(?: \w+)? (?:is|was|are|were)\b"
    r"|which (?:is|was|means|makes) (?:why|because|not|what|how|when|that|i|it|me|us|my)\b"
    r"|(?:what|how|who|where|why|whats) (?:you|u|they|he|she|your \w+|going on)\b.*"
    r" (?:is|was|are|were) (?:not|an?|very|so|too|really|totally|just|simply|illegal|wrong|bad"
    r"|unacceptable|shameful|disgusting|horrible|terrible|unfair|rude|enough)\b"
    r"|(?:what|why|how|where) (?:i|we) (?!can|could|should|must|may|will|am|are|do)\w+"
    r"(?: \w+)? (?:is|was)\b"
)
"""A statement that only begins like a question: "what you did is not right"."""
_TOPIC = re.compile(
    r"\b(?:(?:privacy|retention|cookie|cookies|refund|data|security|deletion|erasure) policy"
    r"|policy (?:on|about|for|regarding|of)|policies (?:on|about|for|regarding)"
    r"|retention (?:period|time|of))\b"
)
_ONES_OWN = frozenset({"i", "im", "ive", "me", "we", "you"})


def reads_as_question(text: str) -> bool:
    """Whether somebody who reads it would say that it asks something."""
    plain = _ADDRESS.sub(" ", unicodedata.normalize("NFC", clean(text)).casefold())
    plain = _LABEL.sub("", plain.strip())
    if any(mark in plain for mark in _MARKS):
        return True
    clauses = _clauses(plain)
    return any(_asks(clause, others=clauses) for clause in clauses) or _names_a_topic(plain)


def _clauses(plain: str) -> list[Clause]:
    """`is_aside`: behind a comma, where "which is ..." and "when ..." only go on."""
    found: list[Clause] = []
    is_aside = False
    for at, part in enumerate(_BREAK.split(plain)):
        if at % 2:
            is_aside = part.strip()[:1] in {",", "(", "-", "–", "—"}
            continue
        pieces = [piece for piece in _JOINED.split(part) if piece.strip()]
        if len(pieces) > 1:
            found.append(Clause(part, is_aside=is_aside))
        for place, piece in enumerate(pieces):
            found.append(Clause(piece, is_aside=is_aside and not place))
    return [clause for clause in found if clause.words]


def _asks(clause: Clause, others: list[Clause]) -> bool:
    if any("ঀ" <= char <= "৿" for char in clause.text):
        return asks_in_bangla(clause)
    if is_outcry(clause.text):
        return False
    return (
        _begins_as_question(clause, is_followed=others[-1] is not clause)
        or _STARTING.match(clause.text) is not None
        or _INDIRECT.search(clause.text) is not None
        or _WITHIN.search(clause.text) is not None
        or asks_in_banglish(clause)
    )


def _begins_as_question(clause: Clause, *, is_followed: bool) -> bool:
    first, second, third = (*clause.words, "", "", "")[:3]
    if not second:
        return first in listed("alone") and not is_followed
    if _CLEFT.match(clause.text):
        return False
    if first in listed("always"):
        return not clause.is_aside or first in {"how", "why", "hows", "whys"}
    if first in listed("wh"):
        return _asks_with(clause, is_followed=is_followed)
    return first in listed("auxiliaries") and _is_turned(clause, first, second, third)


def _is_turned(clause: Clause, first: str, second: str, third: str) -> bool:
    """An auxiliary before its subject; without one it is a statement ("have paid") or an order."""
    is_person = second in listed("persons")
    if is_person or not third:
        return is_person
    is_thing = second in listed("before_a_thing_too")
    if clause.is_aside and not is_thing and first not in {"does", "is", "are"}:
        return False
    if first == "do":
        return second not in listed("orders") and third not in listed("ordered")
    if first in listed("before_a_person_only"):
        return is_thing and first not in {"did", "dont", "have", "had"}
    is_copula = first in {"is", "are", "was", "were", "am"}
    if second in listed("articles"):
        return not is_copula
    return second not in listed("no_subject")


def _asks_with(clause: Clause, *, is_followed: bool) -> bool:
    """What, which, who, where, when: a question, or a clause of a statement?"""
    first, second, third = (*clause.words, "", "", "")[:3]
    if clause.is_aside:
        return first.startswith("what") and second in listed("auxiliaries")
    if second in listed("narrators"):
        return third in listed("modals") and not is_followed
    if first.startswith(("when", "wen", "whn", "wher", "whr", "wer")):
        if second in listed("auxiliaries"):
            return True
        is_about_you = second in {"you", "u", "your", "ur"} or (
            second in {"my", "our", "the"} and third in {"data", "info", "information", "details"}
        )
        is_told = any(word in listed("told") or word.endswith("ed") for word in clause.words[2:])
        return is_about_you and not is_followed and (not is_told or second in {"my", "our"})
    return True


def _names_a_topic(plain: str) -> bool:
    """Only a topic of a policy, as one types it into a search box: "cookie policy"."""
    said = words(plain)
    return (
        len(said) <= _SHORT_TOPIC
        and _TOPIC.search(" ".join(said)) is not None
        and not (_ONES_OWN | listed("auxiliaries")) & set(said)
        and english_words().issuperset(said)
    )
