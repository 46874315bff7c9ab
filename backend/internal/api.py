"""The internal API: the only way in which Rasa and the actions reach data. Its port is not the public one."""

from __future__ import annotations

import hmac

from sanic import HTTPResponse, Request, Sanic, empty

from backend.identity.schemas import IdentityRequired
from backend.internal.balance import balance
from backend.internal.calls import Internal, refuse
from backend.internal.documents import documents
from backend.internal.energy import energy
from backend.internal.identity import identity
from backend.internal.people import people
from backend.internal.recovery import recovery
from backend.internal.tickets import tickets
from backend.internal.trackers import trackers
from backend.problems import answer_with_problems


def create_internal_app(secret: str, internal: Internal) -> Sanic:
    app = Sanic("mojbok-internal", configure_logging=False)
    # Sanic may rewrite its protocol once in a process; the public app does.
    app.config.update(TOUCHUP=False, ACCESS_LOG=False)
    app.ctx.internal = internal
    expected = f"Bearer {secret}".encode()

    @app.on_request
    async def knows_secret(request: Request) -> HTTPResponse | None:
        given = request.headers.get("authorization", "").encode()
        return None if hmac.compare_digest(given, expected) else empty(status=403)

    @app.exception(IdentityRequired)
    async def nobody(_request: Request, _error: IdentityRequired) -> HTTPResponse:
        return refuse("identity_required")

    answer_with_problems(app)
    for blueprint in (trackers, identity, recovery, balance, documents, energy, people, tickets):
        app.blueprint(blueprint)
    return app
