"""The luck curve in SQL: what the best of N trials without skill is expected to show.

The formula of ``genepool.robustness.sharpe_statistics.expected_best_sharpe`` for a variance of 1.
Postgres has no inverse of the normal distribution: Abramowitz and Stegun, Handbook of Mathematical
Functions (1964), 26.2.23, has one for its tail that is right to 0.00045.
"""

_EULER_MASCHERONI = 0.5772156649015329


def _tail(root: str) -> str:
    """Return how far out a tail begins, by ``sqrt(-2 ln p)`` of its probability p."""
    above = f"2.515517 + {root} * (0.802853 + {root} * 0.010328)"
    below = f"1 + {root} * (1.432788 + {root} * (0.189269 + {root} * 0.001308))"
    return f"{root} - ({above}) / ({below})"


# Rows for a smooth curve up to ten million trials, and one for each search on the run's candles.
LUCK_CURVE = f"""\
WITH marks AS (
  SELECT CAST(round(power(10, step / 10.0)) AS bigint) AS trials, FALSE AS reached
  FROM generate_series(3, 70) AS step
  UNION ALL
  SELECT CAST(trials AS bigint), TRUE FROM trial_growth
  WHERE trials > 1
    AND market_digest = (SELECT market_digest FROM runs WHERE name = ${{run:sqlstring}})
), roots AS (
  SELECT trials, bool_or(reached) AS reached,
    sqrt(2 * ln(CAST(trials AS double precision))) AS usual,
    sqrt(2 * (1 + ln(CAST(trials AS double precision)))) AS rare
  FROM marks GROUP BY trials
), curve AS (
  SELECT trials, reached,
    {1 - _EULER_MASCHERONI!r} * ({_tail("usual")})
    + {_EULER_MASCHERONI!r} * ({_tail("rare")}) AS luck
  FROM roots
)
SELECT trials, luck AS "best of luck", CASE WHEN reached THEN luck END AS "searches so far"
FROM curve ORDER BY trials"""  # noqa: S608 - put together from constants only
