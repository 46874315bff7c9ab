"""Messengers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_arrivals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("platform_digest", sa.String(length=64), nullable=False),
        sa.Column("account_digest", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_arrivals")),
        sa.UniqueConstraint("channel", "platform_digest", name=op.f("uq_channel_arrivals_channel_platform_digest")),
    )
    with op.batch_alter_table("channel_arrivals", schema=None) as batch_op:
        batch_op.create_index("ix_channel_arrivals_open", ["done_at", "channel", "account_digest"], unique=False)

    op.create_table(
        "channel_accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_seq", sa.Integer(), nullable=False),
        sa.Column("sent_part", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_channel_accounts_conversation_id")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_channel_accounts_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_accounts")),
        sa.UniqueConstraint("channel", "digest", name=op.f("uq_channel_accounts_channel_digest")),
    )
    with op.batch_alter_table("channel_accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_accounts_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_accounts_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "channel_talks",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["channel_accounts.id"], name=op.f("fk_channel_talks_account_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_channel_talks_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_channel_talks")),
    )
    with op.batch_alter_table("channel_talks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_talks_account_id"), ["account_id"], unique=False)

    op.create_table(
        "channel_links",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["channel_accounts.id"], name=op.f("fk_channel_links_account_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_channel_links_customer_id")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_channel_links")),
    )
    with op.batch_alter_table("channel_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_links_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_links_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "undelivered",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_undelivered_conversation_id")),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_undelivered")),
    )


def downgrade() -> None:
    op.drop_table("undelivered")
    with op.batch_alter_table("channel_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_links_customer_id"))
        batch_op.drop_index(batch_op.f("ix_channel_links_account_id"))

    op.drop_table("channel_links")
    with op.batch_alter_table("channel_talks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_talks_account_id"))

    op.drop_table("channel_talks")
    with op.batch_alter_table("channel_accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_accounts_customer_id"))
        batch_op.drop_index(batch_op.f("ix_channel_accounts_conversation_id"))

    op.drop_table("channel_accounts")
    with op.batch_alter_table("channel_arrivals", schema=None) as batch_op:
        batch_op.drop_index("ix_channel_arrivals_open")

    op.drop_table("channel_arrivals")
