"""Every table, imported in one place: whoever creates the database needs them all."""

from backend.accounts import models as accounts
from backend.audit import models as audit
from backend.billing import models as billing
from backend.callbacks import models as callbacks
from backend.channels import models as channels
from backend.chat import models as chat
from backend.clock import ClockShift
from backend.consumption import models as consumption
from backend.customers import models as customers
from backend.identity import models as identity
from backend.limits import models as limits
from backend.mail import models as mail
from backend.payments import models as payments
from backend.staff import models as staff
from backend.staff.conversations import models as staff_conversations
from backend.staff.teaching import models as staff_teaching
from backend.tickets import models as tickets

__all__ = [
    "ClockShift",
    "accounts",
    "audit",
    "billing",
    "callbacks",
    "channels",
    "chat",
    "consumption",
    "customers",
    "identity",
    "limits",
    "mail",
    "payments",
    "staff",
    "staff_conversations",
    "staff_teaching",
    "tickets",
]
