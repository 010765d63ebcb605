from sqlalchemy.pool import QueuePool

from genepool.adapters.store.dialect import engine_of


def test_a_burst_of_ten_requests_opens_no_connection_that_is_not_kept() -> None:
    engine = engine_of("postgresql+psycopg://nobody@nowhere/none", 1.0)
    assert isinstance(engine.pool, QueuePool)
    assert engine.pool.size() >= 10
