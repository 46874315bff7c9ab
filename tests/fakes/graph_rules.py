"""How the Graph API refuses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.fakes.server import Json


class Refused(Exception):
    """`details` are told beside the message, as WhatsApp does."""

    def __init__(
        self, code: int, message: str, *, status: int = 400, subcode: int | None = None, details: str | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.subcode, self.details = code, message, status, subcode, details

    @property
    def error(self) -> Json:
        error: Json = {"message": self.message, "type": "OAuthException", "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.details is not None:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": error | {"fbtrace_id": "AFakeTraceFakeTraceFake"}}


def invalid(message: str, subcode: int | None = None) -> Refused:
    return Refused(100, f"(#100) {message}", subcode=subcode)


def wrong_value(details: str) -> Refused:
    return Refused(131009, "(#131009) Parameter value is not valid", details=details)


def missing(details: str) -> Refused:
    return Refused(131008, "(#131008) Required parameter is missing", details=details)


def unknown_object(object_id: str) -> Refused:
    return Refused(
        100,
        f"Unsupported get request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api",
        subcode=33,
    )


def check_keys(param: str, value: Any, required: Iterable[str], optional: Iterable[str] = ()) -> Json:
    """The object itself; refused where a key is missing, empty or unknown."""
    required = list(required)
    if not isinstance(value, dict):
        raise invalid(f"Param {param} must be an object.")
    unknown = ", ".join(f'"{key}"' for key in value if key not in {*required, *optional})
    if unknown:
        raise invalid(f'Invalid keys {unknown} were found in param "{param}".')
    for key in required:
        if value.get(key) in (None, "", [], {}):
            raise invalid(f"The parameter {param}[{key}] is required.")
    return value


def check_list(param: str, value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise invalid(f"Param {param} must be a non-empty array.")
    if len(value) > most:
        raise invalid(f"Param {param} must have at most {most} elements.")
    return value


def check_length(param: str, text: Any, most: int) -> str:
    if not isinstance(text, str):
        raise invalid(f"Param {param} must be a string.")
    if len(text) > most:
        raise invalid(f"Length of param {param} must be less than or equal to {most}")
    return text
