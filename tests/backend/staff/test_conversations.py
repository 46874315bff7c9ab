"""The list of conversations on both databases: what is found by which filter, in which order, page by page."""

from __future__ import annotations

import datetime as dt

import pytest

import backend.models  # noqa: F401 - the tables refer to one another
from backend.clock import WARSAW
from backend.database import Database
from backend.problems import Problem
from backend.staff.conversations import repository
from backend.staff.conversations.filters import FIELDS, Filters, Kind, parse
from backend.staff.conversations.repository import Place
from backend.staff.schemas import Colleague, Role
from tests.support.summaries import LEMMAS, Talk, keep

EVERYBODY = Colleague(1, 1, "Anna", frozenset(Role), "cok")
START = dt.datetime(2026, 11, 5, 10, tzinfo=dt.UTC)
HOSTILE = [
    '"',
    "%",
    "_",
    "'; DROP TABLE summaries; --",
    "<script>alert(1)</script>",
    'faktura" OR "prąd',
    "faktura NOT prąd",
    "NEAR(faktura prąd)",
    "words: faktura",
    "fakt*",
    "^faktura",
    "faktura & !prad | (x:*)",
    "\\",
    "\x00",
    "{a,b}",
    "kanal=web",
]


def filters(**given: str) -> Filters:
    found = parse(given, EVERYBODY, LEMMAS)
    assert not found.errors
    return found


async def found_by(database: Database, wanted: Filters) -> list[str]:
    """What is found by looking at each conversation, by the index at once and by the index for each month alike."""
    ways = []
    for walked, fetched in ((repository.WALKED, repository.FETCHED), (1, repository.FETCHED), (1, 0)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(repository, "WALKED", walked)
            patch.setattr(repository, "FETCHED", fetched)
            async with database.read() as session:
                ways.append([one.conversation_id for one in await repository.listed(session, wanted, None, 100)])
    assert ways[0] == ways[1] == ways[2]
    return ways[0]


async def kept(database: Database, *talks: Talk) -> list[str]:
    async with database.write() as session:
        return await keep(session, *talks)


async def test_a_word_is_found_in_every_form_and_without_diacritics(database: Database) -> None:
    one, _ = await kept(
        database,
        Talk(said=[("greet", "Zapłaciłam już te faktury, także rachunki za prąd")]),
        Talk(said=[("greet", "gdzie jest licznik?")]),
    )
    for typed in ("fakturę", "FAKTURA", "fakture", "zapłacić", "zaplacilam", "zapłaciłem fakturę", "rachunek", "prądu"):
        assert await found_by(database, filters(szukaj=typed)) == [one], typed


async def test_all_words_must_occur_in_the_conversation_in_any_place(database: Database) -> None:
    both, _, _ = await kept(
        database,
        Talk(said=[("greet", "umowa"), ("greet", "licznik")]),
        Talk(said=[("greet", "umowa")]),
        Talk(said=[("greet", "licznik")]),
    )
    assert await found_by(database, filters(szukaj="liczniki umowy")) == [both]


async def test_a_part_of_a_word_is_not_the_word(database: Database) -> None:
    await kept(database, Talk(said=[("greet", "umowa_x najemca")]))
    assert await found_by(database, filters(szukaj="najem")) == []
    assert await found_by(database, filters(szukaj="umowa")) == []


async def test_what_looks_like_syntax_is_only_text(database: Database) -> None:
    # No message holds NUL: the chat refuses it.
    said = [f"piszę {number} {typed}".replace("\x00", "") for number, typed in enumerate(HOSTILE)]
    talks = [Talk(said=[("greet", text)]) for text in said]
    ids = await kept(database, *talks)
    for id_, typed in zip(ids, HOSTILE, strict=True):
        found = parse({"szukaj": typed}, EVERYBODY, LEMMAS)
        if found.errors:
            assert found.errors == {"szukaj": "Wpisz przynajmniej jedno słowo."}
        else:
            assert id_ in await found_by(database, found)
            assert await found_by(database, filters(szukaj=f"{typed} nigdzie")) == []


async def test_emoji_and_other_scripts_are_found_or_are_no_words(database: Database) -> None:
    one, _ = await kept(database, Talk(said=[("greet", "рахунок 😡 ½ 電気")]), Talk())
    assert await found_by(database, filters(szukaj="РАХУНОК 電気")) == [one]
    assert parse({"szukaj": "😡"}, EVERYBODY, LEMMAS).errors


async def test_every_filter_narrows_by_itself_and_together_with_others(database: Database) -> None:
    bad = Talk(
        said=[("show_documents", "gdzie faktura"), (None, "qwrty")],
        at=START + dt.timedelta(days=1),
        channel="whatsapp",
        team="bok",
        handovers=["offered", "taken"],
        tasks={"new_ticket": {"outcome": "given_up", "step": "text"}, "ask_balance": {"outcome": "done", "step": None}},
        scores=["down"],
        customer_id=7,
        tags=["żółta 'teczka'"],
    )
    good = Talk(said=[("greet", "dzień dobry"), ("thanks", "dziękuję")], at=START, scores=["up"], team="cok")
    one, other = await kept(database, bad, good)
    alone: list[dict[str, str]] = [
        {"od": "2026-11-06"},
        {"kanal": "whatsapp"},
        {"intencja": "show_documents"},
        {"ostatnia": "nlu_fallback"},
        {"pewnosc": "20"},
        {"pewnosc": "89"},
        {"niezrozumiane": "tak"},
        {"przekazanie": "offered"},
        {"przekazanie": "taken"},
        {"zadanie": "new_ticket"},
        {"wynik": "given_up"},
        {"zadanie": "new_ticket", "wynik": "given_up"},
        {"ocena": "down"},
        {"tag": "Żółta  'teczka'"},
        {"tozsamosc": "tak"},
        {"zespol": "bok"},
        {"szukaj": "faktura"},
    ]
    for given in alone:
        assert await found_by(database, filters(**given)) == [one], given
        assert await found_by(database, filters(**{"stan": "new", **given, "od": "2026-11-06"})) == [one], given
    for given in (
        {"do": "2026-11-05"},
        {"kanal": "web"},
        {"niezrozumiane": "nie"},
        {"przekazanie": "brak"},
        {"ocena": "up"},
        {"tozsamosc": "nie"},
        {"ostatnia": "thanks"},
    ):
        assert await found_by(database, filters(**given)) == [other], given
    for given in (
        {"zadanie": "ask_balance", "wynik": "given_up"},
        {"stan": "reviewed"},
        {"tag": "zolta 'teczka'"},
        {"ostatnia": "show_documents"},
    ):
        assert await found_by(database, filters(**given)) == [], given
    assert await found_by(database, filters(od="2026-11-05", do="2026-11-06")) == [one, other]


async def test_a_day_is_a_day_in_warsaw(database: Database) -> None:
    late = Talk(at=dt.datetime(2026, 11, 5, 22, 59, tzinfo=dt.UTC))
    next_day = Talk(at=dt.datetime(2026, 11, 5, 23, 0, tzinfo=dt.UTC))
    ids = await kept(database, late, next_day)
    assert await found_by(database, filters(do="2026-11-05")) == [ids[0]]
    assert await found_by(database, filters(od="2026-11-06")) == [ids[1]]


@pytest.mark.parametrize("fetched", [repository.FETCHED, 0])
@pytest.mark.parametrize("walked", [repository.WALKED, 30, 1])
@pytest.mark.parametrize("given", [{}, {"kanal": "web"}, {"pewnosc": "95", "od": "2026-11-05"}])
async def test_pages_by_key_have_everything_once_there_and_back(
    database: Database, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], walked: int, fetched: int
) -> None:
    monkeypatch.setattr(repository, "WALKED", walked)
    monkeypatch.setattr(repository, "FETCHED", fetched)
    # Many share a time: then the id decides.
    talks = [Talk(at=START + dt.timedelta(seconds=n // 7), channel="web" if n % 2 else "telegram") for n in range(100)]
    ids = await kept(database, *talks)
    wanted = filters(**given)
    expected = [
        id_
        for id_, talk in reversed(list(zip(ids, talks, strict=True)))
        if given.get("kanal", talk.channel) == talk.channel
    ]
    seen: list[str] = []
    place: Place | None = None
    async with database.read() as session:
        while page := await repository.listed(session, wanted, place, 9):
            seen += [one.conversation_id for one in page]
            place = Place(page[-1].last_activity_at, page[-1].conversation_id)
        assert seen == expected
        back = await repository.listed(session, wanted, Place(page_at(talks, seen[20]), seen[20], newer=True), 9)
    assert [one.conversation_id for one in back] == list(reversed(seen[11:20]))


@pytest.mark.parametrize("fetched", [repository.FETCHED, 3, 1, 0])
@pytest.mark.parametrize("newer", [False, True])
async def test_what_is_rare_is_found_month_by_month_there_and_back(
    database: Database, monkeypatch: pytest.MonkeyPatch, newer: bool, fetched: int
) -> None:
    monkeypatch.setattr(repository, "WALKED", 2)
    monkeypatch.setattr(repository, "FETCHED", fetched)
    # Over three years, at the turns of months as Warsaw has them.
    days = [dt.datetime(2023 + n // 12, n % 12 + 1, 1, tzinfo=WARSAW) - dt.timedelta(minutes=n % 2) for n in range(36)]
    talks = [Talk(at=at.astimezone(dt.UTC), channel="web" if n % 5 == 0 else "telegram") for n, at in enumerate(days)]
    ids = [id_ for id_, talk in zip(await kept(database, *talks), talks, strict=True) if talk.channel == "web"]
    place = Place(START if not newer else dt.datetime(2020, 1, 1, tzinfo=dt.UTC), "k_", newer)
    async with database.read() as session:
        found = await repository.listed(session, filters(kanal="web"), place, 100)
        few = await repository.listed(session, filters(kanal="web"), place, 3)
        none = await repository.listed(session, filters(kanal="web", szukaj="nigdzie"), place, 3)
    expected = ids if newer else list(reversed(ids))
    assert [one.conversation_id for one in found] == expected
    assert [one.conversation_id for one in few] == expected[:3]
    assert none == []


def page_at(talks: list[Talk], id_: str) -> dt.datetime:
    return talks[int(id_.removeprefix("k_"))].at


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"od": "wczoraj"}, "od"),
        ({"od": "0001-01-01"}, "od"),
        ({"do": "2026-13-01"}, "do"),
        ({"do": "20261105"}, "do"),
        ({"od": "2026-11-05", "do": "2026-11-04"}, "do"),
        ({"kanal": "gołąb"}, "kanal"),
        ({"stan": "' OR 1=1 --"}, "stan"),
        ({"intencja": "a b"}, "intencja"),
        ({"pewnosc": "101"}, "pewnosc"),
        ({"pewnosc": "-1"}, "pewnosc"),
        ({"pewnosc": "NaN"}, "pewnosc"),
        ({"klient": "K1' OR 'a'='a"}, "klient"),
        ({"tag": "x" * 41}, "tag"),
        ({"szukaj": "x" * 201}, "szukaj"),
    ],
)
def test_an_address_made_by_hand_is_told_what_is_wrong(given: dict[str, str], name: str) -> None:
    found = parse(given, EVERYBODY, LEMMAS)
    assert list(found.errors) == [name]
    assert found.errors[name].endswith(".")


def test_who_may_not_look_for_customers_is_refused() -> None:
    reviewer = Colleague(1, 1, "Ewa", frozenset({Role.REVIEWER}), None)
    with pytest.raises(Problem) as refused:
        parse({"klient": "K0001234"}, reviewer, LEMMAS)
    assert refused.value.status == 403


def test_the_filters_stand_in_the_address() -> None:
    wanted = filters(szukaj="faktura & prąd", kanal="web")
    assert wanted.query_string() == "szukaj=faktura+%26+pr%C4%85d&kanal=web"
    assert wanted.query_string(kanal=None, stan="new") == "szukaj=faktura+%26+pr%C4%85d&stan=new"


def test_every_choice_of_every_filter_can_be_taken() -> None:
    for field in FIELDS:
        if field.kind is Kind.CHOICE:
            assert field.options()
            for value in field.options():
                assert not parse({field.name: value}, EVERYBODY, LEMMAS).errors
