"""``genepool evolve --optimizer``: the same records, the same resuming and the same digest on any workers."""

from pathlib import Path
from typing import Any

import pytest

from genepool.optimizers import optimizers
from genepool.usecases.rule_texts import RULE_TEXTS
from tests.fakes.programs import here

RUN = (
    "evolve", "--data", "synthetic:regimes:seed=3,candles=1500", "--preset", "all",
    "--strategies", "bollinger_bands,donchian_breakout", "--population-size", "10", "--seed", "11",
    "--mode", "local", "--name", "small", "--no-report", "--json",
)  # fmt: skip


def optimizer_of(document: Any) -> object:  # noqa: ANN401 - JSON
    return document["settings"]["optimizer"]


@pytest.mark.parametrize("name", sorted(set(optimizers()) - {"genetic"}))
def test_resumed_on_other_workers_it_ends_in_the_digest_of_a_run_in_one_go(name: str, tmp_path: Path) -> None:
    asked = (*RUN, "--optimizer", name)
    whole = here(tmp_path / "whole", *asked, "--generations", "3", "--workers", "1").document
    here(tmp_path / "parts", *asked, "--generations", "2", "--workers", "2")
    resumed = here(
        tmp_path / "parts", "evolve", "--resume", "small", "--generations", "3", "--no-report", "--json",
        "--workers", "1",
    ).document  # fmt: skip
    assert resumed["digest"] == whole["digest"]
    assert (
        optimizer_of(whole)
        == optimizer_of(here(tmp_path / "whole", "show", "--json").document["spec"])
        == name
    )
    assert f"--optimizer {name}" in whole["reproduce"]


def test_the_flag_is_told_all_that_there_is_and_refuses_the_rest(tmp_path: Path) -> None:
    assert all(name in RULE_TEXTS["optimizer"].told for name in optimizers())
    refused = here(tmp_path, *RUN, "--optimizer", "randon")
    assert refused.code == 2
    assert "there is no optimizer 'randon': did you mean random?" in " ".join(refused.err.split())


def test_the_atlas_has_a_flag_of_its_own_and_refuses_another_optimizer_beside_it(tmp_path: Path) -> None:
    told = here(tmp_path, *RUN, "--atlas", "--generations", "1").document
    assert optimizer_of(told) == "atlas"
    refused = here(tmp_path, *RUN, "--atlas", "--optimizer", "tpe")
    assert refused.code == 2
    assert "--atlas and --optimizer tpe both say" in " ".join(refused.err.split())
