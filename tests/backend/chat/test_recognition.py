"""What the vault's eyes take out, and as many things that they must leave."""

from __future__ import annotations

from itertools import pairwise

import pytest

from backend.chat.recognition import find
from bot.placeholders import Kind

VOCABULARY = frozenset(
    "nie tak pesel nip login to jest moj mam chce saldo konto haslo pamietam anuluj jednorazowe".split()
)


def taken(text: str, expects: str | None = None) -> list[tuple[str, Kind]]:
    return [(text[f.start : f.end], f.kind) for f in find(text, expects=expects, vocabulary=VOCABULARY)]


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("mój mail to jan.kowalski@poczta.example", "jan.kowalski@poczta.example", Kind.EMAIL),
        ("JAN+RACHUNKI@POCZTA.EXAMPLE!", "JAN+RACHUNKI@POCZTA.EXAMPLE", Kind.EMAIL),
        ("jan @ poczta.example", "jan @ poczta.example", Kind.EMAIL),
        ("zażółć@gęśl.example jest moje", "zażółć@gęśl.example", Kind.EMAIL),
        ("dzwońcie 500 000 123", "500 000 123", Kind.PHONE),
        ("tel. +48 500-000-123 po 16", "+48 500-000-123", Kind.PHONE),
        ("0048500000123", "0048500000123", Kind.PHONE),
        ("500000123", "500000123", Kind.PHONE),
        ("(71) 889 88 88 wieczorem", "71) 889 88 88", Kind.PHONE),
        ("mój pesel 85823112342", "85823112342", Kind.NUMBER),
        ("pesel 45871201235", "45871201235", Kind.PESEL),
        ("NIP 999-000-00-04 firma", "999-000-00-04", Kind.NUMBER),
        ("nip 9990001002", "9990001002", Kind.NIP),
        ("konto PL61 1090 1014 0000 0712 1981 2874", "PL61 1090 1014 0000 0712 1981 2874", Kind.IBAN),
        ("61109010140000071219812874", "61109010140000071219812874", Kind.IBAN),
        ("karta 4111 1111 1111 1111", "4111 1111 1111 1111", Kind.CARD),
        ("1234567890", "1234567890", Kind.NUMBER),
        ("kod to 123 456", "123 456", Kind.CODE),
        ("kod:123456", "123456", Kind.CODE),
        ("123456", "123456", Kind.CODE),
        ("123-456.", "123-456", Kind.CODE),
        ("login: kowal77", "kowal77", Kind.LOGIN),
        ("mój login to JKowalski", "JKowalski", Kind.LOGIN),
        ("hasło: Tajne!123", "Tajne!123", Kind.PASSWORD),
        ("moje hasło to kotek", "kotek", Kind.PASSWORD),
        ("haslo mam Abc123!", "Abc123!", Kind.PASSWORD),
        ("dostałem A1B2C-D3E4F i co dalej", "A1B2C-D3E4F", Kind.PASSWORD),
        ("hasło jednorazowe to abcde7fghj", "abcde7fghj", Kind.PASSWORD),
    ],
)
def test_personal_values_are_taken_out(text: str, value: str, kind: Kind) -> None:
    assert taken(text) == [(value, kind)]


@pytest.mark.parametrize(
    ("text", "expects", "value", "kind"),
    [
        ("kowal", "login", "kowal", Kind.LOGIN),
        ("kowal77!", "login", "kowal77", Kind.LOGIN),
        ("to jest kowal_77", "login", "kowal_77", Kind.LOGIN),
        ("1234", "code", "1234", Kind.CODE),
        ("123456", "code", "123456", Kind.CODE),
        ("kod 123456", "code", "123456", Kind.CODE),
        ("mam 12 34 56", "code", "12 34 56", Kind.CODE),
    ],
)
def test_what_was_asked_for_decides_what_is_short(text: str, expects: str, value: str, kind: Kind) -> None:
    assert taken(text, expects) == [(value, kind)]


@pytest.mark.parametrize(
    ("text", "expects"),
    [
        ("faktura FV/2026/10/000123", None),
        ("FS-2026-10-0001234567", None),
        ("faktura nr 1234567890", None),
        ("dokument 123/2026/FV/0000045", None),
        ("KSeF 9990001002-20260215-0A1B2C3D4E5F-6A", None),
        ("punkt 590543560101234569", None),
        ("licznik 12345678901", None),
        ("nr licznika: 9876543210", None),
        ("taryfa G12w albo C11", None),
        ("rachunek na 1 234,56 zł", None),
        ("12345678,90 zł", None),
        ("zużycie 1234567890 kWh", None),
        ("termin 2026-11-05 i 5.11.2026", None),
        ("kod pocztowy 00-950", None),
        ("o 14:30 będę", None),
        ("w 2026 roku", None),
        ("mam 3 liczniki i 12 faktur", None),
        ("hasło jednorazowe nie działa", None),
        ("hasło jest nieprawidłowe", None),
        ("nie pamiętam hasła", None),
        ("login to pesel", None),
        ("anuluj", "login"),
        ("nie mam", "login"),
        ("PESEL!", "login"),
        ("rok 2026", "phone"),
    ],
)
def test_what_is_nobodys_stays(text: str, expects: str | None) -> None:
    assert taken(text, expects) == []


def test_findings_never_overlap_and_come_in_order() -> None:
    text = "mail jan@poczta.example tel 500000123 hasło: abc500000124x login jan@poczta.example kod 123456"
    found = find(text, expects="login", vocabulary=VOCABULARY)
    assert [a.end <= b.start for a, b in pairwise(found)] == [True] * (len(found) - 1)
    assert [f.kind for f in found] == [Kind.EMAIL, Kind.PHONE, Kind.PASSWORD, Kind.EMAIL, Kind.CODE]
