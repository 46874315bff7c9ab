"""Made-up people and firms. Birth years lie in the 1800s, tax offices and banks do not exist."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from stdnum import ean
from stdnum.pl import nip, pesel

from bot.folding import fold

_FIRST = (
    ("Anna", "Barbara", "Celina", "Dorota", "Eleonora", "Genowefa", "Halina", "Irena", "Jadwiga", "Łucja", "Żaneta"),
    (
        "Adam",
        "Bogdan",
        "Czesław",
        "Dariusz",
        "Edward",
        "Grzegorz",
        "Henryk",
        "Jan",
        "Kazimierz",
        "Łukasz",
        "Świętosław",
    ),
)
_LAST = (
    ("Brzęczyszczykiewicz", "Ćwik", "Głąb", "Jeż", "Kozioł", "Mróz", "Nowina", "Pająk", "Śliwa", "Wrona", "Źrebiec"),
    ("Dębski", "Górski", "Jasiński", "Kępiński", "Łącki", "Ostrowski", "Różański", "Sępiński", "Świerski", "Żelazny"),
)
_FIRMS = ("Piekarnia", "Warsztat", "Tartak", "Kwiaciarnia", "Pralnia", "Drukarnia", "Młyn", "Mleczarnia")
_STREETS = ("Lipowa", "Słoneczna", "Długa", "Źródlana", "Ogrodowa", "Świętojańska", "Polna", "Żytnia")
PLACES = (("Kłodno", "00-901"), ("Brzeziny Małe", "00-902"), ("Żabi Róg", "00-903"), ("Zaścianek", "00-904"))


@dataclass(frozen=True)
class Person:
    kind: str
    name: str
    mailbox: str
    pesel: str | None
    nip: str | None


def person(random: Random, number: int) -> Person:
    woman = random.random() < 0.5
    first = random.choice(_FIRST[0 if woman else 1])
    last = random.choice(_LAST[0]) if random.random() < 0.5 else _inflected(random.choice(_LAST[1]), woman)
    mailbox = f"{fold(first)}.{fold(last)}{number}@poczta.example"
    return Person("individual", f"{first} {last}", mailbox, made_up_pesel(number, woman), None)


def _inflected(name: str, woman: bool) -> str:
    if not woman:
        return name
    return f"{name[:-1]}a" if name.endswith(("i", "y")) else name


def firm(random: Random, number: int) -> Person:
    name = f"{random.choice(_FIRMS)} „{random.choice(_STREETS)}” Sp. z o.o."
    return Person("business", name, f"biuro{number}@firma.example", None, made_up_nip(number))


def address(random: Random) -> str:
    place, code = random.choice(PLACES)
    return f"ul. {random.choice(_STREETS)} {random.randint(1, 120)}, {code} {place}"


def made_up_pesel(number: int, woman: bool) -> str:
    """Another one for each number, scattered over the 1800s."""
    born = dt.date(1800, 1, 1) + dt.timedelta(days=number * 7919 % 36_000)
    serial = f"{(number * 37 + 411) % 1000:03d}"
    sex = 2 * (number // 36_000 % 5) + (not woman)
    digits = f"{born.year % 100:02d}{born.month + 80:02d}{born.day:02d}{serial}{sex}"
    return digits + str(pesel.calc_check_digit(digits))


def made_up_nip(number: int) -> str:
    """Another one for each number, of a tax office that does not exist. Not every 9 digits have a check digit."""
    for candidate in range(number * 8, number * 8 + 8):
        digits = f"99{candidate:07d}"
        for last in "0123456789":
            if nip.is_valid(digits + last):
                return digits + last
    raise ValueError(f"no NIP for {number}")


def account(number: int) -> str:
    """A right NRB at a bank that does not exist (settlement number 00000000)."""
    rest = f"00000000{number:016d}"
    return f"{98 - int(f'{rest}252100') % 97:02d}{rest}"


def ppe(number: int) -> str:
    digits = f"590000{number:011d}"
    return digits + str(ean.calc_check_digit(digits))
