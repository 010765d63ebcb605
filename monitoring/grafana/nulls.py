"""Null evolution in SQL: a run's search beside the same search on markets without an edge.

The rules of ``genepool.usecases.null_document``: nulls of what the run was before it was continued say
nothing, none counts while one before it is wanting, and a null that scored no genome is below every figure.
"""

from genepool.robustness.null_markets import DEFAULT_NULL_MARKET
from genepool.robustness.search_statistics import DEFAULT_STATISTIC

_SEARCHES = f"""\
WITH searches AS (
  SELECT null_searches.generator, null_searches.number, null_searches.trials,
    CAST(CAST(null_searches.figures AS json) ->> '{DEFAULT_STATISTIC}' AS double precision) AS figure,
    row_number() OVER (
      PARTITION BY null_searches.generator ORDER BY null_searches.number
    ) = greatest(null_searches.number, 1) AS in_a_row
  FROM null_searches JOIN runs ON runs.id = null_searches.run_id
  WHERE runs.name = ${{run:sqlstring}} AND null_searches.run_digest = runs.digest
), own AS (SELECT figure FROM searches WHERE number = 0)"""  # noqa: S608 - put together from constants only

# A row for each way of making null markets.
NULLS_BY_GENERATOR = f"""\
{_SEARCHES}, counted AS (
  SELECT generator, count(*) AS nulls, sum(trials) AS genomes,
    count(*) FILTER (WHERE own.figure IS NULL OR searches.figure >= own.figure) AS reached,
    min(own.figure) AS own, max(searches.figure) AS best
  FROM searches CROSS JOIN own WHERE number > 0 AND in_a_row GROUP BY generator
)
SELECT generator, nulls, reached AS "as good as the run",
  (1.0 + reached) / (1 + nulls) AS "p-value", own AS "this run", best AS "best null", genomes
FROM counted ORDER BY generator = '{DEFAULT_NULL_MARKET}' DESC, nulls DESC, generator"""  # noqa: S608 - as above

# Figures of the nulls that the program shows, the best first, and the run's beside each.
CHAMPIONS_OF_CHANCE = f"""\
{_SEARCHES}, shown AS (
  SELECT generator FROM searches WHERE number > 0 AND in_a_row GROUP BY generator
  ORDER BY generator = '{DEFAULT_NULL_MARKET}' DESC, count(*) DESC, generator LIMIT 1
)
SELECT row_number() OVER (ORDER BY searches.figure DESC NULLS LAST) AS rank,
  searches.figure AS "without an edge", own.figure AS "this run"
FROM searches CROSS JOIN own WHERE generator = (SELECT generator FROM shown) AND in_a_row ORDER BY rank"""  # noqa: S608 - as above
