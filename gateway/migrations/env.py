"""What alembic runs to apply the versions: on the connection that `gateway/migration.py` opened, in its transaction."""

from alembic import context

# SQLite changes a column by copying the table: `batch_alter_table` then does so by itself.
context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
