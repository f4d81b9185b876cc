"""The newest runs of a shop are found by an index: many shops share one server, and each is asked for its own."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_runs_scope_number", "runs", ["scope", "number"])
