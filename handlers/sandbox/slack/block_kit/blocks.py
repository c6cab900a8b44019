"""Is this list of blocks one that Slack takes? Shapes, limits, uniqueness and their sum."""

from typing import Any

from handlers.sandbox.slack import limits
from handlers.sandbox.slack.block_kit import elements
from handlers.sandbox.slack.block_kit.checks import (
    Check,
    Findings,
    Json,
    Shape,
    anything,
    boolean,
    by_type,
    either,
    identifier,
    list_of,
    plain,
    shape,
    string,
)
from handlers.sandbox.slack.block_kit.rich_text import rich_text_elements

Blocks = list[dict[str, Any]]


def _block(required: Shape, optional: Shape | None = None) -> Check:
    """Build the check of a block: its own action_ids must differ, its block_id is kept."""
    inner = shape({"type": anything, **required}, {"block_id": identifier, **(optional or {})})

    def check(value: dict[str, Any], where: str, findings: Findings) -> None:
        before = len(findings.action_ids)
        inner(value, where, findings)
        for twice in _repeated(findings.action_ids[before:]):
            findings.add(f"action_id `{twice}` already exists in this block", where)
        if isinstance(value.get("block_id"), str):
            findings.block_ids.append(value["block_id"])

    return check


def _section(value: dict[str, Any], where: str, findings: Findings) -> None:
    _section_shape(value, where, findings)
    if "text" not in value and "fields" not in value:
        findings.add("missing required field: text or fields", where)


def _markdown(value: Json, where: str, findings: Findings) -> None:
    string(limits.MARKDOWN_TEXT, 1)(value, where, findings)
    findings.characters += len(str(value))


_section_shape = _block(
    {},
    {
        "text": either(limits.SECTION_TEXT),
        "fields": list_of(either(limits.FIELD_TEXT), limits.SECTION_FIELDS),
        "accessory": elements.in_section,
        "expand": boolean,
    },
)

_IN_BOTH: dict[str, Check] = {
    "section": _section,
    "divider": _block({}),
    "header": _block({"text": plain(limits.HEADER_TEXT)}),
    "image": _block(
        {"alt_text": string(limits.ALT_TEXT)},
        {
            "image_url": string(limits.IMAGE_URL),
            "slack_file": anything,
            "title": plain(limits.ALT_TEXT),
        },
    ),
    "actions": _block({"elements": list_of(elements.in_actions, limits.ACTIONS_ELEMENTS)}),
    "context": _block({"elements": list_of(elements.in_context, limits.CONTEXT_ELEMENTS)}),
    "rich_text": _block({"elements": rich_text_elements}),
    "input": _block(
        {"label": plain(limits.INPUT_LABEL), "element": elements.in_input},
        {"hint": plain(limits.INPUT_LABEL), "optional": boolean, "dispatch_action": boolean},
    ),
    "video": _block(
        {"alt_text": string(limits.ALT_TEXT), "video_url": anything, "thumbnail_url": anything},
        {
            "title": anything,
            "title_url": anything,
            "description": anything,
            "author_name": anything,
        },
    ),
}
_in_view = by_type(_IN_BOTH)
_in_message = by_type(
    {
        **_IN_BOTH,
        "markdown": _block({"text": _markdown}),
        "table": _block({"rows": anything}, {"column_settings": anything}),
    }
)


def check_message_blocks(blocks: Json, findings: Findings) -> None:
    """Check what chat.postMessage, chat.update and response URLs take."""
    list_of(_in_message, limits.BLOCKS_IN_MESSAGE, 0)(blocks, "/blocks", findings)
    _check_unique(findings, "/blocks")


def check_view_blocks(blocks: Json, findings: Findings) -> None:
    """Check the blocks of a modal or an App Home."""
    list_of(_in_view, limits.BLOCKS_IN_VIEW, 0)(blocks, "/view/blocks", findings)
    _check_unique(findings, "/view/blocks")
    if findings.focused > 1:
        findings.add("only one element may have focus_on_load", "/view/blocks")


def repeated_action_ids(findings: Findings) -> list[str]:
    """Name the action_ids used in more than one block: Slack allows it, this desk does not."""
    return _repeated(findings.action_ids)


def _check_unique(findings: Findings, where: str) -> None:
    for twice in _repeated(findings.block_ids):
        findings.add(f"block_id `{twice}` already exists", where)


def _repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1}) if len(names) > 1 else []
