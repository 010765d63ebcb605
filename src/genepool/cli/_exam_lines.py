"""What a terminal shows of sealed exams."""

from collections.abc import Sequence

from genepool.backtest.notation import between, change, count, ratio, share
from genepool.robustness.exam import FEWEST_POSITIONS
from genepool.usecases.exam_document import Exam, ListedLook, MarketExams
from genepool.usecases.sealed_exam import ExamAhead, UnsealedExam

# Below it, few positions are likely enough to be worth a warning.
_OFTEN = 2 * FEWEST_POSITIONS
_NAMED = 3
_SHOWN = {"measures": "champion", "buy_and_hold": "holding", "short_and_hold": "short"}


def ahead_lines(ahead: ExamAhead, what: str) -> dict[str, str]:
    """Return what sitting the exam, or unsealing, would spend, by the word that each line begins with."""
    market = f"{ahead.symbol} {ahead.timeframe}"
    sealed = (
        f"{ahead.sealed_candles:,} candles of {market}, {ahead.sealed_from[:10]} to {ahead.sealed_to[:10]}"
    )
    if what == "unseal":
        spends = f"the seal itself: no champion can sit an exam on {market} any more, of no run"
    else:
        spends = (
            f"attempt {ahead.attempt} on {market}, for good: it must show a t above {ratio(ahead.bar)}, and "
            "every later attempt more"
        )
    rare = f": fewer than {FEWEST_POSITIONS} cannot pass" if ahead.expected_positions < _OFTEN else ""
    expected = f"about {count(ahead.expected_positions)} positions, as often as in its folds{rare}"
    return {
        "sealed": sealed,
        "expected": "" if what == "unseal" else expected,
        "bred on": _bred_on(ahead.bred_on_by),
        "spends": spends,
    }


def _bred_on(runs: Sequence[str]) -> str:
    if not runs:
        return ""
    named = ", ".join(runs[:_NAMED]) + (" and others" if len(runs) > _NAMED else "")
    return f"by {named}, to which some of these candles were not sealed: a pass proves less"


def exam_lines(exam: Exam) -> dict[str, str]:
    """Return what an exam amounts to."""
    risen = f", {ratio(exam.bar_now)} by now" if exam.attempts > exam.attempt else ""
    interval = (
        ""
        if exam.low is None or exam.high is None
        else f"; annual Sharpe ratio within {between(exam.low, exam.high)} (95 %)"
    )
    return {
        "exam": f"{_passed(exam.passed)}, attempt {exam.attempt} of {exam.attempts} on its market, "
        f"{exam.sat_at[:10]}; bar t {ratio(exam.bar)}{risen}{interval}",
        "says": exam.sentence,
    }


def looks_lines(found: MarketExams) -> dict[str, str]:
    """Return a line for each look at the sealed candles of a market."""
    ended = f"; unsealed on {found.unsealed_at[:10]}, no exam counts any more" if found.unsealed_at else ""
    attempts = f"{found.attempts} attempt{'s' * (found.attempts != 1)}"
    head = {"market": f"{found.symbol} {found.timeframe}, {attempts} on its sealed candles{ended}"}
    return head | {_word(look): _look(look) for look in found.looks}


def unsealed_lines(shown: UnsealedExam) -> dict[str, str]:
    """Return what a champion did on candles that are sealed no more."""
    lines = {
        "run": f"{shown.run}, champion {shown.fingerprint}",
        "unsealed": f"{shown.unsealed_at[:10]}: no exam on {shown.symbol} {shown.timeframe} counts any more",
        "candles": f"{shown.sealed_from[:10]} to {shown.sealed_to[:10]}",
    }
    for name, word in _SHOWN.items():
        of = getattr(shown, name)
        lines[word] = (
            f"return {change(of['total_return'])}, annual Sharpe ratio {ratio(of['sharpe'])}, deepest fall "
            f"{share(of['max_drawdown'])}, {count(of['trades'])} trade{'s' * (of['trades'] != 1)}"
        )
    lines["t"] = ratio(shown.t)
    return lines | (exam_lines(shown.exam) if shown.exam else {"exam": "it was never sat"})


def _word(look: ListedLook) -> str:
    return "unsealed" if look.attempt is None else f"attempt {look.attempt}"


def _look(look: ListedLook) -> str:
    said = {"unsealed": f"for run {look.run}", "backtest": f"genome {look.fingerprint} backtested by hand"}
    told = said.get(look.what, f"champion {look.fingerprint} of run {look.run}: {_passed(look.passed)}")
    return f"{look.at[:16].replace('T', ' ')} UTC, {told}"


def _passed(passed: bool | None) -> str:
    return {True: "passed", False: "not passed", None: "interrupted, its answer not told yet"}[passed]
