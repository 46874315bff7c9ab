from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    REVIEWER = "reviewer"
    AGENT = "agent"
    TRAINER = "trainer"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    READ = "read"
    REVIEW = "review"
    REVEAL = "reveal"
    FIND_CUSTOMER = "find_customer"
    TEACH = "teach"
    EXPORT = "export"
    DESK = "desk"
    TAKE_OVER = "take_over"
    SEE_ACTS = "see_acts"


ROLE_NAMES = {
    Role.REVIEWER: "przegląd rozmów",
    Role.AGENT: "obsługa klientów",
    Role.TRAINER: "nauka asystenta",
    Role.ADMINISTRATOR: "administracja",
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.REVIEWER: frozenset((Right.READ, Right.REVIEW, Right.EXPORT)),
    Role.AGENT: frozenset((Right.READ, Right.REVIEW, Right.REVEAL, Right.FIND_CUSTOMER, Right.DESK, Right.TAKE_OVER)),
    Role.TRAINER: frozenset((Right.READ, Right.REVIEW, Right.TEACH, Right.EXPORT)),
    Role.ADMINISTRATOR: frozenset((Right.READ, Right.REVIEW, Right.EXPORT, Right.SEE_ACTS)),
}


class Did(StrEnum):
    """The kinds of acts."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    CODE_FAILED = "code_failed"
    SIGNED_OUT = "signed_out"
    ACTIVATED = "activated"
    SOUGHT_CUSTOMER = "sought_customer"
    VIEWED = "viewed"
    REVEALED = "revealed"
    NOTED = "noted"
    TAGGED = "tagged"
    UNTAGGED = "untagged"
    REVIEWED = "reviewed"
    HELD = "held"
    RELEASED = "released"
    SAVED_AS_TEST = "saved_as_test"
    TAUGHT = "taught"
    LESSON_TAKEN_BACK = "lesson_taken_back"
    LESSONS_EXPORTED = "lessons_exported"
    EXPORTED = "exported"
    TOOK_OVER = "took_over"
    WROTE = "wrote"
    DOWNLOADED = "downloaded"
    HANDED_BACK = "handed_back"
    ANSWERED = "answered"
    CHANGED_STATUS = "changed_status"
    HANDED_OVER = "handed_over"
    CALLED = "called"
    DELETED = "deleted"


@dataclass(frozen=True)
class Colleague:
    """A member who is signed in, and by which session."""

    id: int
    session_id: int
    name: str
    roles: frozenset[Role]
    team: str | None

    @property
    def first_name(self) -> str:
        """As customers read it."""
        return self.name.split()[0]

    def may(self, right: Right) -> bool:
        return any(right in RIGHTS[role] for role in self.roles)


class NotMember(Exception):
    """The command cannot be done; the message says why."""
