"""What is wrong with an address is said without the password that may stand in it."""

from collections.abc import Callable

import pytest

from genepool.adapters.redis import client_of
from genepool.adapters.store import open_sql_store
from genepool.bootstrap.cluster_connection import ClusterConnection
from genepool.errors import ConfigError


@pytest.mark.parametrize(
    ("use", "address"),
    [
        (open_sql_store, "postgresql+psycopg//quant:secret@host/runs"),
        (open_sql_store, "postgresql+psycopg://quant:pass@host:secret/runs"),
        (open_sql_store, "mysql://quant:secret@host/runs"),
        (client_of, "rediss//:secret@redis"),
        (client_of, "redis://:secret/word@redis:6379"),
    ],
    ids=["no-colon", "port", "mysql", "redis-no-colon", "redis-slash"],
)
def test_it_is_not_repeated(use: Callable[[str], object], address: str) -> None:
    with pytest.raises(ConfigError, match="GENEPOOL_") as caught:
        use(address)
    assert "secret" not in str(caught.value)


def test_without_the_address_of_a_cluster_none_is_started() -> None:
    with pytest.raises(ConfigError, match="set GENEPOOL_RAY_ADDRESS"):
        ClusterConnection("").hold()
