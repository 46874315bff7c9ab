"""Amounts, energy, dates and plurals as Polish writes them (CLDR, `pl_PL`), and energy as the database keeps it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from sqlalchemy import BigInteger, Dialect, TypeDecorator

LOCALE = Locale.parse("pl_PL")


def amount(grosze: int) -> str:
    """`123456` → "1 234,56 zł", with no-break spaces."""
    return str(format_currency(Decimal(grosze) / 100, "PLN", "#,##0.00\xa0¤", locale=LOCALE))


def long_date(day: dt.date) -> str:
    """ "5 listopada 2026"."""
    return str(format_date(day, "d MMMM y", locale=LOCALE))


def month(day: dt.date) -> str:
    """ "listopad"."""
    return str(format_date(day, "LLLL", locale=LOCALE))


def number(value: Decimal) -> str:
    """ "1 234,5", with no-break spaces, as many places as there are, at most three."""
    return str(format_decimal(value, "#,##0.###", locale=LOCALE))


def energy(kwh: Decimal) -> str:
    """ "1 234,5 kWh"."""
    return f"{number(kwh)}\xa0kWh"


def percent(value: Decimal) -> str:
    """By how much, without a sign: "12,5%"."""
    return f"{abs(value):.1f}%".replace(".", ",")


def moment(time: dt.datetime) -> str:
    """ "5 listopada 2026, godz. 6:00"; `time` in the zone it is to be said in."""
    return f"{long_date(time.date())}, godz. {time.hour}:{time.minute:02d}"


def span(first: dt.date, last: dt.date) -> str:
    """ "wrzesień 2026", "marzec–maj 2026", "2025" for whole months; "3 maja 2026 – 5 czerwca 2026" for others."""
    whole = first.day == 1 and (last + dt.timedelta(days=1)).day == 1
    if not whole:
        return f"{long_date(first)} – {long_date(last)}"
    if first.year != last.year:
        return f"{month(first)} {first.year} – {month(last)} {last.year}"
    if (first.month, last.month) == (1, 12):
        return f"{first.year}"
    months = month(first) if first.month == last.month else f"{month(first)}–{month(last)}"
    return f"{months} {first.year}"


def account(nrb: str) -> str:
    """A bank account in groups: "12 3456 7890 …"."""
    return " ".join([nrb[:2], *(nrb[start : start + 4] for start in range(2, len(nrb), 4))])


def size(count: int) -> str:
    """Bytes as people say them: "12 kB", "3,4 MB"."""
    if count < 1_000_000:
        return f"{-(-count // 1000)}\xa0kB"
    return f"{count / 1_000_000:.1f}\xa0MB".replace(".", ",")


def plural(count: int, one: str, few: str, many: str) -> str:
    """The number with the right form: 1 faktura, 2 faktury, 5 faktur."""
    return f"{count} {({'one': one, 'few': few}).get(LOCALE.plural_form(count), many)}"


class KilowattHours(TypeDecorator[Decimal]):
    """Decimal kWh with at most three places, kept as whole watt-hours: SQLite has no decimals."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value * 1000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 1000
