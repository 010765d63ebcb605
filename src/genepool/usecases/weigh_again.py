"""What only a run's candles tell of its champion is kept, so that a list needs none to tell the verdict."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import version
from typing import Any

from genepool.backtest.problem import ENGINE_VERSION
from genepool.errors import GenepoolError
from genepool.evolution.population import Individual
from genepool.genome import Genome
from genepool.history import RunSpec, Weighing
from genepool.market.measures import Measures
from genepool.pool.judging import Judged
from genepool.ports import Weighings
from genepool.robustness.checks import CheckFinding, CheckOutcome
from genepool.robustness.ladder import STABILITY_CHECKS, StabilityFindings
from genepool.robustness.luck import Evidence, HeldBenchmark, weigh
from genepool.strategies import seed_strategies

_SPANS = ("in_sample", "walk_forward", "whole")


def keep_weighing(
    book: Weighings,
    spec: RunSpec,
    digest: str | None,
    judged: Judged,
    stability: StabilityFindings | None,
    evaluated: int,
) -> None:
    """Keep how a champion was weighed, unless that is known; a history that cannot write stays as it is.

    Parameters
    ----------
    book
        Where it is kept.
    spec, digest
        The run; of one that is not finished nothing is kept.
    judged, stability
        What was found.
    evaluated
        Evaluations of its problem that were known before stability was looked for.
    """
    champion, evidence = judged.champion, judged.evidence
    if digest is None or champion is None or evidence is None:
        return
    found = {
        "benchmark": asdict(judged.benchmark),
        "candles_per_year": judged.candles_per_year,
        "genomes": evidence.genomes,
        "bets": evidence.bets,
        "stability": _written(stability),
    }
    # As it is read again.
    found = json.loads(json.dumps(found))
    genome = champion.genome
    new = Weighing(digest, rules_of(genome), genome.fingerprint, evaluated, found)
    # It can be found again at any time, and nobody who only looks is to fail for it.
    with suppress(GenepoolError):
        if book.of_runs([spec.run]).get(spec.run) != new:
            book.keep(spec.run, new)


def is_current(weighing: Weighing | None, digest: str | None, champion: Genome) -> bool:
    """Tell whether a weighing is of this champion of this run, by today's rules."""
    asked = digest, champion.fingerprint, rules_of(champion)
    return weighing is not None and (weighing.run_digest, weighing.fingerprint, weighing.rules) == asked


def evidence_again(weighing: Weighing, champion: Individual, trials: int) -> Evidence | None:
    """Return what is known of a champion when so many genomes were tried; None where it has no scores."""
    scored, found = champion.evaluation.scored, weighing.found
    if scored is None:
        return None
    held = found["benchmark"]
    benchmark = HeldBenchmark(held["holding"], *(Measures(**held[span]) for span in _SPANS))
    evidence = weigh(scored, benchmark, trials, found["candles_per_year"], found["genomes"])
    return replace(evidence, bets=found["bets"])


def stability_again(weighing: Weighing) -> StabilityFindings | None:
    """Return what the checks of the fourth rung found."""
    told: Sequence[tuple[str, dict[str, Any]]] | None = weighing.found["stability"]
    return None if told is None else [(name, _read(finding)) for name, finding in told]


def is_whole(stability: StabilityFindings | None) -> bool:
    """Tell whether all checks of the fourth rung were made, so that no later evaluation changes them."""
    made = {name for name, finding in stability or () if finding.made}
    return made >= STABILITY_CHECKS.keys()


def rules_of(genome: Genome) -> str:
    """Return the version of all that weighs a genome: what was found by another one is not told."""
    strategy = seed_strategies().get(genome.strategy)
    return f"{program_version()} {ENGINE_VERSION}.{strategy.version if strategy else 0}"[:80]


@cache
def program_version() -> str:
    """Return the version of GenePool, which is read from a file."""
    return version("genepool")


def _written(stability: StabilityFindings | None) -> list[tuple[str, dict[str, Any]]] | None:
    """Return what a rung asks of each check; its figures need not be finite, and no rung asks them."""
    if stability is None:
        return None
    return [
        (name, {"outcome": one.outcome.value, "sentence": one.sentence, "made": one.made})
        for name, one in stability
    ]


def _read(finding: dict[str, Any]) -> CheckFinding:
    return CheckFinding(None, None, CheckOutcome(finding["outcome"]), finding["sentence"], finding["made"])
