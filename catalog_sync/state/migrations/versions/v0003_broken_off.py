"""A run keeps what ended it before its end: counts alone do not tell one that went well from one that broke off midway.

Of the runs before, nobody knows.
"""

from alembic import op
from sqlalchemy import Column
from sqlalchemy import Text as _Text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Text = _Text().with_variant(_Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column."""
    op.add_column("runs", Column("broken_off", Text))
