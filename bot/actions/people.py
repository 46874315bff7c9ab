"""The way to a person: the right team's mailbox and the telephone, asked for once where it is not known."""

from __future__ import annotations

from bot.actions.form import Form
from bot.actions.task import Task
from bot.actions.turn import Turn

TEAM_OF = {"i_am_individual": "cok", "i_am_business": "bok"}


class AskPerson(Task):
    action = "action_ask_person"

    def perform(self, turn: Turn) -> None:
        if team := turn.slot("team"):
            turn.say(f"say_person_{team}")
        else:
            turn.continue_with("person_form")


class PersonForm(Form):
    """Asks which team is the right one; the question is dropped when the customer turns to something else."""

    form = "person_form"
    insists = False

    def begin(self, turn: Turn) -> None:
        turn.say("say_ask_team")
        turn.wait_for("team")

    def take(self, turn: Turn, step: str) -> bool:
        team = TEAM_OF.get(turn.intent) or turn.entity("team")
        if team:
            turn.say(f"say_person_{team}")
            turn.remember(team=team)
            self.leave(turn)
        elif turn.intent == "ask_person":
            turn.say("say_person")
            self.leave(turn)
        return bool(team) or turn.intent == "ask_person"

    def ask(self, turn: Turn, step: str) -> None:
        turn.say("say_ask_team")


class TellTeam(Task):
    """The customer says who they are without being asked."""

    action = "action_i_am_individual"

    def perform(self, turn: Turn) -> None:
        team = TEAM_OF[turn.intent]
        turn.remember(team=team)
        turn.say(f"say_team_{team}")


class TellBusinessTeam(TellTeam):
    action = "action_i_am_business"
