"""The Evolution dashboard: how far a run has come, and what it bred."""

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Panel

from monitoring.grafana.board import board
from monitoring.grafana.panels import bars, by_number, lines, number, rows, states
from monitoring.grafana.queries import History, Live

_RATE = "$__rate_interval"


def evolution() -> Dashboard:
    """Return the dashboard."""
    return board(
        "Evolution",
        "How far the newest run has come, and what the picked one bred.",
        {"Running now": _progress(), "Population now": _population(), "Run $run": _picked()},
        picks_run=True,
    )


def _progress() -> list[Builder[Panel]]:
    return [
        number(
            "State",
            "Where the newest run stands.",
            "none",
            Live("genepool_run_state == 1", "{{state}}"),
            text=True,
            width=3,
        ),
        number(
            "Running",
            "1 while the coordinator evolves a run.",
            "none",
            Live("max(genepool_run_active)", "running"),
            width=3,
        ),
        number(
            "Generation",
            "Recorded generations of the newest run, and how many it has at most.",
            "none",
            Live("max(genepool_generation)", "recorded"),
            Live("max(genepool_generations_target)", "of"),
        ),
        number(
            "This generation",
            "Share of its genomes that are evaluated.",
            "percentunit",
            Live(
                'sum(genepool_generation_genomes{state="done"})'
                ' / (sum(genepool_generation_genomes{state="asked"}) > 0) or vector(0)',
                "done",
            ),
            decimals=0,
        ),
        number(
            "Best fitness",
            "In sample, in the newest generation: a selected maximum, to be read beside Honesty.",
            "none",
            Live('max(genepool_fitness{stat="best"})', "best"),
            decimals=2,
        ),
        number(
            "Since the last generation",
            "Time since one was recorded; it tells something only while the coordinator evolves a run.",
            "s",
            Live("time() - max(genepool_last_generation_timestamp_seconds)", "ago"),
            width=3,
            decimals=0,
        ),
        number(
            "Failed newborn",
            "Of the newest generation: an evaluation without a fitness is data, many are a sign.",
            "none",
            Live("max(genepool_failed_individuals)", "failed"),
            steps=((1, "orange"),),
            width=3,
        ),
        states(
            "States of the newest run",
            "A strip for each state, blue while the run was in it.",
            Live("max by (state) (genepool_run_state)", "{{state}}"),
            width=8,
        ),
        lines(
            "Generations an hour",
            "Over all runs of this coordinator.",
            "none",
            Live(f"sum(rate(genepool_generations_total[{_RATE}])) * 3600", "generations"),
            width=8,
        ),
        lines(
            "Time of a generation",
            "Breeding and recording included: the mean, and 95 % of the generations below.",
            "s",
            Live(
                f"sum(rate(genepool_generation_duration_seconds_sum[{_RATE}]))"
                f" / sum(rate(genepool_generation_duration_seconds_count[{_RATE}]))",
                "mean",
            ),
            Live(
                "histogram_quantile(0.95, sum by (le) "
                f"(rate(genepool_generation_duration_seconds_bucket[{_RATE}])))",
                "95 %",
            ),
            width=8,
        ),
    ]


def _population() -> list[Builder[Panel]]:
    return [
        lines(
            "Fitness",
            "In sample: best, median and worst of the newest generation.",
            "none",
            Live("max by (stat) (genepool_fitness)", "{{stat}}"),
            width=8,
            least=None,
        ),
        lines(
            "Diversity",
            "Share of their genes in which two individuals drawn at random differ.",
            "percentunit",
            Live("max(genepool_population_diversity_ratio)", "diversity"),
            width=8,
            most=1,
        ),
        lines(
            "Species",
            "Share of the population that belongs to each strategy.",
            "percentunit",
            Live("max by (strategy) (genepool_species_share_ratio)", "{{strategy}}"),
            width=8,
            stacked=True,
            most=1,
        ),
        lines(
            "Population",
            "Individuals of the newest generation.",
            "none",
            Live("max(genepool_population_size)", "individuals"),
        ),
        lines(
            "Evaluations by strategy",
            "Genomes that workers evaluated each second.",
            "ops",
            Live(f"sum by (strategy) (rate(genepool_evaluations_total[{_RATE}]))", "{{strategy}}"),
            stacked=True,
        ),
    ]


def _picked() -> list[Builder[Panel]]:
    return [
        by_number(
            "Fitness by generation",
            "In sample, from the history: best, median and worst of each recorded generation.",
            "none",
            "generation",
            History(
                "SELECT generation, best, median, worst FROM run_progress"
                " WHERE run = ${run:sqlstring} ORDER BY generation"
            ),
        ),
        by_number(
            "Time by generation",
            "Wall-clock seconds.",
            "s",
            "generation",
            History(
                "SELECT generation, seconds FROM run_progress"
                " WHERE run = ${run:sqlstring} ORDER BY generation"
            ),
        ),
        by_number(
            "Newborn by generation",
            "Genomes that were new in each generation, and those of them that the cache answered.",
            "none",
            "generation",
            History(
                "SELECT generation, evaluations AS newborn, cache_hits AS cached FROM run_progress"
                " WHERE run = ${run:sqlstring} ORDER BY generation"
            ),
            width=8,
        ),
        bars(
            "Evaluations by node",
            "The nodes that evaluated the picked run's genomes.",
            "none",
            History(
                "SELECT node, sum(evaluations) AS evaluations FROM node_share"
                " WHERE run = ${run:sqlstring} GROUP BY node ORDER BY node"
            ),
            rows=True,
        ),
        rows(
            "Work by node",
            "What each machine did for the picked run.",
            "none",
            History(
                "SELECT node, worker_kind AS kind, sum(evaluations) AS evaluations, sum(seconds) AS seconds,"
                " sum(evaluations) / sum(sum(evaluations)) OVER () AS share FROM node_share"
                " WHERE run = ${run:sqlstring} GROUP BY node, worker_kind ORDER BY node"
            ),
            units=(("seconds", "s"), ("share", "percentunit")),
            width=8,
        ),
        rows(
            "Leaderboard",
            "The picked run's best by selection score; in sample and walk-forward side by side.",
            "none",
            History(
                "SELECT rank, strategy, fitness, walk_forward_score, born, fingerprint, genes"
                " FROM leaderboard WHERE run = ${run:sqlstring} ORDER BY rank LIMIT 50"
            ),
            width=24,
            height=12,
        ),
    ]
