"""Who did what for a data request, and when, as a card says it."""

from zoneinfo import ZoneInfo

from bot.application.views.request_card import Deed, RequestCard
from bot.domain.addresses import Language
from bot.wording import say
from bot.wording.times import moment
from handlers.slack.blocks.mrkdwn import with_mentions


def newcomer(new: Deed, zone: ZoneInfo, language: Language) -> str:
    at = moment(new.at, zone, language)
    return with_mentions(say("request_card.newcomer", language, who=new.who, at=at))


def frozen_by(card: RequestCard, frozen: Deed, zone: ZoneInfo, language: Language) -> str:
    key = "frozen_by_staff" if frozen.who else "frozen_by_somebody"
    at = moment(frozen.at, zone, language)
    text = with_mentions(say(f"request_card.{key}", language, who=frozen.who, at=at))
    if card.lifting:
        who = ", ".join(card.lifting)
        text += " " + with_mentions(say("request_card.lifting", language, who=who))
    return f"*{say('request_card.frozen', language)}* · {text}"


def identity_text(card: RequestCard, zone: ZoneInfo, language: Language) -> str:
    """What was shown, and who vouched or rang back, with names and times."""
    named = [_vouched(deed, zone, language) for deed in card.vouches]
    named += [deed_text("called_back", deed, zone, language) for deed in card.call_backs]
    if not card.verified or card.proved_at is None:
        key = "identity_staff_path" if card.staff_path else "identity_none"
        key = "identity_young_code" if card.staff_path and card.young_code else key
        return "\n".join([say(f"request_card.{key}", language), *named])
    level = say(f"request_card.proved_{card.proof}", language)
    at = moment(card.proved_at, zone, language)
    lines = [say("request_card.identity_proved", language, at=at, level=level), *named]
    if card.phone_not_confirmed and not card.call_backs:
        lines.append(f"⚠ {say('request_card.identity_phone_open', language)}")
    return "\n".join(lines)


def _vouched(deed: Deed, zone: ZoneInfo, language: Language) -> str:
    return deed_text(
        "vouched", deed, zone, language, what=say(f"identity.proof_{deed.what}", language)
    )


def deed_text(key: str, deed: Deed, zone: ZoneInfo, language: Language, **more: str) -> str:
    at = moment(deed.at, zone, language)
    return say(f"request_card.{key}", language, who=deed.who, at=at, **more)


def deeds(card: RequestCard, zone: ZoneInfo, language: Language) -> list[str]:
    """Who did what for it; never on what words."""
    made = [_vouched(deed, zone, language) for deed in card.vouches]
    made += [deed_text("called_back", deed, zone, language) for deed in card.call_backs]
    made += [deed_text("approved_by", deed, zone, language) for deed in card.approvals]
    made += [
        deed_text(
            "denied",
            deed,
            zone,
            language,
            reason=say(f"request_card.denial_{deed.what}", language),
        )
        for deed in card.denials
    ]
    return [with_mentions(text) for text in made]
