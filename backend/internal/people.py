"""What is known of the customer: basic data, contact data, consents. They are changed in the portal, not in chat."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request, json

from backend.customers import service as customers
from backend.internal.calls import Call, context, read, show_all

people = Blueprint("people", url_prefix="/internal/people")


@people.post("/")
async def my_data(request: Request) -> HTTPResponse:
    internal = context(request)
    _call, turn = read(request, Call)
    async with internal.database.read() as session:
        customer_id = await internal.identity.customer_id(session, turn.conversation_id)
        customer = (await customers.cards(session, [customer_id]))[0]
    words = {
        "name": customer.name,
        "customer_no": customer.customer_no,
        "email": customer.email,
        "phone": customer.phone or "brak",
        "consent_email": "tak" if customer.consent_email else "nie",
        "consent_phone": "tak" if customer.consent_phone else "nie",
    }
    return json({"values": show_all(internal, turn, customer_id, words)})
