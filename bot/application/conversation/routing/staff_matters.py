"""What is put like a question and is none for a policy: an outcry, an order, the ticket's matter.

In a ticket that runs, "the policy does not say" below "can you please fix it?" helps nobody. So
what is only for staff gets a policy answer beside it only where the engine is sure of one.
"""

import re
import unicodedata
from collections.abc import Sequence

from bot.answering.engine import Answer
from bot.answering.language.words import clean, words
from bot.application.conversation.routing.asking_words import listed

_DESK_TALK = frozenset({"support_matter", "unclear"})
"""Topics of questions that are for the ticket only: "any update?"."""
_MOODS = (
    "rude|nice|sad|funny|stupid|bad|terrible|horrible|awful|pathetic|ridiculous|shameful|kind"
    "|disgusting|disappointing|unprofessional|careless|dishonest|lovely|sweet|great|shameless"
)
_AUXILIARY = "do|does|did|is|are|was|were|can|could|will|would|should|have|has"
_OUTCRY = re.compile(
    rf"(?:what an? (?!.*\b(?:{_AUXILIARY}) (?:you|u|my|our|your)\b)"
    rf"|what the (?:hell|heck|fuck|f)\b(?! (?:{_AUXILIARY})\b)"
    rf"|how (?:dare\b|(?:{_MOODS})\b(?! (?:{_AUXILIARY}|your|my)\b))|who cares\b"
    r"|(?:can|would|do) (?:you|u) believe\b|may i (?:add|say|remind)\b"
    r"|are (?:you|u|ya) (?:kidding|joking|serious|mad|crazy|deaf|blind|sleeping)\b)"
)
_ABOUT_DATA = re.compile(
    r"\b(?:data|info|information|privacy|polic(?:y|ies)|cookies?|personal|details|records?"
    r"|delet\w*|eras\w*|shar(?:e|es|ed|ing)|sell|sells|sold|stor(?:e|es|ed|ing)|collect\w*"
    r"|track\w*|e-?mails?|gmail|numbers?|address|passwords?|encrypt\w*|consent|third"
    r"|tothyo|totho|tottho|hisab|facebook"
    r"|customers?|users?|subscribers?|ids?)\b|কাস্টমার|ইউজার|গ্রাহক|জিমেইল|ফেসবুক|আইডি|তথ্য|ডেটা|ডাটা|নীতি|কুকি|রেকর্ড|নম্বর|ইমেইল|পাসওয়ার্ড|শেয়ার"
)
_ORDER = re.compile(
    r"\b(?:can|could|will|would|pls|plz|please|kindly)"
    r"(?: (?:you|u|ya|someone|anyone|somebody|anybody|your \w+))?"
    r"(?: (?:please|pls|plz|kindly|also|just))?"
    r" (?:fix|repair|check|call|ring|phone|come|visit|look|help|solve|resolve|restart|reboot|reset"
    r"|reply|respond|hurry|wait|connect|reconnect|install|replace|escalate|refund"
    r"|send (?:a|an|the|your|some|someone|somebody|me))\b"
)
_MATTERS = (
    "internet|net|line|wifi|wi fi|router|modem|onu|connection|cable|ticket|request|complaint|case"
    "|issue|problem|technician|bill"
)
_MATTER = re.compile(
    rf"\b(?:my|our|the|this|amar|amader) (?:\w+ )?(?:{_MATTERS})\b"
    r"|\bnet (?:nai|nei|slow|kobe|asbe|ashbe)\b"
    r"|(?:আমার|আমাদের|এই) (?:\S+ )?(?:ইন্টারনেট|নেট|লাইন|রাউটার|ওয়াইফাই|সংযোগ|টিকিট|অনুরোধ|অভিযোগ|বিল|সমস্যা)"
    r"|(?<!\S)নেট (?:নাই|নেই|কবে|আসবে)"
)
_FOLLOWING_UP = re.compile(
    r"\bany (?:news|updates?|repl(?:y|ies)|answers?|progress)\b"
    r"|\b(?:anyone|anybody|you|u|somebody) (?:still )?(?:there|online|alive)\b"
    r"|\bdid (?:you|u|ya) (?:get|see|receive|read) (?:my|it|this|that|the)\b"
    r"|\bwhy so (?:long|slow|late)\b|\bhow (?:long|much longer) (?:must|should|do|shall) i wait\b"
)
_OWN_REQUEST = re.compile(
    r"\b(?:my|the|this|amar|ei) (?:data |erasure |deletion )?request\b|(?:আমার|এই) (?:তথ্যের )?অনুরোধ"
)


def is_outcry(text: str) -> bool:
    """Anger or praise in the form of a question: "what a mess", "how dare you"."""
    return _OUTCRY.match(text) is not None


def is_for_staff(text: str) -> bool:
    """Whether only somebody who knows the matter can answer: "why?", "can you please fix it?"."""
    plain = _plain(text)
    if _ABOUT_DATA.search(plain):
        return False
    is_asked_of_staff = (_ORDER, _MATTER, _FOLLOWING_UP)
    return (
        listed("bare").issuperset(plain.split())
        or is_outcry(plain)
        or any(asked.search(plain) is not None for asked in is_asked_of_staff)
    )


def names_own_request(text: str) -> bool:
    """Whether the words speak of the request itself: "what happens with my request"."""
    return _OWN_REQUEST.search(_plain(text)) is not None


def is_desk_talk(answer: Answer) -> bool:
    """The engine itself takes every part of it for a matter of support."""
    parts: Sequence[Answer] = answer.parts or (answer,)
    return all(part.topic is not None and part.topic.id in _DESK_TALK for part in parts)


def _plain(text: str) -> str:
    return " ".join(words(unicodedata.normalize("NFC", clean(text)).casefold()))
