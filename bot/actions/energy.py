"""What the customer's points took, beside the year before; the points themselves and the contracts."""

from __future__ import annotations

import re
from typing import Any

from bot.actions import ordinals, periods
from bot.actions.document_words import asked
from bot.actions.lookup import Lookup, Wanted, with_period
from bot.actions.turn import Turn
from bot.folding import fold

_COMPARED_WITH = re.compile(
    r"\b(?:z|ze|niz|do|wobec|wzgledem)\s+(?:w\s+)?(?:zeszl\w+|ubiegl\w+|poprzedni\w*|tamt\w+)\s+(?:rok\w*|okres\w*)"
    r"|\b(?:z\s+rokiem|do\s+roku|niz\s+w\s+roku)\s+(?:poprzedni\w*|zeszl\w+|ubiegl\w+)|\bniz\s+rok\s+temu\b"
)
"""What the asked period is compared with; it always is, so it names no period of its own."""

_TOGETHER = re.compile(r"\b(?:wszystki\w+|razem|lacznie|lacznego|sum(?:a|ie|e|y)|ogolem|w calosci|cal\w+ firm\w+)\b")
_ORDINAL = r"(?:pierwsz|drug|trzec|czwart|piat|ostatni|przedostatni)\w{0,3}"
_PLACE = r"(?:punk\w+|adres\w*|licznik\w*|mieszkani\w*|dom\w{0,4}|obiek\w+|lokal\w*|miejsc\w+|umow\w+)"
_NUMBERED = re.compile(rf"\b{_ORDINAL}\s+{_PLACE}|\b(?:obiekt\w*|punkt\w*|lokal\w*)\s+{_ORDINAL}")
_OTHER = re.compile(
    r"^(?:(?:a|i|to|no|ten|ta|tego|tej|tym|na|dla|w|pokaz)\s+)*"
    r"(?:(?:pierwsz|drug|trzec|czwart|piat)\w{1,3}|inn\w+)\W*$"
)

OF_POINTS = ("point", "both", "together")
SIDE_BY_SIDE = 3
"""So many points that are named in one message are shown one after another; of more one is asked."""


class ShowConsumption(Lookup):
    action, intent = "action_show_consumption", "show_consumption"

    def wanted(self, turn: Turn, before: Wanted) -> Wanted | None:
        kept: Wanted = {name: before[name] for name in ("first", "last") if name in before}
        found = with_period(turn, kept, _COMPARED_WITH.sub(" ", fold(turn.text)))
        if found is None:
            return None
        if "first" not in found:
            this_year = periods.year_so_far(turn.today)
            found |= {"first": this_year.first.isoformat(), "last": this_year.last.isoformat()}
        return found | self._whose(turn, before)

    def _whose(self, turn: Turn, before: Wanted) -> Wanted:
        """The point that was chosen or is named, or else what was spoken of last."""
        if point := turn.entity("point"):
            return {"together": True} if point == "all" else {"point": point}
        if _TOGETHER.search(fold(turn.text)):
            return {"together": True}
        about = {} if turn.is_choice else _about(turn.text)
        takes_from_choices = before.get("choosing") and "place" in about
        remembered = {} if takes_from_choices else before or turn.slot("point_wanted") or {}
        return {name: remembered[name] for name in OF_POINTS if name in remembered} | about

    def show(self, turn: Turn, wanted: Wanted) -> None:
        found = turn.ask_backend("energy/consumption", **asked(wanted))
        points = [point["point"] for point in found.get("points") or []]
        both = points if found.get("named") else wanted.get("both") if "place" not in wanted else None
        beside = both if points and both and not found["unknown"] and len(both) <= SIDE_BY_SIDE else []
        # Points of somebody else who was confirmed before are found no more.
        of_each = [answer for point in beside if "state" in (answer := self._of(turn, wanted, point))]
        if of_each:
            for answer in of_each:
                self._say(turn, answer)
            self._remember_point(turn, wanted | {"both": both}, None)
        elif points:
            self._ask_which(turn, found["points"], unknown=found["unknown"])
            turn.remember(wanted={**wanted, "action": self.action, "choosing": True})
        else:
            self._remember_point(turn, wanted, found.get("point"))
            self._say(turn, found)

    def _of(self, turn: Turn, wanted: Wanted, point: str) -> dict[str, Any]:
        return turn.ask_backend("energy/consumption", first=wanted["first"], last=wanted["last"], point=point)

    def _ask_which(self, turn: Turn, points: list[dict[str, str]], *, unknown: bool) -> None:
        buttons = [
            {"title": point["title"], "payload": f'/show_consumption{{"point": "{point["point"]}"}}'}
            for point in points
        ]
        everything = {"title": "Wszystkie razem", "payload": '/show_consumption{"point": "all"}'}
        turn.say("say_no_such_point" if unknown else "say_which_point", [*buttons, everything])

    def _say(self, turn: Turn, found: dict[str, Any]) -> None:
        if found["state"] == "nothing":
            turn.say("say_consumption_nothing", **found["values"])
        else:
            turn.say(
                f"say_consumption_{found['state']}",
                rows=found["rows"],
                picture=found["picture"],
                **found["values"],
            )
        for remark in ("partial", "estimated", "ebok"):
            if found[remark]:
                turn.say(f"say_consumption_{remark}")

    def _remember_point(self, turn: Turn, wanted: Wanted, point: str | None) -> None:
        """Keeps the one point that was shown, or that it was several, or all of them together."""
        kept = {name: wanted[name] for name in ("first", "last")}
        if point:
            kept["point"] = point
        elif several := [name for name in ("both", "together") if name in wanted]:
            kept[several[0]] = wanted[several[0]]
        turn.remember(
            wanted={**kept, "action": self.action},
            point_wanted={name: kept[name] for name in OF_POINTS if name in kept},
        )


class ShowPoints(Lookup):
    action, intent = "action_show_points", "show_points"

    def wanted(self, turn: Turn, before: Wanted) -> Wanted | None:
        return {}

    def show(self, turn: Turn, wanted: Wanted) -> None:
        found = turn.ask_backend("energy/points")
        if found["points"]:
            turn.say_list("say_points", found["points"])
        else:
            turn.say("say_no_points")
        if found["more"]:
            turn.say("say_more_in_portal")


class ShowContracts(Lookup):
    action, intent = "action_show_contracts", "show_contracts"

    def wanted(self, turn: Turn, before: Wanted) -> Wanted | None:
        return {}

    def show(self, turn: Turn, wanted: Wanted) -> None:
        found = turn.ask_backend("energy/contracts")
        running = [contract for contract in found["contracts"] if contract["status"] == "active"]
        ended = [contract for contract in found["contracts"] if contract["status"] != "active"]
        if running:
            turn.say_list("say_contracts", running)
        if ended:
            turn.say_list("say_ended_contracts", ended)
        if not found["contracts"]:
            turn.say("say_no_contracts")
        if found["more"]:
            turn.say("say_more_in_portal")


def _about(text: str) -> Wanted:
    """The words of a message, in which the backend looks for a point's name, and the place of one in the list."""
    folded = fold(text)
    numbered = _NUMBERED.search(folded) or (None if periods.looks_like_time(folded) else _OTHER.search(folded))
    places = ordinals.numbers(numbered[0]) if numbered else []
    return {"about": text} | ({"place": places[0]} if places else {"place": 2} if numbered else {})
