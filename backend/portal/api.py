"""The portal's routes together; every form post is checked before any of them."""

from __future__ import annotations

from sanic import Blueprint

from backend.browsers import only_our_forms
from backend.portal.billing import billing
from backend.portal.energy import energy
from backend.portal.entrance import entrance
from backend.portal.files import files
from backend.portal.messengers import messengers
from backend.portal.my_data import my_data
from backend.portal.payments import payments
from backend.portal.pickup import pickup
from backend.portal.recovery import recovery
from backend.portal.registration import registration
from backend.portal.tickets import tickets

portal = Blueprint.group(
    files, entrance, registration, recovery, billing, payments, energy, my_data, messengers, pickup, tickets
)
portal.on_request(only_our_forms)
