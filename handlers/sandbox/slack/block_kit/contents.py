"""What a message may consist of: text, blocks, attachments and metadata, checked and kept."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from handlers.sandbox.slack import limits
from handlers.sandbox.slack.block_kit.block_state import filled_in
from handlers.sandbox.slack.block_kit.blocks import check_message_blocks, repeated_action_ids
from handlers.sandbox.slack.block_kit.checks import Findings
from handlers.sandbox.slack.record import Record
from handlers.sandbox.slack.refusals import ApiRefusal

Json = dict[str, Any]
METADATA_KEYS = {"event_type", "event_payload"}


@dataclass
class Content:
    """The checked parts of a message."""

    text: str
    blocks: list[Json]
    attachments: list[Json]
    warnings: list[str] = field(default_factory=list)


def content_of(args: Json, record: Record, where: str) -> Content:
    """Check what is to be said; blocks without a text are shown but break accessibility."""
    if args.get("markdown_text"):
        return _markdown(args)
    blocks = _checked_blocks(args.get("blocks") or [], record, where)
    attachments = _checked_attachments(args.get("attachments") or [])
    content = Content(args.get("text") or "", blocks, attachments)
    if not (content.text or blocks or attachments):
        raise ApiRefusal("no_text")
    if not content.text.strip():
        record.violation("missing_fallback_text", where, "blocks or attachments without text")
    if len(content.text) > limits.MESSAGE_TEXT:
        record.violation("text_too_long", where, f"{len(content.text)} characters were cut")
        content.text = content.text[: limits.MESSAGE_TEXT]
        content.warnings.append("message_truncated")
    return content


def metadata_of(args: Json) -> Json | None:
    """Check an event's name and payload; an empty object takes them away."""
    given = args.get("metadata")
    if not given:
        return None
    if not isinstance(given, dict) or set(given) != METADATA_KEYS:
        raise ApiRefusal("invalid_metadata_format")
    if not isinstance(given["event_type"], str) or not isinstance(given["event_payload"], dict):
        raise ApiRefusal("invalid_metadata_schema")
    if len(json.dumps(given).encode()) > limits.METADATA_BYTES:
        raise ApiRefusal("metadata_too_large")
    return given


def _markdown(args: Json) -> Content:
    if args.get("text") or args.get("blocks"):
        raise ApiRefusal("markdown_text_conflict")
    text = args["markdown_text"]
    if len(text) > limits.MARKDOWN_TEXT:
        raise ApiRefusal("msg_too_long")
    return Content(text, [], [])


def _checked_blocks(blocks: object, record: Record, where: str) -> list[Json]:
    if not isinstance(blocks, list):
        raise ApiRefusal("invalid_blocks_format")
    findings = Findings()
    check_message_blocks(blocks, findings)
    if findings.wrong:
        raise ApiRefusal("invalid_blocks", *findings.wrong)
    if findings.characters > limits.ALL_BLOCKS_TEXT:
        raise ApiRefusal("msg_blocks_too_long")
    for twice in repeated_action_ids(findings):
        record.violation("repeated_action_id", where, twice)
    return filled_in(blocks, lambda: secrets.token_urlsafe(4))


def _checked_attachments(attachments: object) -> list[Json]:
    if not isinstance(attachments, list) or not all(isinstance(a, dict) for a in attachments):
        raise ApiRefusal("invalid_attachments")
    if len(attachments) > limits.ATTACHMENTS:
        raise ApiRefusal("too_many_attachments")
    return attachments
