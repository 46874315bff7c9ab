"""The office's console"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

from bot.folding import fold

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER staff_acts_stay_{what.lower()} BEFORE {what} ON staff_acts"
        " BEGIN SELECT RAISE(ABORT, 'staff_acts is append-only'); END"
        for what in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION staff_acts_stay() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'staff_acts is append-only'; END $$",
        "CREATE TRIGGER staff_acts_stay BEFORE UPDATE OR DELETE ON staff_acts"
        " FOR EACH ROW EXECUTE FUNCTION staff_acts_stay()",
        "CREATE TRIGGER staff_acts_stay_whole BEFORE TRUNCATE ON staff_acts EXECUTE FUNCTION staff_acts_stay()",
    ],
}

_FULL_TEXT = {
    # Rows of the index follow those of the table. The tokenizer only splits at spaces.
    "sqlite": [
        "CREATE VIRTUAL TABLE summary_words USING fts5(words, content='summaries', content_rowid='id', detail='none',"
        " tokenize=\"ascii tokenchars '=_:'\")",
        "CREATE TRIGGER summary_words_come AFTER INSERT ON summaries BEGIN"
        " INSERT INTO summary_words (rowid, words) VALUES (new.id, new.words); END",
        "CREATE TRIGGER summary_words_go AFTER DELETE ON summaries BEGIN"
        " INSERT INTO summary_words (summary_words, rowid, words) VALUES ('delete', old.id, old.words); END",
        "CREATE TRIGGER summary_words_change AFTER UPDATE OF words ON summaries WHEN old.words != new.words BEGIN"
        " INSERT INTO summary_words (summary_words, rowid, words) VALUES ('delete', old.id, old.words);"
        " INSERT INTO summary_words (rowid, words) VALUES (new.id, new.words); END",
    ],
    # Without a list of what is yet to be sorted in: it would be read through by each search.
    "postgresql": [
        "CREATE INDEX ix_summaries_words ON summaries USING gin (string_to_array(words, ' ')) WITH (fastupdate = off)"
    ],
}


def upgrade() -> None:
    op.create_table(
        "staff_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("team", sa.String(length=3), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("second_factor", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("invitation_digest", sa.String(length=64), nullable=True),
        sa.Column("invited_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_members")),
        sa.UniqueConstraint("invitation_digest", name=op.f("uq_staff_members_invitation_digest")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_members_login")),
    )

    op.create_table(
        "conversation_tags",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "tag", name=op.f("pk_conversation_tags")),
    )
    op.create_table(
        "summaries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("team", sa.String(length=3), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(length=200), nullable=True),
        sa.Column("intents", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("fallbacks", sa.Integer(), nullable=False),
        sa.Column("handover", sa.String(length=8), nullable=True),
        sa.Column("contained", sa.String(length=9), nullable=True),
        sa.Column("tasks", sa.JSON(), nullable=False),
        sa.Column("thumbs_up", sa.Integer(), nullable=False),
        sa.Column("thumbs_down", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_summaries_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summaries")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_summaries_conversation_id")),
    )
    with op.batch_alter_table("summaries", schema=None) as batch_op:
        batch_op.create_index("ix_summaries_activity", ["last_activity_at", "conversation_id"], unique=False)

    op.create_table(
        "conversation_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["staff_members.id"], name=op.f("fk_conversation_notes_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_notes")),
    )
    with op.batch_alter_table("conversation_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversation_notes_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "lessons",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("intent", sa.String(length=60), nullable=True),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["staff_members.id"], name=op.f("fk_lessons_member_id")),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_lessons")),
    )
    with op.batch_alter_table("lessons", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lessons_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_lessons_digest"), ["digest"], unique=False)

    op.create_table(
        "reviews",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["staff_members.id"], name=op.f("fk_reviews_member_id")),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_reviews")),
    )
    op.create_table(
        "staff_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["staff_members.id"], name=op.f("fk_staff_acts_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_acts")),
    )
    with op.batch_alter_table("staff_acts", schema=None) as batch_op:
        batch_op.create_index("ix_staff_acts_at", ["at", "id"], unique=False)
        batch_op.create_index("ix_staff_acts_kind", ["kind", "at", "id"], unique=False)
        batch_op.create_index("ix_staff_acts_member_id", ["member_id", "at", "id"], unique=False)
        batch_op.create_index("ix_staff_acts_subject", ["subject", "id"], unique=False)

    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["staff_members.id"], name=op.f("fk_staff_sessions_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_staff_sessions_token_digest")),
    )
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_sessions_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_sessions_until"), ["until"], unique=False)

    with op.batch_alter_table("callbacks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("note", sa.String(length=400), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changes", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("summarised", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("taken_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("spoke_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("hold", sa.Text(), nullable=True))
        batch_op.create_index(
            "ix_conversations_changed",
            ["id"],
            unique=False,
            sqlite_where=sa.text("changes > summarised"),
            postgresql_where=sa.text("changes > summarised"),
        )
        batch_op.create_index(batch_op.f("ix_conversations_taken_by"), ["taken_by"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_conversations_taken_by"), "staff_members", ["taken_by"], ["id"])

    with op.batch_alter_table("ticket_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("member_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_ticket_messages_member_id"), "staff_members", ["member_id"], ["id"])

    with op.batch_alter_table("ticket_files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("member_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_ticket_files_member_id"), "staff_members", ["member_id"], ["id"])

    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("waits_since", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("folded", sa.Text(), nullable=False, server_default=""))
        batch_op.create_index("ix_tickets_status", ["status", "opened", "ticket_no"], unique=False)
        batch_op.create_index("ix_tickets_opened", ["opened", "ticket_no"], unique=False)
    _fold_tickets()

    with op.batch_alter_table("turn_records", schema=None) as batch_op:
        batch_op.add_column(sa.Column("doubt", sa.Double(), nullable=True))
        batch_op.create_index(
            "ix_turn_records_doubt",
            ["doubt", "conversation_id", "seq"],
            unique=False,
            sqlite_where=sa.text("doubt > 0"),
            postgresql_where=sa.text("doubt > 0"),
        )

    dialect = op.get_bind().dialect.name
    for statement in (*_APPEND_ONLY[dialect], *_FULL_TEXT[dialect]):
        op.execute(statement)


def _fold_tickets() -> None:
    """What the office searches, of the tickets that are there."""
    names = ("ticket_no", "document_no", "contract_no", "subject", "text", "folded")
    tickets = sa.table("tickets", *(sa.column(name, sa.Text()) for name in names))
    connection = op.get_bind()
    for row in connection.execute(sa.select(tickets)).all():
        words = re.sub(r"[\w.+@-]*[\d@][\w.+@-]*", " ", f"{row.subject}\n{row.text}")
        told = fold(f"{row.ticket_no}\n{row.document_no or row.contract_no or ''}\n{words}")
        connection.execute(sa.update(tickets).where(tickets.c.ticket_no == row.ticket_no).values(folded=told))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for moment in ("come", "go", "change"):
            op.execute(f"DROP TRIGGER summary_words_{moment}")
        op.execute("DROP TABLE summary_words")
    with op.batch_alter_table("turn_records", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_turn_records_doubt", sqlite_where=sa.text("doubt > 0"), postgresql_where=sa.text("doubt > 0")
        )
        batch_op.drop_column("doubt")

    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index("ix_tickets_opened")
        batch_op.drop_index("ix_tickets_status")
        batch_op.drop_column("folded")
        batch_op.drop_column("closed_on")
        batch_op.drop_column("waits_since")
        batch_op.drop_column("version")

    with op.batch_alter_table("ticket_files", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ticket_files_member_id"), type_="foreignkey")
        batch_op.drop_column("member_id")

    with op.batch_alter_table("ticket_messages", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ticket_messages_member_id"), type_="foreignkey")
        batch_op.drop_column("member_id")

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_conversations_taken_by"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_conversations_taken_by"))
        batch_op.drop_index(
            "ix_conversations_changed",
            sqlite_where=sa.text("changes > summarised"),
            postgresql_where=sa.text("changes > summarised"),
        )
        batch_op.drop_column("hold")
        batch_op.drop_column("spoke_at")
        batch_op.drop_column("taken_by")
        batch_op.drop_column("summarised")
        batch_op.drop_column("changes")

    with op.batch_alter_table("callbacks", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("note")
        batch_op.drop_column("done_at")

    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_sessions_until"))
        batch_op.drop_index(batch_op.f("ix_staff_sessions_member_id"))

    op.drop_table("staff_sessions")
    with op.batch_alter_table("staff_acts", schema=None) as batch_op:
        batch_op.drop_index("ix_staff_acts_subject")
        batch_op.drop_index("ix_staff_acts_member_id")
        batch_op.drop_index("ix_staff_acts_kind")
        batch_op.drop_index("ix_staff_acts_at")

    op.drop_table("staff_acts")
    op.drop_table("reviews")
    with op.batch_alter_table("lessons", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lessons_digest"))
        batch_op.drop_index(batch_op.f("ix_lessons_at"))

    op.drop_table("lessons")
    with op.batch_alter_table("conversation_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversation_notes_conversation_id"))

    op.drop_table("conversation_notes")
    with op.batch_alter_table("summaries", schema=None) as batch_op:
        batch_op.drop_index("ix_summaries_activity")

    op.drop_table("summaries")
    op.drop_table("conversation_tags")
    op.drop_table("staff_members")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION staff_acts_stay()")
