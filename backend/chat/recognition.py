"""The vault's eyes: which parts of a typed text are personal.

A checksum decides which kind a number is; a bare run of ten or more digits is taken whether it checks or not, unless it
has the shape of a delivery point (PPE), a document number or another thing that is not personal. What is short is
decided by what was asked. The kind is a guess: whoever uses the value tries it as what is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from stdnum import ean, iban, luhn
from stdnum.pl import nip, pesel

from bot.folding import fold
from bot.placeholders import Kind


@dataclass(frozen=True)
class Finding:
    """A personal part of a text: `start` and `end` in code points, and what it probably is."""

    start: int
    end: int
    kind: Kind


_EMAIL = re.compile(r"[\w.+%-]+\s?(?:@|\(at\)|\[at\]|＠)\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_SAYS = r"(?:\s*[:=]\s*|\s+(?:to|mam|jest|brzmi)\s*:?\s*)[\"'„”]?"
_PASSWORD = re.compile(
    rf"\bhas[lł]o\w*(?:\s+jednorazowe)?(?:\s+do\s+\w+)?{_SAYS}"
    r"(?P<value>[^\s\"'„”]{3,}(?:\s+[^\s\"'„”]*\d[^\s\"'„”]*)*)",
    re.IGNORECASE,
)
_ONE_TIME_PASSWORD = re.compile(
    r"(?<![\w/-])(?=[a-z-]*\d)(?=[\d-]*[a-z])[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}(?![\w/-])", re.IGNORECASE
)
"""As letters write it: two groups of Crockford's base 32, digits and letters together."""
_LOGIN = re.compile(
    rf"\b(?:login\w*|nazw\w+ u[zż]ytkownika|u[zż]ytkownik){_SAYS}(?P<value>[^\s\"'„”,;!?]{{2,}})",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\bkod\w*(?:\s+(?:to|jest|mam|brzmi))?\s*[:=]?\s*(?P<value>\d(?:[\s-]?\d){3,7})(?![\s-]?\d)", re.IGNORECASE
)
_IBAN = re.compile(r"\b(?:PL\s?)?\d{2}(?:[\s-]?\d{4}){6}\b|\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}\b", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w/.,+-])(?:(?:\+|00)?48[\s-]?)?(?:\d{3}[\s-]?\d{3}[\s-]?\d{3}|\(?\d{2}\)?[\s-]\d{3}[\s-]\d{2}[\s-]\d{2})"
    r"(?![\s-]?\d)"
)
_DIGITS = re.compile(r"(?<![\w/.,-])\+?\d(?:[\s\-()./]{0,2}\d)*(?![\w/])")
_ALPHANUMERIC = re.compile(r"\S*\d\S*")

# What looks like a number but is nobody's: documents, KSeF, dates, amounts, energy, meters, tariffs, postal codes.
_NOT_PERSONAL = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b\d{10}-\d{8}-[0-9A-F]{12}-[0-9A-F]{2}\b",
        r"\b[A-ZĄĆĘŁŃÓŚŹŻ]{1,5}[/-](?:[A-Z0-9]+[/-])*\d[\w/-]*",
        r"\b\d+(?:/[A-Z0-9]+)+\b",
        r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}\b",
        r"\b\d{1,3}(?:[\s.]?\d{3})*(?:[.,]\d{1,2})?\s?(?:z[łl]\b|pln\b|gr\b|groszy|kwh|mwh|wh\b|kw\b|%)",
        r"\b\d{1,2}[:.]\d{2}\b|\b\d{2}-\d{3}\b(?!-?\d)|\b[GCB]\d{2}\w?\b",
        r"\b(?:licznik\w*|licznika nr|nr licznika|numer licznika|licznik nr)[\s:]*(?:nr|numer)?[\s:.]*\d+",
        r"\b(?:faktur\w*|fv|rachun\w*|not[aęy]\w*|korekt\w*|dokument\w*)\s+(?:(?:nr|numer)\.?:?\s*)\d+",
    )
]


def find(text: str, *, expects: str | None, vocabulary: Collection[str]) -> list[Finding]:
    """The personal parts of `text`, in order and apart from one another.

    `expects` is what the last question asked for: `login`, `code`, `phone` or None (who is asked for a code may name
    another login instead); `vocabulary` the folded words that are ordinary language and so no login.
    """
    found: list[Finding] = []
    searches = (_passwords, _emails, _ibans, _codes(expects), _phones(expects), _logins(expects, vocabulary), _numbers)
    for search in searches:
        for finding in search(text):
            if not _overlaps(finding, found):
                found.append(finding)
    return sorted(found, key=lambda finding: finding.start)


def _overlaps(finding: Finding, others: Iterable[Finding]) -> bool:
    return any(finding.start < other.end and other.start < finding.end for other in others)


def _passwords(text: str) -> Iterable[Finding]:
    for match in _PASSWORD.finditer(text):
        if fold(match["value"]) not in _NO_PASSWORDS:
            yield Finding(match.start("value"), match.end("value"), Kind.PASSWORD)
    yield from (Finding(match.start(), match.end(), Kind.PASSWORD) for match in _ONE_TIME_PASSWORD.finditer(text))


_NO_PASSWORDS = frozenset(
    (
        "nie jednorazowe jednorazowego wazne niewazne zle bledne nieprawidlowe wygaslo stare nowe problem zapomniane "
        "dobre"
    ).split()
)


def _emails(text: str) -> Iterable[Finding]:
    return (Finding(match.start(), match.end(), Kind.EMAIL) for match in _EMAIL.finditer(text))


def _ibans(text: str) -> Iterable[Finding]:
    for match in _IBAN.finditer(text):
        compact = re.sub(r"[\s-]", "", match[0]).upper()
        number = compact if compact[0].isalpha() else f"PL{compact}"
        if number.startswith("PL") or iban.is_valid(number):
            yield Finding(match.start(), match.end(), Kind.IBAN)


def _codes(expects: str | None) -> Callable[[str], Iterable[Finding]]:
    def search(text: str) -> Iterable[Finding]:
        yield from (Finding(*match.span("value"), Kind.CODE) for match in _CODE.finditer(text))
        alone = re.fullmatch(r"\W*(\d(?:[\s-]?\d){5})\W*", text)
        if alone:
            yield Finding(*alone.span(1), Kind.CODE)
        if expects == "code":
            for match in re.finditer(r"(?<!\d)\d(?:[\s-]?\d){3,7}(?!\d)", text):
                yield Finding(match.start(), match.end(), Kind.CODE)

    return search


def _phones(expects: str | None) -> Callable[[str], Iterable[Finding]]:
    """A telephone number that was asked for may begin with anything, and an hour may stand before it."""

    def search(text: str) -> Iterable[Finding]:
        matches = _PHONE.finditer(text) if expects == "phone" else ()
        return (Finding(match.start(), match.end(), Kind.PHONE) for match in matches)

    return search


def _logins(expects: str | None, vocabulary: Collection[str]) -> Callable[[str], Iterable[Finding]]:
    def unusual(word: str) -> bool:
        return fold(word.strip(".,;:!?\"'")) not in vocabulary

    def search(text: str) -> Iterable[Finding]:
        for match in _LOGIN.finditer(text):
            if unusual(match["value"]):
                yield Finding(*match.span("value"), Kind.LOGIN)
        if expects not in ("login", "code"):
            return
        words = list(re.finditer(r"[^\s,;!?\"'„”]+", text))
        for match in words:
            letters = any(character.isalpha() for character in match[0])
            if letters and unusual(match[0]) and (len(words) == 1 or _ALPHANUMERIC.fullmatch(match[0])):
                yield Finding(match.start(), match.end(), Kind.LOGIN)

    return search


def _numbers(text: str) -> Iterable[Finding]:
    ordinary = [match.span() for pattern in _NOT_PERSONAL for match in pattern.finditer(text)]
    for match in _DIGITS.finditer(text):
        start, end = match.span()
        inside = any(left < end and start < right for left, right in ordinary)
        kind = None if inside else _kind(match[0])
        if kind:
            yield Finding(start, end, kind)


def _kind(written: str) -> Kind | None:
    """What a run of digits is; None for what is too short to be anybody's, and for a PPE."""
    digits = re.sub(r"\D", "", written)
    if _is_ppe(digits):
        return None
    tests = (
        (Kind.PESEL, len(digits) == 11 and pesel.is_valid(digits)),
        (Kind.PHONE, _has_country_code(written, digits) or (len(digits) == 9 and digits[:2] in _AREA_AND_MOBILE_CODES)),
        (Kind.NIP, len(digits) == 10 and nip.is_valid(digits)),
        (Kind.CARD, 13 <= len(digits) <= 19 and luhn.is_valid(digits)),
        (Kind.NUMBER, len(digits) >= 10),
    )
    return next((kind for kind, fits in tests if fits), None)


def _is_ppe(digits: str) -> bool:
    """A delivery point: 18 digits beginning with 590, the last a GS1 check digit."""
    return len(digits) == 18 and digits.startswith("590") and ean.calc_check_digit(digits[:-1]) == digits[-1]


def _has_country_code(written: str, digits: str) -> bool:
    return bool(re.fullmatch(r"(?:00)?48\d{9}", digits)) or (written.startswith("+") and 9 <= len(digits) <= 15)


_AREA_AND_MOBILE_CODES = frozenset(
    (
        "12 13 14 15 16 17 18 22 23 24 25 29 32 33 34 41 42 43 44 46 48 52 54 55 56 58 59 61 62 63 65 67 68 71 74 75 "
        "76 77 81 82 83 84 85 86 87 89 91 94 95 45 50 51 53 57 60 66 69 72 73 78 79 88"
    ).split()
)
"""First two digits of Polish subscriber numbers (UKE numbering plan)."""
