"""What a messenger accepted and refuses later"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_sent",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_channel_sent_conversation_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_channel_sent")),
    )
    with op.batch_alter_table("channel_sent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_sent_conversation_id"), ["conversation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("channel_sent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_sent_conversation_id"))

    op.drop_table("channel_sent")
