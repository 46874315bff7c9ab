"""Consumption, delivery points and contracts: plain facts for the action, a placeholder for what the customer reads."""

from __future__ import annotations

import datetime as dt
import json as jsonlib
from decimal import Decimal

from sanic import Blueprint, HTTPResponse, Request, json
from sqlalchemy.ext.asyncio import AsyncSession

from backend import quantities
from backend.chat.turns import RunningTurn
from backend.consumption import naming
from backend.consumption import service as consumption
from backend.consumption.schemas import Comparison, PointCard, Reading
from backend.customers import service as customers
from backend.internal.calls import Call, Internal, context, read, show_all, shown
from bot.placeholders import Kind

energy = Blueprint("energy", url_prefix="/internal/energy")

MOST_POINTS = 9
"""Points that are offered as choices, beside all together."""

LONGEST_LABEL = 20


class Compare(Call):
    """`point` is a placeholder that was shown, `about` what was typed, in which a point may be named.

    `place` is a point's in the list of all, 1 the first and -1 the last.
    """

    first: dt.date
    last: dt.date
    point: str | None = None
    about: str = ""
    place: int | None = None
    together: bool = False


@energy.post("/consumption")
async def compare(request: Request) -> HTTPResponse:
    internal = context(request)
    call, turn = read(request, Compare)
    cutover, today = internal.settings.cutover, internal.clock.today()
    async with internal.database.read() as session:
        customer_id = await internal.identity.customer_id(session, turn.conversation_id)
        known = await consumption.points(session, customer_id)
        before = await _shown_point(internal, session, turn, call, customer_id, known)
        meant = _meant(call, known, before)
        if meant is None or len(meant) > 1:
            choices = [_choice(internal, turn, point, customer_id) for point in (meant or known)[:MOST_POINTS]]
            unknown = meant is None and naming.names_unknown(call.about, known)
            return json({"points": choices, "named": bool(meant), "unknown": unknown})
        chosen = meant[0] if meant else None
        ppe = chosen.ppe if chosen else None
        found = await consumption.compare(session, customer_id, ppe, call.first, call.last, cutover, today)
    subject = jsonlib.dumps([ppe, call.first.isoformat(), call.last.isoformat()])
    place = chosen.label if chosen and len(known) > 1 else ""
    return json(
        {
            "state": _state(found),
            "values": _values(internal, turn, found, customer_id, place),
            "rows": _rows(internal, turn, found, customer_id),
            "picture": {"thing": "chart", "subject": internal.turns.show(turn, Kind.LABEL, subject, customer_id)},
            "point": internal.turns.show(turn, Kind.LABEL, ppe, customer_id) if ppe else None,
            "ebok": call.first < cutover,
            "partial": any(pair.partial and pair.now for pair in found.months),
            "estimated": any(r.estimated for pair in found.months for r in (pair.now, pair.before) if r),
        }
    )


@energy.post("/points")
async def points(request: Request) -> HTTPResponse:
    internal = context(request)
    _call, turn = read(request, Call)
    async with internal.database.read() as session:
        customer_id = await internal.identity.customer_id(session, turn.conversation_id)
        known = await consumption.points(session, customer_id)
    facts = []
    for point in known[:MOST_POINTS]:
        words = {
            "label": point.label,
            "address": point.address,
            "ppe": point.ppe,
            "meter": point.meter_no or "brak danych",
        }
        facts.append(show_all(internal, turn, customer_id, words) | {"tariff": point.tariff})
    return json({"points": facts, "more": len(known) > MOST_POINTS})


@energy.post("/contracts")
async def contracts(request: Request) -> HTTPResponse:
    internal = context(request)
    _call, turn = read(request, Call)
    async with internal.database.read() as session:
        customer_id = await internal.identity.customer_id(session, turn.conversation_id)
        known = await customers.contracts(session, customer_id)
    facts = []
    for contract in known[:MOST_POINTS]:
        title = f"Umowa {contract.contract_no}"[:LONGEST_LABEL]
        words = {
            "title": title,
            "number": contract.contract_no,
            "place": contract.place,
            "term": _term(contract.begins, contract.ends),
        }
        facts.append(
            show_all(internal, turn, customer_id, words) | {"tariff": contract.tariff, "status": contract.status}
        )
    return json({"contracts": facts, "more": len(known) > MOST_POINTS})


async def _shown_point(
    internal: Internal,
    session: AsyncSession,
    turn: RunningTurn,
    call: Compare,
    customer_id: int,
    known: list[PointCard],
) -> PointCard | None:
    ppe = await shown(internal, session, turn, call.point, customer_id) if call.point else None
    return next((point for point in known if point.ppe == ppe), None)


def _meant(call: Compare, known: list[PointCard], before: PointCard | None) -> list[PointCard] | None:
    """The points that are meant, none for all together; None where that must be asked."""
    if len(known) < 2:
        return []
    if call.place is not None:
        point = naming.point_at(call.place, known, before)
        return [point] if point else None
    if naming.names_unknown(call.about, known):
        return None
    if named := naming.points_named(call.about, known):
        return named
    if before:
        return [before]
    return [] if call.together else None


def _choice(internal: Internal, turn: RunningTurn, point: PointCard, customer_id: int) -> dict[str, str]:
    return show_all(internal, turn, customer_id, {"title": point.label[:LONGEST_LABEL], "point": point.ppe})


def _state(found: Comparison) -> str:
    """Which sentence fits: more, less or the same, as a whole or partly; nothing to compare with; nothing at all."""
    if not any(pair.now for pair in found.months):
        return "nothing"
    if found.percent is None:
        return "alone"
    whole = "" if found.compared_now == found.total else "partly_"
    return whole + ("same" if found.percent == 0 else "more" if found.percent > 0 else "less")


def _values(internal: Internal, turn: RunningTurn, found: Comparison, customer_id: int, place: str) -> dict[str, str]:
    words = {
        "period": ", ".join(filter(None, (place, quantities.span(found.first, found.last)))),
        "total": quantities.energy(found.total),
        "now": quantities.energy(found.compared_now),
        "before": quantities.energy(found.compared_before),
        "difference": quantities.energy(abs(found.compared_now - found.compared_before)),
        "percent": quantities.percent(found.percent or Decimal()),
        "months": quantities.plural(found.compared_months, "miesiąc", "miesiące", "miesięcy"),
    }
    return show_all(internal, turn, customer_id, words)


def _rows(internal: Internal, turn: RunningTurn, found: Comparison, customer_id: int) -> list[list[str]]:
    rows = []
    for pair in found.months:
        if pair.now or pair.before:
            now, before = _reading(pair.now), _reading(pair.before)
            cells = show_all(internal, turn, customer_id, {"now": now, "before": before})
            month = f"{quantities.month(pair.month)} {pair.month.year}"
            rows.append([f"{month} (trwa)" if pair.partial else month, cells["now"], cells["before"]])
    return rows


def _reading(reading: Reading | None) -> str:
    if reading is None:
        return "–"
    return f"{quantities.energy(reading.kwh)}{' (szacunek)' if reading.estimated else ''}"


def _term(begins: dt.date | None, ends: dt.date | None) -> str:
    days = [f"{word} {quantities.long_date(day)}" for word, day in (("od", begins), ("do", ends)) if day]
    return " ".join(days) or "bez podanych dat"
