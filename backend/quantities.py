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


def moment(time: dt.datetime) -> str:
    """ "5 listopada 2026, godz. 6:00"; `time` in the zone it is to be said in."""
    return f"{long_date(time.date())}, godz. {time.hour}:{time.minute:02d}"


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
