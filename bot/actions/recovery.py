"""Getting back in: a reminder of the login or a one-time password by letter. No answer tells who has an account."""

from __future__ import annotations

from typing import ClassVar

from bot.actions.form import Form
from bot.actions.identity import IDENTIFIER, IDENTIFIERS
from bot.actions.task import Task
from bot.actions.turn import Turn
from bot.folding import words
from bot.placeholders import Kind


class ForgottenLogin(Task):
    action = "action_forgotten_login"

    def perform(self, turn: Turn) -> None:
        turn.continue_with(LoginRecoveryForm.form)


class ForgottenPassword(Task):
    action = "action_forgotten_password"

    def perform(self, turn: Turn) -> None:
        turn.continue_with(PasswordRecoveryForm.form)


class RecoveryForm(Form):
    """Asks whom to write to, has the letter sent, and says the same whether there is anybody or not."""

    kinds: ClassVar[tuple[Kind, ...]]
    path: ClassVar[str]
    question: ClassVar[str]
    sent: ClassVar[str]

    def begin(self, turn: Turn) -> None:
        if not self.send(turn):
            turn.say(self.question)
            turn.wait_for(IDENTIFIER)

    def ask(self, turn: Turn, step: str) -> None:
        turn.say(f"{self.question}_again")

    def send(self, turn: Turn) -> bool:
        """Has the letter sent if the message says to whom, and ends the form; False otherwise."""
        identifier = turn.likeliest(self.kinds)
        if identifier is None:
            return False
        turn.ask_backend(self.path, identifier=str(identifier))
        turn.remember(letter=self.form)
        turn.say(self.sent)
        self.leave(turn)
        return True


class LoginRecoveryForm(RecoveryForm):
    form = "login_recovery_form"
    kinds = (Kind.EMAIL,)
    path = "recovery/login"
    question = "say_ask_recovery_email"
    sent = "say_login_reminded"

    def take(self, turn: Turn, step: str) -> bool:
        if turn.intent == "forgotten_password" and any(word.startswith("hasl") for word in words(turn.text)):
            return False  # an address in such a message is meant for the new password
        if self.send(turn):
            return True
        if not turn.values(*IDENTIFIERS):
            return False
        self.ask(turn, step)
        turn.wait_for(step)
        return True


class PasswordRecoveryForm(RecoveryForm):
    form = "password_recovery_form"
    kinds = IDENTIFIERS
    path = "recovery/password"
    question = "say_ask_recovery_login"
    sent = "say_password_reset_sent"

    def take(self, turn: Turn, step: str) -> bool:
        return self.send(turn)
