"""Alembic's entry: migrate inside the connection, and the transaction, that the caller made."""

from alembic import context

from genepool.adapters.store.tables import metadata

# SQLite cannot alter a table in place: batch mode copies it.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
