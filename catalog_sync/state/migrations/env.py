"""How Alembic runs our migrations: on the connection, and in the transaction, that `upgrade` gave it."""

from alembic import context

from catalog_sync.state.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
