"""Whether all on the leaderboard decide the same when only the future is replaced."""

from genepool.errors import ConfigError, DataError, LooksAhead
from genepool.genome import Genome
from genepool.robustness.checks._base import Check, CheckFinding, judged, not_applicable, whole
from genepool.robustness.checks._subject import Answers, Subject
from genepool.robustness.look_ahead import refuse_look_ahead


def _judge(subject: Subject, _: Answers) -> CheckFinding:
    genomes = {genome.fingerprint: genome for genome in (subject.genome, *subject.board)}
    by_strategy: dict[str, list[Genome]] = {}
    for genome in genomes.values():
        by_strategy.setdefault(genome.strategy, []).append(genome)
    leaks, doubts = list[str](), list[str]()
    for name, chosen in by_strategy.items():
        try:
            refuse_look_ahead(subject.problem.strategies[name], subject.problem.candles, chosen, subject.seed)
        except LooksAhead as error:
            leaks.append(str(error))
        except (ConfigError, DataError) as error:
            doubts.append(str(error))
    if leaks:
        return judged(float(len(leaks)), 0.0, f"{leaks[0]}.", passed=False)
    if doubts:
        return not_applicable(f"It could not be replayed: {doubts[0]}.")
    return judged(0.0, 0.0, _clean(len(genomes), len(by_strategy)), passed=True)


def _clean(genomes: int, strategies: int) -> str:
    """Say that nobody on the leaderboard sees the future."""
    ours = "1 genome" if genomes == 1 else f"{genomes} genomes"
    rules = "1 strategy" if strategies == 1 else f"{strategies} strategies"
    return f"On the leaderboard, {ours} of {rules} decided the same whatever followed."


CHECK = Check(
    name="look_ahead",
    title="Look-ahead replay",
    question="Do all on the leaderboard decide the same when the past is kept and the future replaced?",
    source="GenePool's contract of strategies (docs/adding-a-strategy.md)",
    formula="how many strategies on the leaderboard have a genome that decides otherwise at or before a cut; "
    "futures that go wild, and one that ends, after each of up to 18 cuts",
    passes="when there is none",
    blind="The oldest candles of the market alone are replayed, and a leak that only rare candles trigger "
    "may lie behind them. What was seen while the rule was thought of is out of its reach.",
    judge=_judge,
    writes=whole,
    weighs_bets=False,
)
