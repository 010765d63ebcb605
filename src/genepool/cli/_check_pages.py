"""The robustness checks as Markdown pages for the documentation."""

from collections.abc import Iterable, Mapping

from genepool.robustness.checks import Check

_WRITTEN_BY = "<!-- Written by `genepool check --write-docs`: edit the check, not this page. -->"
_ABOUT = """\
`genepool check RUN` asks all of these of a run's champion; `--rank` or `--genome` choose another genome,
and `--only` some checks. Each answers with a figure, the threshold that it is compared with, an outcome
(pass, fail or not applicable) and one sentence. Three of them, `neighbourhood`, `cost_stress` and
`one_candle_late`, are a rung of [the verdict](../verdict.md). None sees a sealed candle, and no check
alone tells that an edge is real: read what each cannot see. All but those marked with * know of one
trial, so the best of many trials passes most of them on noise. The run's seed decides all that is drawn,
so that a run has the same findings as often as it is asked. Only the number of trials may have grown
since; genomes that `neighbourhood` has evaluated are among them.

`--json` prints the same as one document. The exit code is 0 whatever the outcome. A new check is
[one new file](../architecture.md#how-to-add-a-check)."""
_SIGNS = """\
In formulas, SR is the Sharpe ratio per candle inside the folds, T their number of candles, g₃ and g₄ skew and
kurtosis of the returns (3 for normal ones), N the number of trials, Φ the normal distribution, z₀.₉₅ = 1.645
its quantile, and c = 0.5772 Euler's constant."""


def documentation(checks: Mapping[str, Check]) -> dict[str, str]:
    """Return the Markdown page of every check and of the index, by file name."""
    pages = {f"{name}.md": check_page(check) for name, check in checks.items()}
    return {"index.md": index_page(checks.values()), **pages}


def check_page(check: Check) -> str:
    """Return one check's Markdown page."""
    facts = [
        f"**Figure** ([signs](index.md)): {check.formula}.",
        f"**Passed** {check.passes}.",
        f"**Cannot see:** {check.blind}",
        f"**Source:** {check.source}.",
    ]
    if check.published:
        facts.append(f"**Published numbers, which tests recompute:** {check.published}")
    blocks = [
        f"# {check.title}\n{_WRITTEN_BY}",
        check.question,
        "\n".join(f"- {fact}" for fact in facts),
        f"`genepool check RUN --only {check.name}` makes this check alone. {_when_not(check)}".rstrip(),
    ]
    return "\n\n".join(blocks) + "\n"


def index_page(checks: Iterable[Check]) -> str:
    """Return the Markdown page that lists all checks."""
    rows = [
        f"| [{one.name}]({one.name}.md){' *' * one.counts_trials} | {one.question} | {one.passes} |"
        for one in checks
    ]
    blocks = [
        f"# The robustness checks\n{_WRITTEN_BY}",
        _ABOUT,
        _SIGNS,
        "\n".join(["| check | what it asks | passed |", "|---|---|---|", *rows]),
    ]
    return "\n\n".join(blocks) + "\n"


def _when_not(check: Check) -> str:
    reasons = []
    if check.weighs_bets:
        reasons.append("of fewer than 20 positions inside the folds, and of returns that do not vary")
    if check.of_a_year:
        reasons.append("of folds shorter than a quarter of a year")
    return f"It says nothing {', nor '.join(reasons)}." if reasons else ""
