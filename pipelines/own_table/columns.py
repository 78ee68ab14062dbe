"""Which column of an analyst's table is which: named by the analyst, else recognised by the names that people use.

The idea: guess only where there is one candidate. A table with `store_id` and `item_id` has two, and a wrong guess
would be a forecast of the wrong thing, so it is asked for instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.contracts.wording import shown

ROLES = ("series", "date", "value", "group", "open", "promotion", "holiday", "price")
REQUIRED = ("date", "value")
NONE = "none"  # as an option: this optional column is not to be read
KNOWN: Mapping[str, tuple[str, ...]] = {
    "series": (
        "series", "series_id", "unique_id", "merchant_id", "merchant", "shop_id", "shop", "store_id", "store", "sku_id",
        "sku", "item_id", "item", "product_id", "product", "id", "key",
    ),
    "date": ("date", "day", "ds", "dt", "target_date", "stat_date", "timestamp"),
    "value": (
        "value", "y", "target", "orders", "units", "sales", "sale", "qty", "quantity", "gmv", "revenue", "turnover",
        "visitors", "volume", "count",
    ),
    "group": ("group", "category", "segment"),
    "open": ("open", "is_open"),
    "promotion": ("promotion", "promo", "on_promotion", "onpromotion"),
    "holiday": ("holiday", "is_holiday"),
    "price": ("price", "unit_price", "sell_price", "selling_price"),
}  # fmt: skip


class OwnTableError(ValueError):
    """The table cannot be forecast as it is: says what is wrong, where, and how to mend it."""


@dataclass(frozen=True)
class Columns:
    """Name of the column of each role; None where the table has none (date and value always are there)."""

    series: str | None
    date: str
    value: str
    group: str | None = None
    open: str | None = None
    promotion: str | None = None
    holiday: str | None = None
    price: str | None = None

    def of(self, role: str) -> str | None:
        """Name of a role's column."""
        name: str | None = getattr(self, role)
        return name

    @property
    def has_plans(self) -> bool:
        """Whether the table can say what is planned."""
        return any((self.open, self.promotion, self.holiday, self.price))


def choose_columns(present: Sequence[str], asked: Mapping[str, str | None]) -> Columns:
    """Find the column of each role.

    Parameters
    ----------
    present : sequence of str
        Columns of the table.
    asked : mapping of role -> name
        What the analyst named; None or missing = recognise it, `none` = do not read one.

    Raises
    ------
    OwnTableError
        When a named column is missing, a needed one is not recognised, several could be meant, or one has two roles.
    """
    twice = sorted({name for name in present if list(present).count(name) > 1})
    if twice:
        raise OwnTableError(
            f"the header names {', '.join(map(shown, twice))} twice; give each column a name of its own"
        )
    chosen = {role: _column(role, present, asked.get(role)) for role in ROLES}
    roles: dict[str, str] = {}
    for role, name in chosen.items():
        if name is not None and name in roles:
            raise OwnTableError(f"column {shown(name)} cannot be both --{roles[name]} and --{role}")
        if name is not None:
            roles[name] = role
    return Columns(**chosen)  # type: ignore[arg-type]


def _column(role: str, present: Sequence[str], asked: str | None) -> str | None:
    if asked is not None:
        return _named(role, present, asked)
    found = [name for name in present if name.strip().casefold() in KNOWN[role]]
    if len(found) > 1:
        exact = [name for name in found if name == role]
        if len(exact) == 1:
            return exact[0]
        raise OwnTableError(
            f"the {role} could be any of {_listed(found)}; say which one with --{role} NAME{_or_none(role)}"
        )
    if not found and role in REQUIRED:
        raise OwnTableError(
            f"no column looks like the {role} (such as {', '.join(KNOWN[role][:4])}); there are {_listed(present)}; "
            f"say which one it is with --{role} NAME"
        )
    return found[0] if found else None


def _named(role: str, present: Sequence[str], asked: str) -> str | None:
    if asked in present:
        return asked
    if asked == NONE and role not in REQUIRED:
        return None
    alike = [name for name in present if name.strip().casefold() == asked.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    raise OwnTableError(f"--{role}: the table has no column {shown(asked)}; there are {_listed(present)}")


def _or_none(role: str) -> str:
    return "" if role in REQUIRED else f", or --{role} {NONE} to read none"


def _listed(names: Sequence[str]) -> str:
    most = 40
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(shown(name) for name in names[:most]) + more
