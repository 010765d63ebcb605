"""What panels ask: Prometheus for what happens now, the history for what was recorded."""

from dataclasses import dataclass
from typing import TypeAlias

from grafana_foundation_sdk.builders import prometheus
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.runtime import UnknownDataquery
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.prometheus import PromQueryFormat, QueryEditorMode
from typing_extensions import override

PROMETHEUS = DataSourceRef(type_val="prometheus", uid="genepool-prometheus")
POSTGRES = DataSourceRef(type_val="grafana-postgresql-datasource", uid="genepool-postgres")

# Letters that Grafana calls the queries of one panel by.
_LETTERS = "ABCDEFGH"


@dataclass(frozen=True, slots=True)
class Live:
    """A PromQL expression, over the dashboard's time range or at its end.

    Parameters
    ----------
    expression
        Counters stand under ``rate`` or ``increase``.
    legend
        Name of each series; ``{{label}}`` is replaced.
    instant
        Whether only the newest value is asked for.
    table
        Whether labels become columns.
    """

    expression: str
    legend: str = ""
    instant: bool = False
    table: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """A statement on the history in Postgres; its columns become the panel's fields.

    Parameters
    ----------
    statement
        SQL. ``${run:sqlstring}`` is the picked run, quoted.
    series
        Whether the column ``time`` makes it a time series.
    """

    statement: str
    series: bool = False


Query: TypeAlias = Live | History


class Given(Builder[Dataquery]):
    """A query in Grafana's own words, where the SDK has no builder for it."""

    def __init__(self, fields: dict[str, object]) -> None:
        self._fields = fields

    @override
    def build(self) -> Dataquery:
        """Return the query."""
        return UnknownDataquery(self._fields)


def targets(queries: tuple[Query, ...]) -> list[Builder[Dataquery]]:
    """Return builders of a panel's queries, lettered."""
    return [
        _statement(letter, query) if isinstance(query, History) else _expression(letter, query)
        for letter, query in zip(_LETTERS, queries, strict=False)
    ]


def source(queries: tuple[Query, ...]) -> DataSourceRef:
    """Return the data source that all queries of a panel ask."""
    return POSTGRES if isinstance(queries[0], History) else PROMETHEUS


def _statement(letter: str, query: History) -> Builder[Dataquery]:
    return Given(
        {
            "datasource": POSTGRES.to_json(),
            "editorMode": "code",
            "format": "time_series" if query.series else "table",
            "rawQuery": True,
            "rawSql": query.statement,
            "refId": letter,
        }
    )


def _expression(letter: str, query: Live) -> Builder[Dataquery]:
    builder = (
        prometheus.Dataquery()
        .ref_id(letter)
        .datasource(PROMETHEUS)
        .editor_mode(QueryEditorMode.CODE)
        .expr(query.expression)
        .legend_format(query.legend or "__auto")
        .format(PromQueryFormat.TABLE if query.table else PromQueryFormat.TIME_SERIES)
    )
    return builder.instant() if query.instant else builder.range()
