"""Data in: checked before anything is written, all or nothing, the same twice changes nothing."""

from __future__ import annotations

import csv
import datetime as dt
import filecmp
import shutil
import tracemalloc
from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend.billing import service as billing
from backend.billing.models import Document, Payment
from backend.clock import WARSAW
from backend.consumption.models import DeliveryPoint, MonthlyConsumption
from backend.customers import service as customers
from backend.customers.models import Contract, Customer, ErasedPerson
from backend.database import Database
from backend.imports.demo import showcase, write_demo
from backend.imports.reader import MOST_KEPT
from backend.imports.service import BadData, ImportReport, import_folder

AS_OF = dt.datetime(2026, 11, 24, 6, 0, tzinfo=WARSAW)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder, 30, 7, AS_OF)
    return folder


@pytest.fixture
def folder(demo: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration data that a test may spoil."""
    return Path(shutil.copytree(demo, tmp_path / "folder"))


async def bring_in(database: Database, folder: Path, *, skip_bad: bool = False) -> ImportReport:
    return await import_folder(
        database, folder, skip_bad=skip_bad, progress=lambda _line: None, erased_digest=lambda kind, value: kind + value
    )


async def count(database: Database, model: type[Customer] | type[Document]) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0


def change(path: Path, old: str, new: str) -> int:
    """Replaces the first occurrence; returns its line number."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


async def test_the_same_folder_twice_changes_nothing(database: Database, demo: Path) -> None:
    first = await bring_in(database, demo)
    again = await bring_in(database, demo)
    assert first.new > 1000
    assert (again.new, again.changed, again.unchanged) == (0, 0, first.new)


async def test_a_changed_row_is_taken_over(database: Database, folder: Path) -> None:
    await bring_in(database, folder)
    change(folder / "customers.csv", "helena.mroz@poczta.example", "helena.nowa@poczta.example")
    report = await bring_in(database, folder)
    assert (report.new, report.changed) == (0, 1)
    async with database.read() as session:
        assert [c.name for c in await customers.find_by_email(session, "HELENA.nowa@poczta.example")] == ["Helena Mróz"]


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "reason"),
    [
        ("customers.csv", "helena.mroz@poczta.example", "helena.mroz", "email", "is no e-mail address"),
        ("customers.csv", "individual", "person", "kind", "Input should be"),
        ("customers.csv", ",yes,", ",maybe,", "active", "valid boolean"),
        ("documents.csv", "2024-10-05", "2024-02-31", "issued", "date"),
        ("documents.csv", "2024-10-05", "5.10.2024", "issued", "is no date"),
        ("documents.csv", ",invoice,", ",bill,", "kind", "Input should be"),
        ("documents.csv", "K0000101", "K9999999", "customer_no", "refers to something that is not there"),
        ("consumption.csv", "2024-09", "2024-13", "month", "is no month"),
        ("delivery_points.csv", "590000", "590001", "ppe", "is no valid PPE code"),
    ],
)
async def test_a_bad_row_is_refused_with_its_place_and_nothing_is_imported(
    database: Database, folder: Path, file: str, old: str, new: str, column: str, reason: str
) -> None:
    line = change(folder / file, old, new)
    with pytest.raises(BadData) as refusal:
        await bring_in(database, folder)
    bad = next(row for row in refusal.value.bad.first if row.file == file)
    assert (bad.line, bad.column) == (line, column)
    assert reason in bad.reason
    assert new not in bad.reason
    assert await count(database, Customer) == 0


async def test_skip_bad_leaves_out_the_bad_and_what_hangs_on_it(database: Database, folder: Path) -> None:
    change(folder / "customers.csv", "helena.mroz@poczta.example", "helena.mroz")
    report = await bring_in(database, folder, skip_bad=True)
    assert any(row.column == "email" for row in report.bad.first)
    assert await count(database, Customer) == 29
    async with database.read() as session:
        found = await session.scalars(select(Document).where(Document.account_nrb.like("%0000000000000000")))
        assert list(found) == []


async def test_a_login_belongs_to_one_customer(database: Database, folder: Path) -> None:
    await bring_in(database, folder)
    line = change(folder / "customers.csv", ",kjez,", ",HMROZ,")
    with pytest.raises(BadData) as refusal:
        await bring_in(database, folder)
    assert [(row.line, row.column) for row in refusal.value.bad.first if row.column == "login"] == [(line, "login")]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("as_of.txt", "wczoraj", "one time with an offset"),
        ("as_of.txt", "2026-11-24T06:00:00", "one time with an offset"),
        ("tickets.csv", "ticket_no,colour\n", "unknown column 'colour'"),
        ("tickets.csv", "ticket_no\n", "is missing from the header"),
        ("tickets.csv", b"\xff\xfe\x00", "is not UTF-8"),
        ("tickets.csv", 'ticket_no,customer_no,kind,status,opened,subject,text\n"a', "tickets.csv, line 2"),
        ("tickets.csv", "ticket_no,customer_no,kind,status,opened,subject,text\na,b\n", "2 fields instead of 7"),
    ],
)
async def test_an_unusable_file_is_named(
    database: Database, folder: Path, name: str, content: str | bytes, words: str
) -> None:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadData, match=words):
        await bring_in(database, folder)


async def test_any_file_may_be_missing_and_a_bom_does_no_harm(database: Database, folder: Path) -> None:
    (folder / "tickets.csv").unlink()
    text = (folder / "customers.csv").read_text(encoding="utf-8")
    (folder / "customers.csv").write_text(text, encoding="utf-8-sig")
    await bring_in(database, folder)
    assert await count(database, Customer) == 30


async def test_an_empty_or_missing_folder_is_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(BadData, match="nothing to import"):
        await bring_in(database, tmp_path)
    with pytest.raises(BadData, match="no folder"):
        await bring_in(database, tmp_path / "nowhere")


def test_the_same_seed_makes_the_same_people(demo: Path, tmp_path: Path) -> None:
    write_demo(tmp_path / "again", 30, 7, AS_OF)
    compared = filecmp.dircmp(demo, tmp_path / "again")
    assert compared.diff_files == []
    assert len(compared.same_files) == 9
    write_demo(tmp_path / "other", 30, 8, AS_OF)
    assert filecmp.dircmp(demo, tmp_path / "other").diff_files


def test_made_up_people_were_born_in_the_1800s(demo: Path) -> None:
    rows = (demo / "customers.csv").read_text(encoding="utf-8").splitlines()
    pesels = [cell for row in rows for cell in row.split(",") if len(cell) == 11 and cell.isdigit()]
    assert len(pesels) > 10
    assert all(81 <= int(pesel[2:4]) <= 92 for pesel in pesels)


@pytest.mark.parametrize(
    ("email", "total", "overdue"),
    [
        ("helena.mroz@poczta.example", 123_456, 0),
        ("kazimierz.jez@poczta.example", 49_949, 31_209),
        ("lucja.wrona@poczta.example", -5_705, 0),
        ("bogdan.sliwa@poczta.example", 0, 0),
        ("biuro@tartak.example", 1_234_567, 0),
    ],
)
async def test_the_showcase_is_as_it_says(database: Database, demo: Path, email: str, total: int, overdue: int) -> None:
    await bring_in(database, demo)
    async with database.read() as session:
        (customer,) = await customers.find_by_email(session, email)
        balance = await billing.balance(session, customer.id, AS_OF)
    assert (balance.total_grosze, balance.overdue_grosze) == (total, overdue)
    assert balance.as_of == AS_OF


def test_the_showcase_names_a_shared_address_and_one_without_login() -> None:
    emails = [person.email for person in showcase()]
    assert emails.count("wspolny@poczta.example") == 2
    assert any(person.login is None for person in showcase())


def column(path: Path, customer_no: str, name: str) -> str:
    with path.open(encoding="utf-8") as file:
        return next(row[name] for row in csv.DictReader(file) if row["customer_no"] == customer_no)


async def test_two_customers_may_swap_what_belongs_to_one_alone(database: Database, folder: Path) -> None:
    await bring_in(database, folder)
    path = folder / "customers.csv"
    text = path.read_text(encoding="utf-8")
    for name in ("pesel", "login"):
        first, second = column(path, "K0000101", name), column(path, "K0000102", name)
        text = text.replace(f",{first},", ",?,").replace(f",{second},", f",{first},").replace(",?,", f",{second},")
    path.write_text(text, encoding="utf-8")
    report = await bring_in(database, folder)
    assert report.changed >= 2
    async with database.read() as session:
        assert [c.name for c in await customers.find_by_login(session, "hmroz")] == ["Kazimierz Jeż"]


async def test_what_a_customer_changed_stays_until_the_row_itself_changes(database: Database, folder: Path) -> None:
    await bring_in(database, folder)
    async with database.write() as session:
        (helena,) = await customers.find_by_email(session, "helena.mroz@poczta.example")
        await customers.change(session, helena.id, phone="+48600000000")
    assert (await bring_in(database, folder)).changed == 0
    async with database.read() as session:
        (helena,) = await customers.cards(session, [helena.id])
        assert helena.phone == "+48600000000"
    change(folder / "customers.csv", "Helena Mróz", "Helena Mróz-Jeż")
    assert (await bring_in(database, folder)).changed == 1
    async with database.write() as session:
        await customers.back_to_imported(session)
    async with database.read() as session:
        (helena,) = await customers.cards(session, [helena.id])
        assert (helena.name, helena.phone) == ("Helena Mróz-Jeż", "+48500000000")


async def test_a_login_taken_in_the_portal_is_not_given_away_by_an_import(database: Database, folder: Path) -> None:
    await bring_in(database, folder)
    async with database.write() as session:
        (helena,) = await customers.find_by_email(session, "helena.mroz@poczta.example")
        await customers.change(session, helena.id, login="nowy-login")
    change(folder / "customers.csv", ",kjez,", ",nowy-login,")
    with pytest.raises(BadData) as refusal:
        await bring_in(database, folder)
    assert [row.column for row in refusal.value.bad.first] == ["login"]


async def test_who_was_erased_stays_out_with_everything(database: Database, demo: Path) -> None:
    async with database.write() as session:
        session.add(ErasedPerson(digest="customer_noK0000102", erased_at=dt.datetime.now(dt.UTC)))
    report = await bring_in(database, demo)
    assert report.bad.count == 0
    assert "because the person was erased" in str(report)
    async with database.read() as session:
        for table in (Customer, Contract, DeliveryPoint, Document, Payment, MonthlyConsumption):
            kept = (await session.scalars(select(table))).all()
            assert kept
            assert not [row for row in kept if "K0000102" in str(vars(row))]
        assert await session.scalar(select(func.count()).select_from(Customer)) == 29
    again = await bring_in(database, demo)
    assert (again.new, again.changed, again.erased) == (0, 0, report.erased)


async def test_bad_rows_are_all_counted_and_only_the_first_are_kept(database: Database, folder: Path) -> None:
    path = folder / "consumption.csv"
    header, first, *_ = path.read_text(encoding="utf-8").splitlines()
    bad = first.replace("2024-09", "2024-13")
    path.write_text("\n".join([header, *[bad] * (MOST_KEPT + 500)]), encoding="utf-8")
    with pytest.raises(BadData) as refusal:
        await bring_in(database, folder)
    assert refusal.value.bad.count == MOST_KEPT + 500
    assert len(refusal.value.bad.first) == MOST_KEPT


async def test_memory_does_not_grow_with_the_file(database: Database, folder: Path) -> None:
    """Ten times the rows, and hardly more at the peak."""

    async def peak(rows: int) -> int:
        ppe = (folder / "consumption.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
        months = (f"{ppe},{2024 + n // 12:04d}-{n % 12 + 1:02d},1.5,measured" for n in range(rows))
        (folder / "consumption.csv").write_text("\n".join(["ppe,month,kwh,kind", *months]), encoding="utf-8")
        tracemalloc.start()
        await bring_in(database, folder)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    few = await peak(6_000)
    assert await peak(60_000) < few * 1.5
