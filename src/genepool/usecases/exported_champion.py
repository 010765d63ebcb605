"""A genome of a past run with all that an exported file says of it."""

import re
from collections.abc import Mapping, Sequence

from genepool.genome import Genome
from genepool.history import RunSpec
from genepool.ports.export_targets import ChampionRecord, ExportedChampion
from genepool.strategies import Strategy, seed_strategies
from genepool.usecases.describe_run import judged_if_possible
from genepool.usecases.genome_document import genome_document
from genepool.usecases.genome_of_run import Which, placed
from genepool.usecases.list_strategies import strategy_rule
from genepool.usecases.past_run import PastRun

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def exported_champion(past: PastRun, which: Which = 1, *, judged: bool = True) -> ExportedChampion:
    """Return a genome of a run as targets take it.

    Parameters
    ----------
    past
        The run.
    which
        Place on the leaderboard, or fingerprint.
    judged
        Whether the verdict is asked for; it takes the run's candles, and is empty otherwise.

    Raises
    ------
    GenomeNotFound
        When the run has no such genome.
    """
    rank, individual = placed(past, which)
    genome, spec = individual.genome, past.summary.spec
    document = genome_document(rank, individual, past.summary)
    strategy = _strategy(past, genome)
    return ExportedChampion(
        run=past.name,
        rank=rank,
        strategy=genome.strategy,
        strategy_version=document.strategy_version,
        genes=genome.values,
        fingerprint=genome.fingerprint,
        lookback=strategy.total_lookback(genome.values) if strategy else 0,
        rules=rules_in_words(strategy, genome.values) if strategy else (),
        symbol=spec.symbol,
        timeframe=spec.timeframe,
        costs=spec.costs,
        candles_per_year=spec.annualised_by,
        trials=past.history.trials(spec.market_digest),
        verdict=_verdict(past, rank, spec) if judged else "",
        version=spec.version,
        record=ChampionRecord(document.as_json(), lambda: past.traded(genome), lambda: past.traded(None)),
    )


def rules_in_words(strategy: Strategy, genes: Mapping[str, float]) -> Sequence[str]:
    """Return what a genome does, one sentence a line: the rule, then the risk genes that are on."""
    rule = " ".join(strategy_rule(strategy).replace("`", "").split())
    return (*_SENTENCE_END.split(rule), *_risk_rules(genes))


def _risk_rules(genes: Mapping[str, float]) -> list[str]:
    side = {1.0: "It holds long positions only.", -1.0: "It holds short positions only."}
    texts = {
        "trend_filter": "It holds no long below, and no short above, the average of the last {:g} closes.",
        "volatility_target": "It scales what it holds to an annualised volatility of {:.0%}.",
        "atr_stop": "A stop lies {:g} average true ranges from the price of the entry.",
        "atr_target": "A profit target lies {:g} average true ranges from the price of the entry.",
    }
    on = [texts[name].format(genes[name]) for name in texts if genes.get(name)]
    direction = side.get(float(genes.get("direction", 0)))
    stopped = genes.get("atr_stop") or genes.get("atr_target")
    after = ["After either, it refuses that side until it wants the other one, or none."] if stopped else []
    return [
        *([direction] if direction else []),
        *on,
        *after,
        "What it decides at a close is traded at the next open.",
    ]


def _strategy(past: PastRun, genome: Genome) -> Strategy | None:
    own = {strategy.name: strategy for strategy in past.own}
    return {**seed_strategies(), **own}.get(genome.strategy)


def _verdict(past: PastRun, rank: int, spec: RunSpec) -> str:
    """Return the verdict on the run; it is about the champion, so of another place it says so."""
    judged, missing = judged_if_possible(past)
    if judged is None:
        return f"not judged here: {missing}"
    sentence = past.climbed(judged)[0].sentence
    return sentence if rank == 1 else f"of the champion of run {spec.run}, not of rank {rank}: {sentence}"
