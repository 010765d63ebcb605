"""The live screen and the plain log, told of a run as the loop tells them."""

from contextlib import suppress
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console
from structlog.testing import capture_logs

from genepool.adapters.console import LiveScreen, PlainLog, run_watcher
from genepool.adapters.console.concluding import STEPS
from genepool.adapters.console.progress import Progress
from genepool.adapters.console.screen_layout import screen_layout
from genepool.adapters.console.sparkline import sparkline
from genepool.history import leaderboard
from genepool.ports import (
    GenerationAdvanced,
    GenerationFinished,
    RunClosing,
    RunConcluding,
    RunEnded,
    RunStarted,
    Watcher,
)
from tests.fakes.bred_runs import bred_run, failed_run

# Programs read these lines: events and the fields that each of them always has.
VOCABULARY = {
    "run_started": (
        "run", "seed", "symbol", "timeframe", "candles", "synthetic", "objective", "optimizer", "strategies",
        "population_size", "generations", "resumed_after",
    ),
    "generation_finished": (
        "run", "generation", "generations", "best", "median", "worst", "champion", "strategy",
        "champion_score", "evaluations", "failures", "cache_hits", "seconds", "evaluations_per_second",
        "seconds_left",
    ),
    "run_closing": ("run", "step", "done", "of"),
    "run_finished": ("run", "state", "generations", "evaluations", "cache_hits", "seconds"),
}  # fmt: skip


def told(watcher: Watcher) -> None:
    run = bred_run()
    spec = run.plan.spec
    watcher(RunStarted(spec, None))
    for record in run.records:
        watcher(GenerationAdvanced(len(record.newborn), len(record.newborn)))
        watcher(GenerationFinished(spec, record))
    watcher(RunEnded(spec, "finished"))


def drawn(progress: Progress, width: int) -> list[str]:
    console = Console(width=width, height=24, color_system=None)
    with console.capture() as capture:
        console.print(screen_layout(progress, width))
    return capture.get().splitlines()


def halfway() -> Progress:
    run = bred_run()
    progress = Progress(run.plan.spec)
    for record in run.records[:2]:
        progress.finish(record)
    progress.done, progress.asked = 6, 24
    return progress


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_the_screen_fits_24_lines_and_its_terminal(width: int) -> None:
    lines = drawn(halfway(), width)
    assert len(lines) <= 24
    assert max(map(len, lines)) <= width


def test_the_screen_fits_with_all_fourteen_seeds() -> None:
    progress = halfway()
    names = tuple(f"seed_with_a_name_{k:02d}" for k in range(14))
    progress.spec = replace(progress.spec, strategies=names)
    lines = drawn(progress, 80)
    assert len(lines) <= 24
    assert all(any(name in line for line in lines) for name in names)


def test_the_screen_shows_what_matters() -> None:
    text = "\n".join(drawn(halfway(), 80))
    for expected in (
        "small",
        "2 of 4",
        "6 of 24",
        "best",
        "median",
        "worst",
        "a second",
        "cache hits",
        "left",
    ):
        assert expected in text
    assert "synthetic" in text
    assert "donchian_breakout" in text


def test_a_screen_before_the_first_generation_says_nothing_that_it_does_not_know() -> None:
    text = "\n".join(drawn(Progress(bred_run().plan.spec), 80))
    assert "0 of 4" in text
    assert "nan" not in text
    assert "None" not in text


def test_progress_counts_evaluations_hits_and_time() -> None:
    progress = halfway()
    assert progress.evaluations == 48
    assert progress.cache_hits == 1
    assert progress.evaluations_per_second == pytest.approx(48)
    assert progress.remaining == pytest.approx((2 - 6 / 24) * 0.5)
    assert progress.shares.keys() == set(progress.spec.strategies)
    assert sum(progress.shares.values()) == 24


def test_a_resumed_run_continues_from_its_last_generation() -> None:
    run = bred_run()
    progress = Progress(run.plan.spec)
    progress.take(run.populations[1])
    assert progress.finished == 2
    assert progress.evaluations == 0
    assert progress.best == run.populations[1].individuals[0].fitness


def test_a_generation_in_which_all_failed_has_no_best() -> None:
    progress = Progress(failed_run().plan.spec)
    progress.finish(failed_run().records[0])
    assert (progress.best, progress.middle, progress.worst) == (None, None, None)
    assert drawn(progress, 80)


def test_the_live_screen_leaves_the_terminal_as_it_was() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=80, height=24)
    with LiveScreen(console) as live:
        told(live)
    written = console.file.getvalue()  # type: ignore[attr-defined]
    assert "generation" in written
    assert written.count("\x1b[?25l") == written.count("\x1b[?25h") == 1


def test_the_live_screen_gives_the_cursor_back_after_an_error() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=80, height=24)

    def break_off() -> None:
        with LiveScreen(console) as live:
            live(RunStarted(bred_run().plan.spec, None))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert "\x1b[?25h" in console.file.getvalue()  # type: ignore[attr-defined]


def test_the_plain_log_keeps_to_its_vocabulary() -> None:
    with capture_logs() as lines:
        told(PlainLog())
    assert [line["event"] for line in lines] == ["run_started", *["generation_finished"] * 4, "run_finished"]
    for line in lines:
        fields = set(line) - {"event", "log_level"}
        assert fields == set(VOCABULARY[line["event"]])


def test_the_plain_log_tells_each_generation_in_one_line() -> None:
    run = bred_run()
    with capture_logs() as lines:
        told(PlainLog())
    third = lines[3]
    best = run.populations[2].individuals[0]
    champion = leaderboard(one for generation, one in run.newborn if generation <= 2)[0]
    assert third["generation"] == 2
    assert third["best"] == pytest.approx(best.fitness, abs=1e-6)
    assert third["champion"] == champion.genome.fingerprint
    assert third["champion_score"] == pytest.approx(champion.evaluation.selection_score, abs=1e-6)
    assert third["failures"] == 0
    assert third["cache_hits"] == 2
    assert lines[-1]["evaluations"] == 96


def test_the_log_of_a_resumed_run_knows_the_champion_of_before() -> None:
    """The champion of both spans need not be among the newest members, which in-sample fitness keeps."""
    run = bred_run()
    champion = run.judged.champion
    with capture_logs() as lines:
        log = PlainLog()
        log(RunStarted(run.plan.spec, run.populations[2], champion))
        log(GenerationFinished(run.plan.spec, replace(run.records[3], newborn=())))
    assert champion is not None
    assert lines[-1]["champion"] == champion.genome.fingerprint


def test_a_screen_says_how_much_of_the_history_is_read_for_the_digest() -> None:
    progress = halfway()
    progress.read = 1
    text = "\n".join(drawn(progress, 80))
    assert "digest" in text
    assert "1 of 2" in text
    assert "6 of 24" not in text
    assert "the history is read for the run's digest" in text


def test_the_plain_log_tells_of_a_long_reading_in_some_lines_and_of_its_end() -> None:
    log, spec = PlainLog(), bred_run().plan.spec
    with capture_logs() as lines:
        for read in range(0, 121, 2):
            log(RunClosing(spec, read, 120))
    assert [line["done"] for line in lines] == list(range(0, 121, 12))
    assert {(line["event"], line["step"]) for line in lines} == {
        ("run_closing", "reading the history for the digest")
    }
    assert set(lines[0]) - {"event", "log_level"} == set(VOCABULARY["run_closing"])


def test_steps_after_the_run_are_a_line_that_vanishes_on_a_terminal() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=80, height=24)
    spec = bred_run().plan.spec
    written = console.file.getvalue  # type: ignore[attr-defined]
    with run_watcher(console) as watcher, capture_logs() as lines:
        for step, sentence in STEPS.items():
            watcher(RunConcluding(spec, step))
            console.print("what is printed stands above the line")
            assert sentence in written()
            watcher(RunConcluding(spec, None))
            assert written().count("\x1b[?25l") == written().count("\x1b[?25h")
    assert lines == []


def test_a_step_that_breaks_off_leaves_the_cursor() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=80, height=24)
    with suppress(KeyboardInterrupt), run_watcher(console) as watcher:
        watcher(RunConcluding(bred_run().plan.spec, "judging"))
        raise KeyboardInterrupt
    written = console.file.getvalue()  # type: ignore[attr-defined]
    assert written.count("\x1b[?25l") == written.count("\x1b[?25h") == 1


def test_steps_after_the_run_are_one_log_line_each_elsewhere() -> None:
    console = Console(file=StringIO(), width=80)
    spec = bred_run().plan.spec
    with run_watcher(console) as watcher, capture_logs() as lines:
        for step in (*STEPS, None):
            watcher(RunConcluding(spec, step))
    assert [line["step"] for line in lines] == list(STEPS.values())
    assert set(lines[0]) - {"event", "log_level"} == set(VOCABULARY["run_closing"])
    assert console.file.getvalue() == ""  # type: ignore[attr-defined]


def test_a_sparkline_rises_with_its_values_and_keeps_to_its_width() -> None:
    assert sparkline([1, 2, 3], 10) == "▁▅█"
    assert sparkline([2, 2, 2], 10) == "▁▁▁"
    assert sparkline([], 10) == ""
    assert len(sparkline(list(range(500)), 12)) == 12
    assert sparkline(list(range(500)), 12)[-1] == "█"
