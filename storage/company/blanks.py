"""What is written over a personal column: nothing, the map's own text, or what its type allows."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, literal, null, types

from bot.domain.fulfilment.plan import PlanAction
from storage.company.data_map import KEY_GAP, MappedTable
from storage.company.shape import ColumnShape, TableShape

WORD = "erased"
_LONG_AGO = date(1970, 1, 1)


def blanks(
    table: MappedTable, shape: TableShape, columns: tuple[str, ...], action: PlanAction
) -> dict[str, ColumnElement[Any]]:
    """By column what is written there."""
    return {one: _blank(table, shape, shape.columns[one], action) for one in columns}


def differs(
    shape: TableShape, values: Mapping[str, ColumnElement[Any]]
) -> list[ColumnElement[bool]]:
    """Conditions of which one holds where a row is not blank yet."""
    return [
        _comparable(shape.column(name)).is_distinct_from(_comparable(value))
        for name, value in values.items()
    ]


def needs_own_mask(column: ColumnShape) -> bool:
    """Nothing can be written there that the map does not say: it must be filled, with what?"""
    return not column.is_nullable and _of_type(column.type) is None


def mask_of(column: ColumnShape, text: str) -> Any:  # noqa: ANN401  # a value of the column's type
    """The map's text as the column holds it. Raises ValueError: it cannot."""
    kind = column.type
    try:
        if isinstance(kind, types.Integer):
            return int(text)
        if isinstance(kind, types.Numeric):
            return Decimal(text)
        if isinstance(kind, types.DateTime):
            return datetime.fromisoformat(text)
        if isinstance(kind, types.Date):
            return date.fromisoformat(text)
        if isinstance(kind, types.Uuid):
            return UUID(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if isinstance(kind, types.String) and kind.length and len(text) > kind.length:
        raise ValueError(text)
    return text


def mask_text(table: MappedTable, column: ColumnShape, action: PlanAction) -> str | None:
    """The text that is written there; None: nothing, or what its type allows."""
    if action is not PlanAction.MASK and column.is_nullable:
        return None
    own = table.masks.get(column.name)
    if own is None and column.is_unique and column.is_text and not column.is_nullable:
        return f"{WORD}-{KEY_GAP}"
    return own


def _blank(
    table: MappedTable, shape: TableShape, column: ColumnShape, action: PlanAction
) -> ColumnElement[Any]:
    text = mask_text(table, column, action)
    if text is not None:
        return _filled(table, shape, column, text)
    means_nothing = column.is_unique or _of_type(column.type) is None
    is_emptied = action is not PlanAction.MASK or means_nothing
    if column.is_nullable and is_emptied:
        return null()
    return _literal(column, _of_type(column.type))


def _filled(
    table: MappedTable, shape: TableShape, column: ColumnShape, text: str
) -> ColumnElement[Any]:
    if KEY_GAP not in text:
        return _literal(column, mask_of(column, text))
    before, _, after = text.partition(KEY_GAP)
    whole: ColumnElement[Any] = literal(before, String)
    for place, name in enumerate(table.key or shape.primary_key):
        whole = whole + literal("-", String) if place else whole
        whole = whole + cast(shape.column(name), String)
    return whole + literal(after, String)


def _literal(column: ColumnShape, value: object) -> ColumnElement[Any]:
    if isinstance(column.type, types.String) and isinstance(value, str) and column.type.length:
        value = value if len(value) <= column.type.length else value[: column.type.length]
    return literal(value, column.type)


def _of_type(kind: types.TypeEngine[Any]) -> object:
    """None: nothing of this type means nothing."""
    pairs: list[tuple[type[Any], object]] = [
        (types.Enum, None),
        (types.Boolean, False),
        (types.Integer, 0),
        (types.Numeric, 0),
        (types.DateTime, datetime.combine(_LONG_AGO, time())),
        (types.Date, _LONG_AGO),
        (types.Time, time()),
        (types.JSON, {}),
        (types.Uuid, UUID(int=0)),
        (types.LargeBinary, b""),
        (types.String, WORD),
    ]
    return next((value for one, value in pairs if isinstance(kind, one)), None)


def _comparable(value: Any) -> ColumnElement[Any]:  # noqa: ANN401  # a column or what is put there
    """JSON of PostgreSQL cannot be compared; its text can."""
    return cast(value, String) if isinstance(value.type, types.JSON) else value
