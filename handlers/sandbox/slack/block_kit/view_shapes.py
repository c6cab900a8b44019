"""Is this a modal or an App Home that Slack takes?"""

import json
from typing import Any

from handlers.sandbox.slack import limits
from handlers.sandbox.slack.block_kit.blocks import check_view_blocks
from handlers.sandbox.slack.block_kit.checks import (
    Check,
    Findings,
    Json,
    anything,
    boolean,
    identifier,
    plain,
    shape,
    string,
)
from handlers.sandbox.slack.refusals import ApiRefusal

_COMMON: dict[str, Check] = {
    "private_metadata": string(limits.PRIVATE_METADATA),
    "callback_id": identifier,
    "external_id": identifier,
    "clear_on_close": boolean,
    "notify_on_close": boolean,
}
_modal = shape(
    {"type": anything, "title": plain(limits.VIEW_TITLE), "blocks": anything},
    {
        **_COMMON,
        "submit": plain(limits.VIEW_TITLE),
        "close": plain(limits.VIEW_TITLE),
        "submit_disabled": boolean,
    },
)
_home = shape({"type": anything, "blocks": anything}, _COMMON)


def check_view(view: Json, wanted: str) -> Findings:
    """Check a view of the wanted type; a modal with inputs needs a submit button."""
    if not isinstance(view, dict) or view.get("type") != wanted:
        raise ApiRefusal(
            "invalid_arguments", f"[ERROR] must be a {wanted} view [json-pointer:/view]"
        )
    if len(json.dumps(view)) > limits.VIEW_BYTES:
        raise ApiRefusal("view_too_large")
    findings = Findings()
    (_modal if wanted == "modal" else _home)(view, "/view", findings)
    check_view_blocks(view.get("blocks"), findings)
    if wanted == "modal" and _has_input(view) and "submit" not in view:
        findings.add("a submit button is needed when there are input blocks", "/view/submit")
    if findings.wrong:
        raise ApiRefusal("invalid_arguments", *findings.wrong)
    return findings


def _has_input(view: dict[str, Any]) -> bool:
    blocks = view.get("blocks")
    return isinstance(blocks, list) and any(_type_of(block) == "input" for block in blocks)


def _type_of(block: object) -> object:
    return block.get("type") if isinstance(block, dict) else None
