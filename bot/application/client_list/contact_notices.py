"""A change of what is on record is told at once: to what was there, and to what came.

Old and new hear of it at the same time, so that whoever put their own address in place of a
client's is known to the client before it proves anything.
"""

from bot.application.outbound.to_client import Choice, Press, Reply, Say
from bot.application.outbound.to_mailbox import MailNotice
from bot.application.people import accounts_of
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.objection_links import USERNAME
from bot.domain.addresses import Language
from bot.domain.clients.contact_changes import do_differ
from bot.domain.clients.people import EMAIL, Account, Contact, Person
from bot.wording import say
from bot.wording.times import day


async def tell_contacts_changed(work: UnitOfWork, before: Person, after: Person) -> None:
    """Every address that is or was on record hears of it, and every chat of the person.

    Nothing is said where no contact came, left or came back. Whoever changed the record may have
    changed its language too: a mail is in both, that of before first.
    """
    if not do_differ(before.contacts, after.contacts):
        return
    if work.rules.mail_works:
        for contact in after.contacts:
            if contact.kind == EMAIL:
                await _mail(work, before, after, contact)
    for account in await accounts_of(work, after.id):
        await tell_chat(work, account)


async def tell_chat(work: UnitOfWork, account: Account) -> None:
    """A chat account of the person: what can be done for a number that is no mailbox.

    Nobody waits for an answer there: a button leads to staff, and leaves any dialog as it is.
    """
    text = say("identity.contacts_changed", account.language, company=work.rules.company)
    button = say("conversation.menu_new", account.language)
    ask = say("identity.contacts_not_right_here", account.language, button=button)
    rows = ((Choice(button, Press("new")),),)
    reply = Reply(text=f"{text}\n\n{ask}", rows=rows, topic=account.topic)
    await work.outbox.put(Say(account.id, reply), holder=account.holder)


async def _mail(work: UnitOfWork, before: Person, after: Person, contact: Contact) -> None:
    languages = (before.language, *(one for one in Language if one is not before.language))
    key = _key(work, before, contact)
    texts = [await _text(work, key, contact, one) for one in languages]
    notice = MailNotice(
        after.id,
        work.digests.digest(EMAIL, contact.value),
        say("identity.mail_subject_contacts", before.language),
        "\n\n".join(texts),
    )
    await work.outbox.put(notice, holder=after.holder)


def _key(work: UnitOfWork, before: Person, contact: Contact) -> str:
    """How the change looks from that address."""
    was_listed = contact.spelling in {one.spelling for one in before.listed}
    match was_listed, contact.is_listed:
        case False, True:
            return "contact_came" if contact.is_young(work.clock.now()) else "contact_back"
        case True, False:
            return "contact_left"
        case _:
            return "contacts_changed"


async def _text(work: UnitOfWork, key: str, contact: Contact, language: Language) -> str:
    name = await work.key_values.get(USERNAME)
    where = f"https://t.me/{name}" if name else say("identity.contacts_our_chat", language)
    until = contact.until if key == "contact_left" else contact.young_until
    said = say(
        f"identity.{key}",
        language,
        company=work.rules.company,
        day=day(until, work.rules.zone, language) if until else "",
    )
    return f"{said}\n\n{say('identity.contacts_not_right', language, where=where)}"
