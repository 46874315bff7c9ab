"""What the customer's points took, beside the year before; the points themselves and the contracts."""

from __future__ import annotations

import re

from bot.actions import periods
from bot.actions.documents import asked
from bot.actions.lookup import Lookup, Wanted, with_period
from bot.actions.turn import Turn
from bot.folding import fold, words

_COMPARED_WITH = re.compile(
    r"\b(?:z|ze|niz|do|wobec|wzgledem)\s+(?:w\s+)?(?:zeszl\w+|ubiegl\w+|poprzedni\w*|tamt\w+)\s+(?:rok\w*|okres\w*)"
    r"|\b(?:z\s+rokiem|do\s+roku|niz\s+w\s+roku)\s+(?:poprzedni\w*|zeszl\w+|ubiegl\w+)|\bniz\s+rok\s+temu\b"
)
"""What the asked period is compared with; it always is, so it names no period of its own."""

TOGETHER = {"wszystkie", "wszystkich", "razem", "lacznie", "suma", "sumie"}


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
        if point := turn.entity("point"):
            return found | ({"together": True} if point == "all" else {"point": point})
        if TOGETHER & set(words(turn.text)):
            return found | {"together": True}
        remembered = before or turn.slot("point_wanted") or {}
        return found | {name: remembered[name] for name in ("point", "together") if name in remembered} | _about(turn)

    def show(self, turn: Turn, wanted: Wanted) -> None:
        found = turn.ask_backend("energy/consumption", **asked(wanted))
        if points := found.get("points"):
            buttons = [
                {"title": point["title"], "payload": f'/show_consumption{{"point": "{point["point"]}"}}'}
                for point in points
            ]
            everything = {"title": "Wszystkie razem", "payload": '/show_consumption{"point": "all"}'}
            turn.say("say_which_point", [*buttons, everything])
            return
        self._remember_point(turn, wanted, found.get("point"))
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
        kept = {name: value for name, value in wanted.items() if name not in ("about", "point")}
        if point:
            kept["point"] = point
        turn.remember(
            wanted={**kept, "action": self.action},
            point_wanted={name: kept[name] for name in ("point", "together") if name in kept},
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


def _about(turn: Turn) -> Wanted:
    """The words of the message, in which the backend looks for a point's name."""
    return {} if turn.is_choice else {"about": turn.text}
