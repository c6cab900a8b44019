"""Certificates for tests: one that says something of every kind."""

from datetime import UTC, datetime, timedelta

from bot.domain.fulfilment.certificate import ApprovedBy, Certificate, Kept, SourceCertified
from bot.domain.fulfilment.plan import SourceKind

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def a_certificate(**given: object) -> Certificate:
    told: dict[str, object] = {
        "number": "R-000045",
        "reference": "5f0c" * 16,
        "company": "স্মার্ট ISP & Söhne",
        "version": "0.2.0",
        "plan_hash": "ab12" * 16,
        "round": 1,
        "received_at": NOON - timedelta(days=9),
        "carried_out_at": NOON - timedelta(minutes=5),
        "certified_at": NOON,
        "approvals": (
            ApprovedBy(approver="one", at=NOON - timedelta(days=4)),
            ApprovedBy(approver="two", at=NOON - timedelta(days=3)),
        ),
        "sources": (
            SourceCertified(
                source="crm",
                kind=SourceKind.COMPANY,
                rows={"customer.delete": 1, "invoice.keep": 12_345},
                done_at=NOON,
                tables=20,
                cells=1_000_000,
                bytes=10**9,
                ticked_off=2,
            ),
            SourceCertified(
                source="desk",
                kind=SourceKind.DESK,
                rows={},
                done_at=NOON,
                stated=("a_place_of_no_text",),
                masked=3,
            ),
        ),
        "kept": (
            Kept(source="crm", place="invoice", law="vat", rows=12_345, until=NOON),
            Kept(source="crm", place="payment", law="vat", rows=1, until=None),
        ),
        "slot_until": NOON + timedelta(days=7),
        "backups": "certificate.backups",
        "audit_head": "0" * 63 + "7",
    }
    return Certificate(**(told | given))  # pyright: ignore[reportArgumentType]  # names and values of a certificate
