"""One run with a stopwatch at each stage, or breeding alone; the last line of output is JSON.

A program of its own that imports nothing of ``benchmarks``, so that another checkout's code can be measured
by the same stopwatch. Seconds are CPU of the process, its start included.
"""

import functools
import json
import sys
import time
from collections import defaultdict
from typing import Any

RUN = "evolve --data btcusd_1h --preset all --population-size 500 --generations 10 --workers 1 --no-report"


def whole(seed: str) -> dict[str, Any]:
    """Breed a run in a new history; return its digest, its CPU seconds and those of its stages."""
    import genepool.cli.evolve  # noqa: F401, PLC0415 - what a run imports
    from genepool.adapters.store import SqlStore  # noqa: PLC0415
    from genepool.cli import main  # noqa: PLC0415
    from genepool.evolution.engine import Engine  # noqa: PLC0415
    from genepool.pool import loop  # noqa: PLC0415
    from genepool.pool.cached import CachedEvaluator  # noqa: PLC0415

    stages: dict[str, float] = defaultdict(float, imports=time.process_time())
    digests: list[str] = []
    for owner, name, stage in (
        (CachedEvaluator, "evaluate", "evaluation"),
        (Engine, "ask", "ask"),
        (Engine, "tell", "tell"),
        (SqlStore, "record", "record"),
        (loop, "run_digest", "digest"),
    ):
        setattr(owner, name, _timed(getattr(owner, name), stage, stages, digests))
    sys.argv = ["genepool", *RUN.split(), "--seed", seed]
    try:
        main()
    except SystemExit as left:
        if left.code:
            raise
    return {"run_digest": digests[0], "whole": time.process_time(), **stages}


def _timed(work: Any, stage: str, stages: dict[str, float], digests: list[str]) -> Any:  # noqa: ANN401 - any call
    @functools.wraps(work)
    def timed(*given: Any, **named: Any) -> Any:  # noqa: ANN401
        began = time.process_time()
        found = work(*given, **named)
        stages[stage] += time.process_time() - began
        if stage == "digest":
            digests.append(found)
        return found

    return timed


def asking(population: str) -> dict[str, Any]:
    """Return microseconds of ``ask`` an individual in the fifth generation; scores are the fingerprints."""
    from genepool.backtest.evaluation import Evaluation, Scored  # noqa: PLC0415
    from genepool.evolution.engine import Engine  # noqa: PLC0415
    from genepool.evolution.settings import EvolutionSettings  # noqa: PLC0415
    from genepool.market.measures import Measures  # noqa: PLC0415
    from genepool.strategies import seed_strategies  # noqa: PLC0415

    nothing = Measures(*([0.0] * 20))
    engine = Engine(seed_strategies(), EvolutionSettings(population_size=int(population)), 7)
    members, seen = None, set[str]()
    for _ in range(4):
        asked = engine.ask(members, seen)
        seen.update(one.genome.fingerprint for one in asked)
        scores = [(int(one.genome.fingerprint, 16) / 2**64,) for one in asked]
        results = [Scored(score, score, nothing, nothing, (), ()) for score in scores]
        members = engine.tell(
            members,
            asked,
            [Evaluation(one.genome, one_scored) for one, one_scored in zip(asked, results, strict=True)],
        )
    taken = []
    for _ in range(3):
        began = time.process_time()
        asked = engine.ask(members, seen)
        taken.append((time.process_time() - began) / len(asked) * 1e6)
    return {"ask": sorted(taken)[1]}


if __name__ == "__main__":
    kind, argument = sys.argv[1:]
    print(json.dumps({"whole": whole, "asking": asking}[kind](argument)))
