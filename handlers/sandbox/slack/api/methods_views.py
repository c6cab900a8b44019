"""views.* and blocks.validate: modals, the App Home, and a check without showing anything."""

import json
from typing import Any

from handlers.sandbox.slack.block_kit.blocks import check_message_blocks, repeated_action_ids
from handlers.sandbox.slack.block_kit.checks import Findings
from handlers.sandbox.slack.block_kit.view_shapes import check_view
from handlers.sandbox.slack.refusals import ApiRefusal
from handlers.sandbox.slack.state.workspace_state import WorkspaceState

Json = dict[str, Any]


async def open_modal(state: WorkspaceState, args: Json) -> Json:
    _check(state, args["view"], "modal", "views.open")
    trigger = state.views.exchange(_trigger(args))
    return {"view": state.views.open(trigger.user, args["view"]).shape()}


async def push(state: WorkspaceState, args: Json) -> Json:
    _check(state, args["view"], "modal", "views.push")
    trigger = state.views.exchange(_trigger(args))
    if not trigger.view:
        raise ApiRefusal("invalid_trigger_id")
    return {"view": state.views.push(trigger.user, args["view"]).shape()}


async def update(state: WorkspaceState, args: Json) -> Json:
    if not (args.get("view_id") or args.get("external_id")):
        raise ApiRefusal("invalid_arguments", "[ERROR] missing required field: view_id")
    view = state.views.find(args.get("view_id") or "", args.get("external_id") or "")
    _check(state, args["view"], view.given["type"], "views.update")
    return {"view": state.views.update(view, args["view"], args.get("hash") or "").shape()}


async def publish(state: WorkspaceState, args: Json) -> Json:
    _check(state, args["view"], "home", "views.publish")
    if args["user_id"] not in state.world.users:
        raise ApiRefusal("invalid_arguments", "[ERROR] invalid user [json-pointer:/user_id]")
    home = state.views.publish(args["user_id"], args["view"], args.get("hash") or "")
    return {"view": home.shape()}


async def validate(_state: WorkspaceState, args: Json) -> Json:
    """Check blocks, a message or a view without showing it to anyone."""
    if args.get("view"):
        view = json.loads(args["view"])
        check_view(view, view.get("type") if view.get("type") == "home" else "modal")
        return {}
    given = json.loads(args.get("message") or args.get("blocks") or "[]")
    findings = Findings()
    check_message_blocks(given.get("blocks", []) if isinstance(given, dict) else given, findings)
    if findings.wrong:
        raise ApiRefusal("invalid_blocks", *findings.wrong)
    return {}


def _check(state: WorkspaceState, view: Json, wanted: str, where: str) -> None:
    findings = check_view(view, wanted)
    for twice in repeated_action_ids(findings):
        state.record.violation("repeated_action_id", where, twice)


def _trigger(args: Json) -> str:
    trigger = args.get("trigger_id") or args.get("interactivity_pointer")
    if not trigger:
        raise ApiRefusal("invalid_arguments", "[ERROR] missing required field: trigger_id")
    return trigger
