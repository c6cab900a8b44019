"""The shapes of Block Kit's elements: buttons, menus and inputs, with Slack's limits."""

from typing import Any

from handlers.sandbox.slack import limits
from handlers.sandbox.slack.block_kit.checks import (
    Check,
    Findings,
    Shape,
    anything,
    boolean,
    by_type,
    either,
    identifier,
    integer,
    list_of,
    one_of,
    plain,
    shape,
    string,
)

ANY_NUMBER = 10**12

confirm = shape(
    {
        "title": plain(limits.CONFIRM_TITLE),
        "text": either(limits.CONFIRM_TEXT),
        "confirm": plain(limits.CONFIRM_BUTTON),
        "deny": plain(limits.CONFIRM_BUTTON),
    },
    {"style": one_of("primary", "danger")},
)


def _option(text: Check, *, with_url: bool = False) -> Check:
    more: Shape = {"description": either(limits.OPTION_TEXT)}
    if with_url:
        more["url"] = string(limits.URL)
    return shape({"text": text, "value": string(limits.OPTION_VALUE)}, more)


_menu_option = _option(plain(limits.OPTION_TEXT))
_choice_option = _option(either(limits.OPTION_TEXT))
_menu_options = list_of(_menu_option, limits.SELECT_OPTIONS)
_choices = list_of(_choice_option, limits.CHOICE_OPTIONS)
option_groups = list_of(
    shape({"label": plain(limits.OPTION_TEXT), "options": _menu_options}), limits.SELECT_OPTIONS
)
menu_options = list_of(_menu_option, limits.SELECT_OPTIONS, 0)

_MENU: Shape = {
    "placeholder": plain(limits.PLACEHOLDER),
    "confirm": confirm,
    "focus_on_load": boolean,
}
_STATIC: Shape = {"options": _menu_options, "option_groups": option_groups}
_EXTERNAL: Shape = {"min_query_length": integer(0, limits.OPTION_TEXT)}
_MOST: Shape = {"max_selected_items": integer(1, ANY_NUMBER)}
_TYPED: Shape = {
    "placeholder": plain(limits.PLACEHOLDER),
    "focus_on_load": boolean,
    "dispatch_action_config": shape(
        {},
        {"trigger_actions_on": list_of(one_of("on_enter_pressed", "on_character_entered"), 2)},
    ),
}
_id = string(limits.IDENTIFIER)
_ids = list_of(_id, ANY_NUMBER, 0)


def _element(required: Shape, optional: Shape) -> Check:
    """Build the check of an interactive element, whose action_id is kept for uniqueness."""
    inner = shape({"type": anything, **required}, {"action_id": identifier, **optional})

    def check(value: dict[str, Any], where: str, findings: Findings) -> None:
        inner(value, where, findings)
        if isinstance(value.get("action_id"), str):
            findings.action_ids.append(value["action_id"])
        findings.focused += value.get("focus_on_load") is True
        _agree(value, where, findings)

    return check


def _agree(element: dict[str, Any], where: str, findings: Findings) -> None:
    """Options, and what is chosen at first, must fit together."""
    is_static = element["type"] in {"static_select", "multi_static_select"}
    if is_static and ("options" in element) == ("option_groups" in element):
        findings.add("needs either options or option_groups", where)
    first = element.get("initial_option")
    wanted = [first] if first else element.get("initial_options") or []
    offered = _values(element)
    if offered and any(_value(each) not in offered for each in wanted):
        findings.add("initial option must match one of the options", where)


def _values(element: dict[str, Any]) -> set[object]:
    groups = element.get("option_groups")
    lists = (
        [g.get("options") for g in groups] if isinstance(groups, list) else [element.get("options")]
    )
    return {_value(o) for options in lists if isinstance(options, list) for o in options}


def _value(option: object) -> object:
    return option.get("value") if isinstance(option, dict) else None


BUTTONS: dict[str, Check] = {
    "button": _element(
        {"text": plain(limits.BUTTON_TEXT)},
        {
            "value": string(limits.BUTTON_VALUE),
            "url": string(limits.URL),
            "style": one_of("primary", "danger"),
            "confirm": confirm,
            "accessibility_label": string(limits.BUTTON_TEXT),
        },
    ),
    "overflow": _element(
        {
            "options": list_of(
                _option(plain(limits.OPTION_TEXT), with_url=True),
                limits.OVERFLOW_OPTIONS[1],
                limits.OVERFLOW_OPTIONS[0],
            )
        },
        {"confirm": confirm},
    ),
    "workflow_button": _element({"text": plain(limits.BUTTON_TEXT), "workflow": anything}, {}),
}

MENUS: dict[str, Check] = {
    "static_select": _element({}, {**_MENU, **_STATIC, "initial_option": _menu_option}),
    "multi_static_select": _element(
        {}, {**_MENU, **_STATIC, **_MOST, "initial_options": _menu_options}
    ),
    "external_select": _element({}, {**_MENU, **_EXTERNAL, "initial_option": _menu_option}),
    "multi_external_select": _element(
        {}, {**_MENU, **_EXTERNAL, **_MOST, "initial_options": _menu_options}
    ),
    "users_select": _element({}, {**_MENU, "initial_user": _id}),
    "multi_users_select": _element({}, {**_MENU, **_MOST, "initial_users": _ids}),
    "channels_select": _element(
        {}, {**_MENU, "initial_channel": _id, "response_url_enabled": boolean}
    ),
    "multi_channels_select": _element({}, {**_MENU, **_MOST, "initial_channels": _ids}),
    "conversations_select": _element(
        {},
        {
            **_MENU,
            "initial_conversation": _id,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": anything,
        },
    ),
    "multi_conversations_select": _element(
        {},
        {
            **_MENU,
            **_MOST,
            "initial_conversations": _ids,
            "default_to_current_conversation": boolean,
            "filter": anything,
        },
    ),
}

CHOICES: dict[str, Check] = {
    "checkboxes": _element(
        {"options": _choices},
        {"initial_options": _choices, "confirm": confirm, "focus_on_load": boolean},
    ),
    "radio_buttons": _element(
        {"options": _choices},
        {"initial_option": _choice_option, "confirm": confirm, "focus_on_load": boolean},
    ),
    "datepicker": _element({}, {**_MENU, "initial_date": string(10, 10)}),
    "timepicker": _element({}, {**_MENU, "initial_time": string(5, 5), "timezone": _id}),
    "datetimepicker": _element(
        {},
        {
            "initial_date_time": integer(0, 9_999_999_999),
            "confirm": confirm,
            "focus_on_load": boolean,
        },
    ),
}

INPUTS: dict[str, Check] = {
    "plain_text_input": _element(
        {},
        {
            **_TYPED,
            "initial_value": string(limits.INPUT_VALUE),
            "multiline": boolean,
            "min_length": integer(0, limits.INPUT_VALUE),
            "max_length": integer(1, limits.INPUT_VALUE),
        },
    ),
    "email_text_input": _element({}, {**_TYPED, "initial_value": string(limits.INPUT_VALUE)}),
    "url_text_input": _element({}, {**_TYPED, "initial_value": string(limits.INPUT_VALUE)}),
    "number_input": _element(
        {"is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": _id, "min_value": _id, "max_value": _id},
    ),
    "rich_text_input": _element({}, {**_TYPED, "initial_value": anything}),
    "file_input": _element({}, {"filetypes": anything, "max_files": integer(1, 10)}),
}

image = shape(
    {"type": anything, "alt_text": string(limits.ALT_TEXT)},
    {"image_url": string(limits.IMAGE_URL), "slack_file": anything},
)

in_actions = by_type({**BUTTONS, **MENUS, **CHOICES})
in_section = by_type({**BUTTONS, **MENUS, **CHOICES, "image": image})
in_input = by_type({**MENUS, **CHOICES, **INPUTS})
in_context = by_type(
    {
        "image": image,
        "plain_text": plain(limits.CONTEXT_TEXT),
        "mrkdwn": either(limits.CONTEXT_TEXT),
    }
)
