"""What a client sent or did besides text, files and places: as words, or named in its place.

Each reader writes its words and returns what has none. A name in brackets is a word of the desk.
"""

from collections.abc import Callable, Iterable, Mapping

from bot.domain.tickets.message import Attachment
from handlers.telegram.reading.marked_text import MarkedText, text_in
from handlers.telegram.reading.media import files_in, paid_files, place_in
from handlers.telegram.reading.narrowing import (
    Json,
    name_of,
    number_of,
    object_of,
    objects_of,
    text_of,
)
from handlers.telegram.reading.vcards import lines_of

Found = tuple[Attachment, ...]
Reader = Callable[[Json, MarkedText], Found]
WITHOUT_CENTS = frozenset({"XTR", "JPY", "KRW", "VND", "CLP", "PYG", "UGX", "ISK"})
"""Currencies whose smallest unit is the whole one (Bot API, currencies.json)."""
COMMON_DICE = "🎲"
MOST_WINNERS = 20


def _poll(held: Json, out: MarkedText) -> Found:
    out.add("[poll] ")
    out.add_marked(*text_in(held, "question", "question_entities"))
    _line(out, held, "description", "description_entities")
    found = [*_media_of(object_of(held, "media"), "poll")]
    for number, option in enumerate(objects_of(held, "options"), start=1):
        _line(out, option, "text", "text_entities", before="• ")
        media = object_of(option, "media")
        out.add(_after(text_of(object_of(media, "link"), "url")))
        found += _media_of(media, f"option-{number}")
    _line(out, held, "explanation", "explanation_entities")
    found += _media_of(object_of(held, "explanation_media"), "explanation")
    return tuple(found)


def _poll_option_added(held: Json, out: MarkedText) -> Found:
    return _poll_option(held, out, "[poll option added]")


def _poll_option_deleted(held: Json, out: MarkedText) -> Found:
    return _poll_option(held, out, "[poll option deleted]")


def _poll_option(held: Json, out: MarkedText, mark: str) -> Found:
    out.add(f"{mark} ")
    out.add_marked(*text_in(held, "option_text", "option_text_entities"))
    question = text_of(object_of(object_of(held, "poll_message"), "poll"), "question")
    out.add(_after(question))
    return ()


def _checklist(held: Json, out: MarkedText) -> Found:
    out.add("[checklist] ")
    out.add_marked(*text_in(held, "title", "title_entities"))
    _tasks(objects_of(held, "tasks"), out)
    return ()


def _checklist_tasks_added(held: Json, out: MarkedText) -> Found:
    out.add(_titled("[checklist tasks added]", held))
    _tasks(objects_of(held, "tasks"), out)
    return ()


def _checklist_tasks_done(held: Json, out: MarkedText) -> Found:
    """Only numbers are said of the tasks; their words stand in the list, where it is sent along."""
    known = {
        number_of(one, "id"): text_of(one, "text")
        for one in objects_of(object_of(object_of(held, "checklist_message"), "checklist"), "tasks")
    }
    out.add(_titled("[checklist tasks changed]", held))
    for name, mark in (("marked_as_done_task_ids", "☑"), ("marked_as_not_done_task_ids", "☐")):
        ids = held.get(name)
        for task in ids if isinstance(ids, list) else []:
            out.begin_line()
            out.add(f"{mark} {known.get(task) or f'task {task}'}")
    return ()


def _titled(mark: str, held: Json) -> str:
    title = text_of(object_of(object_of(held, "checklist_message"), "checklist"), "title")
    return f"{mark} {title}".strip()


def _tasks(tasks: Iterable[Json], out: MarkedText) -> None:
    for task in tasks:
        is_done = number_of(task, "completion_date") or task.get("completed_by_user")
        _line(out, task, "text", "text_entities", before="☑ " if is_done else "☐ ")


def _contact(held: Json, _out: MarkedText) -> Found:
    names = (text_of(held, "first_name"), text_of(held, "last_name"))
    phone = text_of(held, "phone_number")
    more = lines_of(text_of(held, "vcard"), phone)
    return (Attachment("contact", name=" ".join(filter(None, names)), text=phone, caption=more),)


def _dice(held: Json, _out: MarkedText) -> Found:
    value, emoji = number_of(held, "value"), text_of(held, "emoji")
    said = ("" if value is None else str(value), "" if emoji == COMMON_DICE else emoji)
    return (Attachment("dice", text=" ".join(filter(None, said))),)


def _story(held: Json, _out: MarkedText) -> Found:
    return (Attachment("story", name=name_of(object_of(held, "chat"))),)


def _paid_media(held: Json, _out: MarkedText) -> Found:
    stars = number_of(held, "star_count")
    price = Attachment("paid_media", text="" if stars is None else f"{stars} ⭐")
    return (price, *paid_files(held, "paid"))


def _game(held: Json, out: MarkedText) -> Found:
    out.add("[game] ")
    out.add(text_of(held, "title"))
    _line(out, held, "description", "")
    _line(out, held, "text", "text_entities")
    return ()


def _invoice(held: Json, out: MarkedText) -> Found:
    out.add(f"[invoice] {text_of(held, 'title')}{_after(_amount(held))}")
    _line(out, held, "description", "")
    return ()


def _successful_payment(held: Json, out: MarkedText) -> Found:
    """Whose order it is comes from the client; ids and the payload are not theirs."""
    out.add(f"[payment] {_amount(held)}")
    order = object_of(held, "order_info")
    address = object_of(order, "shipping_address")
    said = [text_of(order, name) for name in ("name", "phone_number", "email")]
    said += [str(value) for value in address.values() if isinstance(value, str)]
    for one in filter(None, said):
        out.begin_line()
        out.add(one)
    return ()


def _refunded_payment(held: Json, out: MarkedText) -> Found:
    out.add(f"[refund] {_amount(held)}")
    return ()


def _users_shared(held: Json, out: MarkedText) -> Found:
    out.add("[shared people]")
    for one in objects_of(held, "users"):
        out.begin_line()
        out.add(_person(one, "user_id"))
    return ()


def _chat_shared(held: Json, out: MarkedText) -> Found:
    out.add(f"[shared chat] {_person(held, 'chat_id')}")
    return ()


def _person(holder: Json, number: str) -> str:
    username = text_of(holder, "username")
    said = (name_of(holder), f"@{username}" if username else "", str(number_of(holder, number)))
    return " · ".join(dict.fromkeys(filter(None, said)))


def _giveaway(held: Json, _out: MarkedText) -> Found:
    return (Attachment("giveaway", name=text_of(held, "prize_description")),)


def _giveaway_winners(held: Json, _out: MarkedText) -> Found:
    winners = [name_of(one) for one in objects_of(held, "winners")[:MOST_WINNERS]]
    said = filter(None, (text_of(held, "prize_description"), ", ".join(filter(None, winners))))
    return (Attachment("giveaway_winners", name=": ".join(said)),)


def _passport_data(_held: Json, _out: MarkedText) -> Found:
    """Encrypted for a bot that asked for it; this one does not."""
    return (Attachment("passport_data"),)


def _web_app_data(held: Json, out: MarkedText) -> Found:
    out.add(" ".join(filter(None, ("[form]", text_of(held, "button_text")))))
    _line(out, held, "data", "")
    return ()


READERS: Mapping[str, Reader] = {
    "paid_media": _paid_media,
    "story": _story,
    "checklist": _checklist,
    "contact": _contact,
    "dice": _dice,
    "game": _game,
    "poll": _poll,
    "invoice": _invoice,
    "successful_payment": _successful_payment,
    "refunded_payment": _refunded_payment,
    "users_shared": _users_shared,
    "chat_shared": _chat_shared,
    "passport_data": _passport_data,
    "checklist_tasks_done": _checklist_tasks_done,
    "checklist_tasks_added": _checklist_tasks_added,
    "giveaway": _giveaway,
    "giveaway_winners": _giveaway_winners,
    "poll_option_added": _poll_option_added,
    "poll_option_deleted": _poll_option_deleted,
    "web_app_data": _web_app_data,
}
"""One for each field of `kinds.CONTENTS`."""


def _line(out: MarkedText, holder: Json, name: str, entities: str, before: str = "") -> None:
    """A text of its own line, where there is one."""
    text, spans = text_in(holder, name, entities)
    if text:
        out.begin_line()
        out.add(before)
        out.add_marked(text, spans)


def _after(text: str) -> str:
    return f" ({text})" if text else ""


def _amount(holder: Json) -> str:
    """In whole units of the currency."""
    total, currency = number_of(holder, "total_amount"), text_of(holder, "currency")
    if total is None:
        return currency
    whole = str(total) if currency in WITHOUT_CENTS else f"{total / 100:.2f}"
    return f"{whole} {currency}".strip()


def _media_of(media: Json, number: str) -> Found:
    return (*files_in(media, number), *place_in(media))
