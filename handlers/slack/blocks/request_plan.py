"""The plan of a request on its card, and the copy that goes before an erasure."""

from zoneinfo import ZoneInfo

from bot.application.fulfilment.plan_words import differences, told_to_staff
from bot.application.views.plan_shown import PlanShown, awaited_text
from bot.application.views.request_card import RequestCard
from bot.domain.addresses import Language
from bot.wording import say
from bot.wording.times import due_day, moment
from handlers.slack.blocks.mrkdwn import escape


def plan_text(shown: PlanShown, number: str, zone: ZoneInfo, language: Language) -> str:
    """What goes and what stays, and what of it changed; or which answer is missing."""
    lines = [f"*{say('request_card.plan', language)}*", *changed_lines(shown, language)]
    if shown.plan is None:
        return "\n".join([*lines, escape(awaited_text(shown, language))])
    lines.append(escape(told_to_staff(shown.plan, number, language, zone)))
    if shown.planned_at is not None:
        at = moment(shown.planned_at, zone, language)
        lines.append(f"_{say('plan.reckoned_at', language, at=at)}_")
    return "\n".join(lines)


def changed_lines(shown: PlanShown, language: Language) -> list[str]:
    """What voided the approvals; nothing where somebody approved the plan as it is."""
    if not shown.changed:
        return []
    said = [say("plan.line", language, text=one) for one in differences(shown.changed, language)]
    return [f"⚠ {say('plan.changed', language)}", *map(escape, said)]


def copy_lines(card: RequestCard, language: Language) -> list[str]:
    """What goes before an erasure, or that its subject does not wait for it."""
    if card.is_answered:
        return []
    if card.first is not None:
        key = "copy_first_late" if card.first.is_late else "copy_first"
        due = due_day(card.first.due_on, language)
        text = say(f"request_card.{key}", language, access=card.first.number, due=due)
        return [escape(f"⚠ {text}" if card.first.is_late else text)]
    if card.copy_waived:
        return [escape(say("request_card.copy_waived", language, access=card.copy_waived))]
    return []
