"""What ``genepool evolve --json`` prints about a run that has ended."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from genepool.backtest.caveats import caveats_by_span
from genepool.evolution.population import Individual
from genepool.history import BOARD_PLACES, RunSpec
from genepool.objectives._floor import MINIMUM_TRADES
from genepool.pool.commands import reproduce_command
from genepool.pool.findings import Findings
from genepool.pool.judging import Judged
from genepool.pool.loop import Outcome
from genepool.pool.planning import Plan
from genepool.robustness.luck import Held
from genepool.robustness.verdict_words import CHOSEN_BY
from genepool.robustness.verdicts import standing


def run_document(
    plan: Plan, outcome: Outcome, judged: Judged, found: Findings, report: Path | None
) -> dict[str, Any]:
    """Return one JSON document with everything that a program needs of a finished run.

    Parameters
    ----------
    plan
        The run.
    outcome
        How it ended.
    judged
        What it amounts to.
    found
        What a pass over its generations found.
    report
        The HTML report; None when none was written.
    """
    spec, evidence = plan.spec, judged.evidence
    return {
        "run": spec.run,
        "digest": outcome.digest,
        "data": _data(spec),
        "seed": spec.seed,
        "objective": spec.objective,
        "costs": asdict(spec.costs),
        "split": asdict(spec.split),
        "settings": asdict(spec.settings),
        "stopped_by": outcome.reason,
        "generations": found.generations,
        "evaluations": len(found.births),
        "unique_genomes": found.births.genomes,
        "seconds": round(outcome.seconds, 3),
        "strategies": list(spec.strategies),
        "skipped_strategies": [{"strategy": name, "reason": reason} for name, reason in spec.left_out],
        "leaderboard": [
            _place(rank, one, judged.candles_per_year)
            for rank, one in enumerate(judged.board[:BOARD_PLACES], start=1)
        ],
        **judged_document(judged),
        "expected_best_sharpe": evidence.expected_best if evidence else None,
        "report": str(report) if report else None,
        "reproduce": reproduce_command(spec),
        "version": spec.version,
    }


def judged_document(judged: Judged) -> dict[str, Any]:
    """Return what a run amounts to: how its champion was chosen, what it is compared with, the verdict."""
    evidence = judged.evidence
    return {
        "champion": _champion(judged),
        "buy_and_hold": _held(judged.hold),
        "short_and_hold": _held(judged.short),
        "benchmark": "short_and_hold" if judged.benchmark is judged.short else "buy_and_hold",
        "genomes": judged.genomes,
        "trials": judged.trials,
        "trials_not_counted": judged.uncounted or None,
        "fewest_trades": MINIMUM_TRADES,
        "deflated_sharpe": evidence.deflated_probability if evidence else None,
        "standing": standing(evidence).name.lower() if evidence else None,
        "verdict": judged.verdict,
    }


def _champion(judged: Judged) -> dict[str, Any] | None:
    champion = judged.champion
    if champion is None:
        return None
    return {
        "fingerprint": champion.genome.fingerprint,
        "strategy": champion.genome.strategy,
        "selection_score": champion.evaluation.selection_score,
        "chosen_by": CHOSEN_BY,
    }


def _held(held: Held) -> dict[str, Any]:
    """Return both spans; ``walk_forward`` is inside the folds, ``whole`` the same span without the holes."""
    return {
        "in_sample": asdict(held.in_sample),
        "walk_forward": asdict(held.walk_forward),
        "walk_forward_whole": asdict(held.whole),
    }


def _data(spec: RunSpec) -> dict[str, Any]:
    return {
        "source": spec.data,
        "digest": spec.data_digest,
        "symbol": spec.symbol,
        "timeframe": spec.timeframe,
        "preset": spec.preset,
        "candles": spec.candles,
        "synthetic": spec.synthetic,
    }


def _place(rank: int, individual: Individual, per_year: float) -> dict[str, Any]:
    scored, candidate = individual.evaluation.scored, individual.candidate
    if scored is None:
        raise ValueError("a leaderboard holds no failed individuals")
    return {
        "rank": rank,
        "strategy": candidate.genome.strategy,
        "genes": dict(candidate.genome.genes),
        "fingerprint": candidate.genome.fingerprint,
        "fitness": individual.fitness,
        "selection_score": individual.evaluation.selection_score,
        "in_sample": asdict(scored.in_sample),
        "walk_forward": asdict(scored.walk_forward),
        "caveats": caveats_by_span(scored.spans, per_year),
        "fold_sharpes": list(scored.fold_sharpes),
        "fold_returns": list(scored.fold_returns),
        "born": individual.born,
        "operator": candidate.operator,
        "parents": list(candidate.parents),
        "changed": list(candidate.changed),
    }
