"""``genepool evolve`` as other programs drive it: documents, sentences and exit codes."""

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from genepool.adapters.files.catalogue import find_candles
from genepool.adapters.store import embedded_url, open_sql_store
from genepool.cli._stopping import stop_requests
from genepool.evolution.settings import EvolutionSettings
from genepool.history import RunSummary
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.pool.planning import RunRequest
from genepool.usecases import conclude_run
from genepool.usecases.start_run import record_run
from tests.fakes.programs import SMALL_RUN, document, here, start, wait_for
from tests.fakes.stores import CrashingStore, WholeHistory

FEW = (*SMALL_RUN, "--generations", "4")
MANY = (*SMALL_RUN, "--generations", "24")
REQUEST = RunRequest(
    run="",
    seed=1,
    data="synthetic:regimes:seed=3,candles=3000",
    preset="all",
    candles=None,
    split=SplitRule(),
    costs=CostModel(),
    settings=EvolutionSettings(),
    objective="sharpe",
)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the digest of the longer run that was never interrupted."""
    return str(here(tmp_path_factory.mktemp("uninterrupted"), *MANY).document["digest"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evolved")


@pytest.fixture(scope="module")
def evolved(folder: Path) -> dict[str, Any]:
    return document(folder, *FEW)


class TestDocument:
    def test_it_names_run_digest_and_data(self, evolved: dict[str, Any], folder: Path) -> None:
        candles = find_candles("synthetic:regimes:seed=3,candles=3000", folder)
        assert evolved["run"] == "small"
        assert len(evolved["digest"]) == 64
        assert evolved["data"]["digest"] == candles.digest
        assert evolved["data"]["candles"] == 3_000
        assert evolved["data"]["synthetic"] is True

    def test_it_counts_what_was_tried(self, evolved: dict[str, Any]) -> None:
        assert evolved["evaluations"] == evolved["unique_genomes"] == evolved["trials"] == 80
        assert evolved["generations"] == 4
        assert evolved["seconds"] > 0
        assert evolved["stopped_by"] == "4 generations"

    def test_the_leaderboard_is_ranked_by_the_worse_of_both_spans(self, evolved: dict[str, Any]) -> None:
        board = evolved["leaderboard"]
        scores = [place["selection_score"] for place in board]
        assert [place["rank"] for place in board] == list(range(1, 21))
        assert scores == sorted(scores, reverse=True)
        assert len({place["fingerprint"] for place in board}) == 20

    def test_each_place_holds_genes_measures_and_lineage(self, evolved: dict[str, Any]) -> None:
        for place in evolved["leaderboard"]:
            assert place["strategy"] in {"bollinger_bands", "donchian_breakout", "linear_svc_classifier"}
            assert {"direction", "atr_stop", "trend_filter", "volatility_target"} <= place["genes"].keys()
            for span in ("in_sample", "walk_forward"):
                assert {"sharpe", "total_return", "max_drawdown", "trades"} <= place[span].keys()
            assert bool(place["parents"]) == (place["operator"] not in {"initial", "immigrant"})

    def test_holding_trials_and_verdict_stand_beside_it(self, evolved: dict[str, Any]) -> None:
        assert evolved["buy_and_hold"]["walk_forward"]["exposure"] > 0.9
        assert 0 <= evolved["deflated_sharpe"] <= 1
        assert evolved["verdict"].endswith(".")
        assert evolved["report"] is None

    def test_the_line_that_repeats_it_repeats_it(self, evolved: dict[str, Any], tmp_path: Path) -> None:
        again = shlex.split(evolved["reproduce"])
        assert again[0] == "genepool"
        assert here(tmp_path, *again[1:], "--no-report", "--json").document["digest"] == evolved["digest"]

    def test_the_history_holds_the_same(self, evolved: dict[str, Any], folder: Path) -> None:
        store = open_sql_store(embedded_url(folder / "home" / "genepool.sqlite"))
        summary = store.summaries()[0]
        assert (summary.state, summary.digest) == ("finished", evolved["digest"])
        assert store.spec("small").seed == 11


class TestWorkers:
    @pytest.mark.slow
    def test_two_workers_make_the_same_run(self, evolved: dict[str, Any], tmp_path: Path) -> None:
        arguments = [
            "2" if before == "--workers" else now for before, now in zip(("", *FEW), FEW, strict=False)
        ]
        assert arguments != list(FEW)
        assert document(tmp_path, *arguments)["digest"] == evolved["digest"]


class TestPeople:
    def test_a_person_reads_a_leaderboard_a_verdict_and_finds_the_report(self, tmp_path: Path) -> None:
        done = here(
            tmp_path, "evolve", "--data", "synthetic:noise:candles=2000", "--population-size", "8",
            "--generations", "2", "--strategies", "bollinger_bands,funding_rate_carry,vwap_reversion",
            "--name", "mine", "--workers", "1", "--output", str(tmp_path / "out"),
        )  # fmt: skip
        assert done.code == 0, done.err
        for text in (
            "buy and hold",
            "deflated Sharpe",
            "trials",
            "usual for crypto",
            "run digest",
            "synthetic",
        ):
            assert text in done.out
        assert f"{tmp_path}/out/mine.html" in done.out
        assert (tmp_path / "out" / "mine.html").stat().st_size > 10_000

    def test_the_launcher_of_the_seeds_takes_the_same_flags(self, tmp_path: Path) -> None:
        root = Path(__file__).resolve().parents[2]
        done = subprocess.run(
            [sys.executable, "-m", "src.execution.genetic_strategy_pool", *FEW[1:-2], "--generations", "1"],
            cwd=root,
            env={**os.environ, "GENEPOOL_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["run"] == "small"


class TestLeftOut:
    def test_a_seed_without_its_column_is_left_out_and_the_run_says_so(self, tmp_path: Path) -> None:
        done = here(
            tmp_path, "evolve", "--preset", "quick", "--population-size", "6", "--generations", "1", "--json",
            "--strategies", "donchian_breakout,funding_rate_carry", "--no-report", "--workers", "1",
        )  # fmt: skip
        assert done.document["skipped_strategies"] == [
            {"strategy": "funding_rate_carry", "reason": "the data has no funding"}
        ]
        assert done.document["strategies"] == ["donchian_breakout"]
        assert "left out    funding_rate_carry: the data has no funding" in done.err


class TestAfterTheLastGeneration:
    def test_every_step_has_a_line_and_old_trials_are_pruned_by_the_rule(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GENEPOOL_KEEP_TRIALS_DAYS", "0")
        done = here(
            tmp_path, "evolve", "--preset", "quick", "--population-size", "24", "--generations", "1",
            "--strategies", "donchian_breakout", "--name", "small", "--workers", "1", "--json",
        )  # fmt: skip
        assert done.document["evaluations"] == 24
        told = [json.loads(line) for line in done.err.splitlines() if line.startswith("{")]
        steps = dict.fromkeys(line["step"] for line in told if line["event"] == "run_closing")
        assert list(steps) == [
            "reading the history for the digest",
            "trying the champion's neighbours",
            "judging the champion",
            "writing the report",
        ]
        assert (told[-1]["event"], told[-1]["runs"]) == ("trials_pruned", ["small"])
        assert told[-1]["kept"] + told[-1]["trials"] == 24
        resumed = here(tmp_path, "evolve", "--resume", "small")
        assert resumed.code == 2
        assert "run small was pruned on" in resumed.err


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "sentence", "flags"),
        [
            (2, "did you mean ema_crossover?", ["--strategies", "ema_crosover"]),
            (2, "did you mean sortino?", ["--objective", "sortin"]),
            (2, "there is no preset 'huge'", ["--preset", "huge"]),
            (2, "holdout is 1.5", ["--holdout", "1.5"]),
            (2, "cannot be named '../up'", ["--name", "../up"]),
            (2, "no run nobody", ["--resume", "nobody"]),
            (2, "--population-size", ["--population-size", "1"]),
            (3, "no data set 'nothing.csv'", ["--data", "nothing.csv"]),
            (3, "further than the 48 candles", ["--candles", "100", "--purge", "1", "--embargo", "1"]),
            (3, "ema_crossover looks back up to", ["--candles", "1000", "--strategies", "ema_crossover"]),
            (4, "no cluster is configured", ["--mode", "distributed"]),
        ],
    )  # fmt: skip
    def test_bad_input_ends_in_a_sentence_and_its_exit_code(
        self, tmp_path: Path, code: int, sentence: str, flags: list[str]
    ) -> None:
        done = here(tmp_path, "evolve", "--json", "--no-report", *flags)
        assert done.code == code
        assert sentence in " ".join(done.err.split())
        assert done.out == ""

    def test_a_rule_of_the_run_cannot_be_changed_by_resuming_it(
        self, evolved: dict[str, Any], folder: Path
    ) -> None:
        done = here(folder, "evolve", "--resume", evolved["run"], "--seed", "9", "--no-report")
        assert done.code == 2
        assert "--seed cannot be given beside --resume" in " ".join(done.err.split())

    def test_nothing_is_recorded_of_a_run_that_could_not_start(self, tmp_path: Path) -> None:
        here(tmp_path, "evolve", "--strategies", "ema_crosover")
        assert open_sql_store(embedded_url(tmp_path / "home" / "genepool.sqlite")).summaries() == []

    def test_a_name_that_is_taken_is_not_taken_twice(self, evolved: dict[str, Any], folder: Path) -> None:
        done = here(folder, *FEW)
        assert done.code == 2
        assert "there is a run small already" in done.err
        assert evolved["run"] == "small"

    def test_a_run_whose_candles_changed_is_not_resumed(self, evolved: dict[str, Any], folder: Path) -> None:
        other = "synthetic:regimes:seed=4,candles=3000"
        done = here(folder, "evolve", "--resume", evolved["run"], "--data", other, "--no-report")
        assert done.code == 3
        assert "are not those that run small began with" in done.err

    def test_a_report_that_could_not_be_written_is_noticed_before_the_run(self, tmp_path: Path) -> None:
        (tmp_path / "taken").write_text("")
        done = here(tmp_path, *FEW, "--report", "--output", str(tmp_path / "taken"))
        assert done.code == 2
        assert open_sql_store(embedded_url(tmp_path / "home" / "genepool.sqlite")).summaries() == []
        assert "choose another --output or --no-report" in done.err

    def test_a_report_that_finds_no_room_after_the_run_costs_nothing_but_itself(self, tmp_path: Path) -> None:
        (tmp_path / "results" / "small.html" / "in the way").mkdir(parents=True)
        done = here(tmp_path, *FEW, "--report")
        assert done.code == 2
        assert json.loads(done.out)["report"] is None
        assert "run small is finished and recorded, but the report cannot be written" in done.err
        assert "genepool report small --out FILE" in done.err

    def test_runs_that_start_in_the_same_second_get_names_of_their_own(self, tmp_path: Path) -> None:
        store = BlindStore(open_sql_store(embedded_url(tmp_path / "h.sqlite")))
        market = find_candles("synthetic:regimes:seed=3,candles=3000", tmp_path)
        names = {record_run(market, REQUEST, store).spec.run for _ in range(3)}
        store.close()
        assert len(names) == 3


class BlindStore(CrashingStore):
    """A store whose first look at a full list finds it empty: another process writes right after it."""

    def __init__(self, inner: WholeHistory) -> None:
        super().__init__(inner, at=1_000)
        self._looks = 0

    @override
    def summaries(self) -> list[RunSummary]:
        self._looks += 1
        return [] if self._looks % 2 else super().summaries()


@pytest.mark.slow
class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_ends_in_130_and_the_printed_command_resumes_to_the_same_digest(
        self, reference: str, tmp_path: Path, number: signal.Signals
    ) -> None:
        process = start(tmp_path, *MANY)
        wait_for(process, '"generation": 1,')
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (130, "")
        assert "stopped: run small is stopped" in err
        command = next(line.strip() for line in err.splitlines() if "--resume" in line)
        assert command.endswith("genepool evolve --resume small")
        resumed = here(tmp_path, *shlex.split(command)[1:], "--workers", "1", "--no-report", "--json")
        assert '"resumed_after": null' not in resumed.err
        assert resumed.document["digest"] == reference

    def test_a_run_that_another_process_has_claimed_is_refused(self, tmp_path: Path) -> None:
        owner = start(tmp_path, *SMALL_RUN, "--generations", "1000")
        wait_for(owner, '"generation": 0')
        second = here(tmp_path, "evolve", "--resume", "small", "--no-report")
        owner.kill()
        owner.communicate(timeout=60)
        assert second.code == 4
        assert "run small is owned by another process" in second.err

    def test_a_signal_after_the_run_says_that_nothing_is_lost(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def impatient(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(conclude_run, "report_data", impatient)
        done = here(tmp_path, *FEW, "--report")
        assert done.code == 130
        assert "run small is finished and recorded" in done.err
        assert "genepool show small" in done.err

    @pytest.mark.parametrize("moment", ["_app", "settings"])
    def test_ctrl_c_while_the_program_loads_shows_no_traceback(self, moment: str) -> None:
        program = (
            "import sys\n"
            "class Impatient:\n"
            "    def find_spec(self, name, *rest):\n"
            f"        if name.endswith('.{moment}'): raise KeyboardInterrupt\n"
            "sys.meta_path.insert(0, Impatient())\n"
            "from genepool.cli import main\n"
            "sys.argv[1:] = ['runs']\n"
            "main()\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (130, "")

    def test_the_second_signal_ends_the_process_at_once(self) -> None:
        program = (
            "import time\n"
            "from genepool.cli._stopping import stop_requests\n"
            "with stop_requests() as stop:\n"
            "    print('ready', flush=True)\n"
            "    while not stop(): time.sleep(0.01)\n"
            "    print('asked', flush=True)\n"
            "    time.sleep(60)\n"
        )
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for word in ("ready", "asked"):
                assert process.stdout.readline() == f"{word}\n"
                process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 130

    def test_afterwards_signals_mean_what_they_did_before(self) -> None:
        before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
        with stop_requests() as stop:
            signal.raise_signal(signal.SIGINT)
            assert stop()
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
