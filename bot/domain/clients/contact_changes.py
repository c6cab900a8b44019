"""How contacts come on record and leave it, so that one that has just changed opens nothing.

Whoever can write the client list could otherwise put their own address in place of a client's, and
prove five minutes later that they are the client (docs/design/security.md, "Young contacts").
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.clients.people import Contact

YOUNG_FOR = timedelta(days=7)
"""So long a contact that came to a person already on record proves nothing alone."""

Contacts = tuple[Contact, ...]


def first_contacts(listed: Iterable[Contact], now: datetime) -> Contacts:
    """What a person comes on record with; none of it is in place of anything."""
    return tuple(replace(contact, since=now) for contact in listed)


def brought_to(
    known: Contacts, listed: Iterable[Contact], now: datetime, kept: timedelta
) -> Contacts:
    """`listed` is the whole list from now on; what it no longer names stays on record for `kept`.

    One that is written in another case or width is the same, and stays as it was written first:
    mail goes where it went.
    """
    wanted = {contact.spelling: contact for contact in listed}
    stays = [
        _back(contact, now) if contact.spelling in wanted else _leaving(contact, now, kept)
        for contact in known
    ]
    return (*stays, *_added(known, wanted.values(), now))


def joined(known: Contacts, more: Contacts, now: datetime) -> Contacts:
    """Those of another record come to a person who is there already.

    One that both records have keeps the age that it has here. One that had left the other list
    is told of things until it would have been there, and never proves anything here.
    """
    came = _added(known, more, now)
    return (
        *known,
        *(one if one.is_listed else replace(one, young_until=one.until) for one in came),
    )


def are_enough(shown: Iterable[Contact], now: datetime) -> bool:
    """Whether contacts that somebody showed to be theirs prove who that is.

    One of them must have been on record for seven days, and one must be on the list now: an older
    address on the list is both. Nothing is proved by young ones alone, nor by those that left.
    """
    found = list(shown)
    is_old = any(not contact.is_young(now) for contact in found)
    return is_old and any(contact.is_listed for contact in found)


def are_young(shown: Iterable[Contact], now: datetime) -> bool:
    """Whether what was shown is on the list, and only not for long enough."""
    found = list(shown)
    return not are_enough(found, now) and any(contact.is_listed for contact in found)


def do_differ(before: Contacts, after: Contacts) -> bool:
    """Whether something came, left or came back; the order is no difference."""
    return _places(before) != _places(after)


def _places(contacts: Contacts) -> set[tuple[tuple[str, str], bool]]:
    return {(contact.spelling, contact.is_listed) for contact in contacts}


def _added(known: Contacts, more: Iterable[Contact], now: datetime) -> Contacts:
    there = {contact.spelling for contact in known}
    new = {one.spelling: one for one in more if one.spelling not in there}
    return tuple(replace(one, since=now, young_until=now + YOUNG_FOR) for one in new.values())


def _leaving(contact: Contact, now: datetime, kept: timedelta) -> Contact:
    """One that left while it was young does not grow old on the way out."""
    if not contact.is_listed:
        return contact
    until = now + kept
    return replace(
        contact, until=until, young_until=until if contact.is_young(now) else contact.young_until
    )


def _back(contact: Contact, now: datetime) -> Contact:
    """It never was off record, so that it keeps its age; a young one begins anew."""
    if contact.is_listed:
        return contact
    young_until = now + YOUNG_FOR if contact.is_young(now) else contact.young_until
    return replace(contact, until=None, young_until=young_until)
