"""The sealed exam of a run's champion: counted before anything is known, answered by pass or fail."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from genepool.backtest.holding import LONG, SHORT, held
from genepool.errors import ConfigError, DataError, Unsealed
from genepool.genome import Genome
from genepool.history import ATTEMPTS, NewLook, RunSpec, SealedLook, unsealing
from genepool.market.measures import Measures
from genepool.pool.commands import PROGRAM, resume_command
from genepool.pool.run_stamps import run_stamps
from genepool.pool.sealed import exam_question, sealed_backtest, sealed_dates, sealed_span, sitting
from genepool.robustness.exam import exam_bar, sitting_of
from genepool.usecases.document import Document
from genepool.usecases.exam_document import Exam, exam_of_looks
from genepool.usecases.past_run import PastRun
from genepool.usecases.traded_genome import plain_measures

# Where nobody knows how many positions there will be: with more, the bar is hardly lower.
_MANY = 1_000


@dataclass(frozen=True, slots=True)
class ExamAhead(Document):
    """What an exam would spend.

    Parameters
    ----------
    attempt
        Its number on the market.
    bar
        The t that it asks for; a few hundredths more where the champion trades rarely.
    sealed_from, sealed_to
        When the first and the last of the sealed candles open.
    sealed_candles
        How many they are.
    expected_positions
        How many positions the champion would take there, at the pace of its walk-forward folds.
    bred_on_by
        Other runs that were bred on some of the sealed candles: what they found may have been known when
        this champion was chosen.
    """

    run: str
    fingerprint: str
    symbol: str
    timeframe: str
    attempt: int
    bar: float
    sealed_from: str
    sealed_to: str
    sealed_candles: int
    expected_positions: float
    bred_on_by: Sequence[str]


@dataclass(frozen=True, slots=True)
class RunExam(Document):
    """A run with the exam of its champion; None where it was not sat."""

    run: str
    exam: Exam | None


@dataclass(frozen=True, slots=True)
class SatExam(RunExam):
    """An exam that was asked for, with what its answer does not weigh.

    Parameters
    ----------
    bred_on_by
        Other runs that were bred on some of the sealed candles: what they found may have been known when
        this champion was chosen. None where the candles of the run are no longer there to tell.
    """

    bred_on_by: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class UnsealedExam(Document):
    """What a champion did on the sealed candles, once they are sealed no more.

    Parameters
    ----------
    unsealed_at
        Since when no exam on the market counts.
    exam
        The exam that it had sat before; None where it had not.
    t
        What the exam compares with its bar; None where the returns do not vary.
    measures, buy_and_hold, short_and_hold
        Of the champion, and of both ways of holding, over the sealed candles.
    """

    run: str
    fingerprint: str
    symbol: str
    timeframe: str
    unsealed_at: str
    exam: Exam | None
    sealed_from: str
    sealed_to: str
    t: float | None
    measures: Mapping[str, float]
    buy_and_hold: Mapping[str, float]
    short_and_hold: Mapping[str, float]


def exam_of(past: PastRun) -> Exam | None:
    """Return the exam that a run's champion has sat; None where it has not."""
    if past.summary.state != "finished":
        return None
    spec = past.summary.spec
    looks = past.history.exams.sealed_looks(spec.market_digest)
    # Most markets have none: then nobody reads the leaderboard.
    if not looks or not past.length:
        return None
    return exam_of_genome(spec, past.at(1).genome.fingerprint, looks)


def exam_of_genome(spec: RunSpec, fingerprint: str, looks: Sequence[SealedLook]) -> Exam | None:
    """Return the exam that a genome has sat as a run's champion, of the looks at the run's market."""
    return exam_of_looks(spec, exam_question(spec, fingerprint), looks)


def exam_ahead(past: PastRun, program: str = PROGRAM) -> ExamAhead:
    """Return what an exam of a run's champion would spend; nothing is counted.

    Raises
    ------
    ConfigError
        When the run is not finished, or sealed no candles.
    Unsealed
        When the market's sealed candles were shown.
    GenomeNotFound, DataError
        When the run has no champion, or its candles are not there.
    """
    champion, spec, plan = _champion(past, program), past.summary.spec, past.plan()
    start, stop = sealed_span(plan)
    folds = _measures(past)
    looks = past.history.exams.sealed_looks(spec.market_digest)
    _refuse_unsealed(looks, spec)
    attempt = 1 + sum(look.what in ATTEMPTS for look in looks)
    first, last = sealed_dates(plan)
    return ExamAhead(
        run=past.name,
        fingerprint=champion.fingerprint,
        symbol=spec.symbol,
        timeframe=spec.timeframe,
        attempt=attempt,
        bar=exam_bar(attempt, _MANY),
        sealed_from=first,
        sealed_to=last,
        sealed_candles=stop - start,
        expected_positions=folds.trades / folds.candles * (stop - start),
        bred_on_by=_bred_on_by(past),
    )


def sit_exam(past: PastRun, program: str = PROGRAM) -> Exam:
    """Have a run's champion sit the exam, or return what it showed when it did.

    The attempt is on disk before the sealed candles are traded: a process that ends in between has spent it.

    Raises
    ------
    ConfigError, Unsealed, GenomeNotFound, DataError
        As ``exam_ahead``.
    """
    champion, spec, book = _champion(past, program), past.summary.spec, past.history.exams
    question = exam_question(spec, champion.fingerprint)
    recorded = exam_of_looks(spec, question, book.sealed_looks(spec.market_digest))
    if recorded is not None:
        return recorded
    plan = past.plan()
    sealed_span(plan)
    look = book.note_look(spec.market_digest, NewLook(question, "exam", past.name, champion.fingerprint))
    _refuse_unsealed([look], spec)
    book.keep_sitting(question, sitting(plan, champion))
    found = exam_of_looks(spec, question, book.sealed_looks(spec.market_digest))
    if found is None:
        raise AssertionError("what was written is there")
    return found


def asked_exam(past: PastRun, program: str = PROGRAM) -> SatExam:
    """Have a run's champion sit the exam as ``sit_exam`` does, and name the runs that knew its candles.

    Raises
    ------
    ConfigError, Unsealed, GenomeNotFound, DataError
        As ``exam_ahead``.
    """
    exam = sit_exam(past, program)
    try:
        others = _bred_on_by(past)
    except DataError:
        # An exam that was sat long ago is told without its candles.
        others = None
    return SatExam(past.name, exam, others)


def unseal_exam(past: PastRun, program: str = PROGRAM) -> UnsealedExam:
    """End the exams of a run's market for good, and return all that its champion did on the sealed candles.

    Raises
    ------
    ConfigError, GenomeNotFound, DataError
        As ``exam_ahead``.
    """
    champion, spec, plan = _champion(past, program), past.summary.spec, past.plan()
    digest, span = spec.market_digest, sealed_span(plan)
    first, last = sealed_dates(plan)
    ended = past.history.exams.note_look(digest, NewLook(unsealing(digest), "unsealed", past.name, ""))
    traded = sealed_backtest(plan, champion)
    sides = [
        held(plan.candles, plan.problem.costs, [span], side, traded.candles_per_year)
        for side in (LONG, SHORT)
    ]
    return UnsealedExam(
        run=past.name,
        fingerprint=champion.fingerprint,
        symbol=spec.symbol,
        timeframe=spec.timeframe,
        unsealed_at=ended.at,
        exam=exam_of(past),
        sealed_from=first,
        sealed_to=last,
        t=sitting_of(traded.measures, traded.candles_per_year).t,
        measures=plain_measures(traded.measures),
        buy_and_hold=plain_measures(sides[0].measures),
        short_and_hold=plain_measures(sides[1].measures),
    )


def _champion(past: PastRun, program: str) -> Genome:
    if past.summary.state != "finished":
        raise ConfigError(
            f"run {past.name} is {past.summary.state}, and only the champion of a finished run may sit the "
            f"exam: finish it with\n  {resume_command(past.name, program)}"
        )
    return past.at(1).genome


def _bred_on_by(past: PastRun) -> list[str]:
    spec, candles = past.summary.spec, past.plan().candles
    own = run_stamps(spec, candles)
    return [
        other.run
        for other in past.history.exams.sealing_runs(spec.market_digest)
        if other.run != spec.run and run_stamps(other, candles).visible_overlap(own.first_sealed, own.last)
    ]


def _measures(past: PastRun) -> Measures:
    scored = past.at(1).evaluation.scored
    if scored is None:
        raise ValueError("a leaderboard holds no failed individuals")
    return scored.walk_forward


def _refuse_unsealed(looks: Iterable[SealedLook], spec: RunSpec) -> None:
    for look in looks:
        if look.what == "unsealed":
            raise Unsealed(
                f"the sealed candles of {spec.symbol} {spec.timeframe} were unsealed on {look.at[:10]}, so "
                "no exam on them counts any more"
            )
