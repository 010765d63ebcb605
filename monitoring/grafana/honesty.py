"""The Honesty dashboard: how far the verdict climbs, what luck and null searches show, and what failed."""

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.common import VisibilityMode
from grafana_foundation_sdk.models.dashboard import Panel

from monitoring.grafana.board import board
from monitoring.grafana.luck import LUCK_CURVE
from monitoring.grafana.nulls import CHAMPIONS_OF_CHANCE, NULLS_BY_GENERATOR
from monitoring.grafana.panels import by_number, lines, number, points, rows, worded
from monitoring.grafana.queries import History, Live

_RATE = "$__rate_interval"
_FAILED = f'rate(genepool_evaluations_total{{result="failed"}}[{_RATE}])'

# Green up to the error that is allowed: thresholds begin at a value, and p is a step above it.
_RARE = ((0.0501, "orange"),)
_RUNGS = (
    ("none", "red"),
    ("traded", "orange"),
    ("paid", "orange"),
    ("survived", "yellow"),
    ("stable", "blue"),
    ("examined", "green"),
)


def honesty() -> Dashboard:
    """Return the dashboard."""
    return board(
        "Honesty",
        "How far the verdict climbs, what luck alone would have shown, what the same search finds where"
        " there is nothing to find, and what failed.",
        {
            "Newest run": _newest(),
            "Luck": _luck(),
            "Null evolution: the run that was compared last": _compared(),
            "Live bots against their replays": _live(),
            "Run $run: among the champions of chance": _chance(),
            "Run $run: in sample against walk-forward": _overfit(),
            "Failures": _failures(),
        },
        picks_run=True,
    )


def _newest() -> list[Builder[Panel]]:
    return [
        worded(
            "Rung reached",
            "How many rungs of the verdict the champion passes in a row. While it is bred at most the third"
            " is asked, all when it has ended; `genepool show` tells why it stopped.",
            Live("max(genepool_rung_reached)", "rung"),
            _RUNGS,
        ),
        number(
            "Trials",
            "Unique genomes ever tried on the run's candles, over all runs: what luck is counted by.",
            "locale",
            Live("max(genepool_trials)", "trials"),
        ),
        number(
            "Champion's Sharpe ratio",
            "Annualised, on the walk-forward span; it was chosen as the best, so compare it with luck.",
            "none",
            Live("max(genepool_champion_sharpe_ratio)", "champion"),
            decimals=2,
        ),
        number(
            "Luck's Sharpe ratio",
            "Expected of the best of as many trials without any skill, on the same span.",
            "none",
            Live("max(genepool_luck_sharpe_ratio)", "luck"),
            decimals=2,
        ),
        number(
            "Above luck by",
            "The champion's Sharpe ratio less luck's; below 0 nothing was found.",
            "none",
            Live("max(genepool_champion_sharpe_ratio) - max(genepool_luck_sharpe_ratio)", "above"),
            decimals=2,
        ),
        number(
            "Probability of skill",
            "Deflated Sharpe: that the champion's true Sharpe ratio is above luck; 95 % is the bar.",
            "percentunit",
            Live("max(genepool_deflated_sharpe_probability)", "probability"),
            decimals=1,
        ),
    ]


def _compared() -> list[Builder[Panel]]:
    return [
        number(
            "Null searches",
            "How often the search of the run that a job compared last was repeated where there is no edge.",
            "locale",
            Live("max(genepool_null_searches)", "nulls"),
            width=8,
        ),
        number(
            "P-value",
            "How rare the run's figure is among those of its null searches; 0.05 is the bar.",
            "none",
            Live("max(genepool_null_p_value)", "p"),
            steps=_RARE,
            decimals=3,
            width=8,
        ),
        number(
            "P-value, corrected",
            "The same, corrected for the other searches of the run's candles (Holm): the verdict goes by it.",
            "none",
            Live("max(genepool_null_p_corrected)", "corrected p"),
            steps=_RARE,
            decimals=3,
            width=8,
        ),
    ]


def _live() -> list[Builder[Panel]]:
    return [
        number(
            "Outside their bands",
            "Live records that jobs compared last, whose result lies outside the band of their genome's own"
            " out-of-sample returns.",
            "locale",
            Live('sum(genepool_live_runs{state!="inside"})', "outside"),
            steps=((1.0, "orange"),),
            width=6,
        ),
        number(
            "Lowest quantile",
            "Share of the band's paths that earned less than the live bot, of the bot that fares worst.",
            "none",
            Live("min(genepool_live_quantile)", "quantile"),
            decimals=3,
            width=6,
        ),
        lines(
            "What separates it from its replay",
            "Live less replayed result of that bot as a share of its capital, by cause; the causes add up.",
            "percentunit",
            Live("min by (reason) (genepool_live_gap_ratio)", "{{reason}}"),
            width=12,
            least=None,
        ),
    ]


def _chance() -> list[Builder[Panel]]:
    return [
        by_number(
            "What the same search finds without an edge",
            "The figure that is compared, of each null search, the best first. Where the run's line crosses"
            " the others, so many nulls are as good.",
            "none",
            "rank",
            History(CHAMPIONS_OF_CHANCE),
        ).show_points(VisibilityMode.AUTO),
        rows(
            "Nulls by generator",
            "How rare the run's figure is among the nulls of each way of making markets, not corrected for"
            " other searches. The verdict goes by the first row: the smallest of several is one more try.",
            "none",
            History(NULLS_BY_GENERATOR),
        ),
    ]


def _luck() -> list[Builder[Panel]]:
    return [
        lines(
            "Champion against luck",
            "Annualised Sharpe ratios on the walk-forward span: luck grows with every trial.",
            "none",
            Live("max(genepool_champion_sharpe_ratio)", "champion"),
            Live("max(genepool_luck_sharpe_ratio)", "best of luck"),
            width=6,
            least=None,
        ),
        by_number(
            "Luck curve",
            "Sharpe ratio expected of the best of so many trials without skill, in standard errors: one for"
            " a year of data, half of one for four years. Points are the searches on the run's candles.",
            "none",
            "trials",
            History(LUCK_CURVE),
            width=6,
        ).show_points(VisibilityMode.AUTO),
        lines(
            "Trials on the same candles",
            "Unique genomes ever tried on the picked run's candles, over all runs and data sets that have"
            " them, in the last 30 days: what the champion is deflated by.",
            "none",
            History(
                'SELECT at AS "time", trials FROM trial_growth WHERE market_digest ='
                " (SELECT market_digest FROM runs WHERE name = ${run:sqlstring}) ORDER BY 1",
                series=True,
            ),
            width=6,
        ).time_from("30d"),
        lines(
            "Probability of overfitting",
            "PBO of a sample of the newest run's genomes: how often the best of them on half of the candles"
            " is at or below the median on the others. Half says that choosing the best chooses nothing.",
            "percentunit",
            Live("max(genepool_overfitting_probability)", "probability"),
            width=6,
        ),
    ]


def _overfit() -> list[Builder[Panel]]:
    return [
        points(
            "Walk-forward score over in-sample fitness",
            "One point a genome; a cloud that does not rise says that fitness in sample tells nothing.",
            "none",
            "fitness",
            "walk_forward_score",
            History(
                "SELECT fitness, walk_forward_score FROM leaderboard"
                " WHERE run = ${run:sqlstring} ORDER BY rank LIMIT 2000"
            ),
        ),
        rows(
            "By strategy",
            "What remains walk-forward of each strategy's best in sample.",
            "none",
            History(
                "SELECT strategy, count(*) AS genomes, max(fitness) AS best_in_sample,"
                " max(walk_forward_score) AS best_walk_forward,"
                " corr(fitness, walk_forward_score) AS correlation FROM leaderboard"
                " WHERE run = ${run:sqlstring} GROUP BY strategy ORDER BY best_walk_forward DESC"
            ),
        ),
    ]


def _failures() -> list[Builder[Panel]]:
    return [
        lines(
            "Failed evaluations",
            "Share of all evaluations that ended without a fitness.",
            "percentunit",
            Live(f"sum({_FAILED}) / sum(rate(genepool_evaluations_total[{_RATE}]))", "failed"),
            steps=((0.05, "orange"),),
        ),
        lines(
            "Failed evaluations by strategy",
            "Genomes each second.",
            "ops",
            Live(f"sum by (strategy) ({_FAILED})", "{{strategy}}"),
            stacked=True,
        ),
    ]
