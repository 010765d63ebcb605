"""Proofs are run offline in the environment that the user named, and what goes wrong is one sentence."""

import json
import sys
from pathlib import Path

import pytest

from genepool.adapters.export.proving import ImageProver, PythonProver, read_proof
from genepool.errors import ConfigError, ServiceUnavailable

TRADE = {
    "entry_time": "2024-01-01T00:00:00Z", "exit_time": "2024-01-01T05:00:00Z", "side": "long",
    "entry_price": 0.1, "exit_price": 0.30000000000000004, "closed": True,
}  # fmt: skip
SAID = {"trades": [TRADE], "versions": {"tool": "1"}, "tick": 0.01, "remarks": ["so"]}
WRITES = f"import json, pathlib; pathlib.Path('proof.json').write_text(json.dumps({SAID!r}))"
prove = PythonProver(sys.executable, seconds=20)


def test_a_proof_is_run_among_its_files_and_read() -> None:
    proof = prove({"prove.py": "import beside\n" + WRITES, "beside.py": ""})
    (trade,) = proof.trades
    assert trade.exit_price == 0.30000000000000004
    assert trade.exit - trade.entry == 5 * 3_600 * 10**9
    assert (proof.versions, proof.tick, proof.remarks, proof.analyses) == ({"tool": "1"}, 0.01, ["so"], {})


def test_a_proof_reaches_no_other_machine_and_says_what_it_asked_for() -> None:
    asks = "import urllib.request\nurllib.request.urlopen('http://example.com')"
    with pytest.raises(ServiceUnavailable, match=r"a proof runs offline, and asked for example\.com"):
        prove({"prove.py": asks})


def test_an_environment_without_the_program_is_told_what_to_install() -> None:
    with pytest.raises(ConfigError, match="lacks no_such_tool: install it there"):
        prove({"prove.py": "import no_such_tool"})


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("raise SystemExit('the tool is cross')", "broke off: the tool is cross"),
        ("", "ended without writing proof.json"),
        ("open('proof.json', 'w').write('{}')", "proof.json of the proof is damaged"),
    ],
)
def test_a_proof_that_fails_says_how(program: str, sentence: str) -> None:
    with pytest.raises(ServiceUnavailable, match=sentence):
        prove({"prove.py": program})


def test_a_proof_that_hangs_is_ended() -> None:
    with pytest.raises(ServiceUnavailable, match="took longer than 0 seconds"):
        PythonProver(sys.executable, seconds=0.1)({"prove.py": "while True: pass"})


def test_an_interpreter_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigError, match="nowhere/python cannot be started"):
        PythonProver("nowhere/python")({"prove.py": ""})


def test_an_image_is_run_without_a_network_on_the_folder_of_the_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docker = tmp_path / "docker"
    docker.write_text(
        f"#!{sys.executable}\nimport json, pathlib, sys\n"
        f"pathlib.Path({str(tmp_path / 'called')!r}).write_text(' '.join(sys.argv[1:]))\n{WRITES}\n"
    )
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert len(ImageProver("freqtrade")({"prove.py": ""}).trades) == 1
    called = (tmp_path / "called").read_text()
    assert called.startswith("run --rm --network none ")
    assert called.endswith(":/proof genepool-certify freqtrade")


def test_fills_that_a_program_lists_are_read_in_order(tmp_path: Path) -> None:
    times = TRADE["exit_time"], TRADE["entry_time"]
    fills = [[times[0], 0.3], [times[1], 0.1]]
    (tmp_path / "proof.json").write_text(json.dumps({**SAID, "trades": [{**TRADE, "fills": fills}]}))
    (trade,) = read_proof(tmp_path / "proof.json").trades
    assert trade.fills == ((trade.entry, 0.1), (trade.exit, 0.3))


def test_a_side_that_there_is_not_is_damage(tmp_path: Path) -> None:
    (tmp_path / "proof.json").write_text(json.dumps({**SAID, "trades": [{**TRADE, "side": "up"}]}))
    with pytest.raises(ServiceUnavailable, match="side 'up'"):
        read_proof(tmp_path / "proof.json")
