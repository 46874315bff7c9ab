"""Online payments"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "online_payments",
        sa.Column("payment_id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("amount_grosze", sa.BigInteger(), nullable=False),
        sa.Column("paid_before_grosze", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_online_payments_customer_id")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_online_payments")),
    )
    with op.batch_alter_table("online_payments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_online_payments_customer_id"), ["customer_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("online_payments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_online_payments_customer_id"))

    op.drop_table("online_payments")
