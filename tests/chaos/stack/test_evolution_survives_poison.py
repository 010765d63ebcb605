"""A genome that hangs or kills its process fails alone, and the search continues as if it had just failed."""

import json
from pathlib import Path

import pytest

from scripts.validation.stack import POOL, Stack
from tests.chaos.stack.trial import write_figures

pytestmark = [pytest.mark.stack, pytest.mark.chaos, pytest.mark.slow]

DRIVER = Path(__file__).with_name("poison_driver.py")
REASONS = {"crash": {"worker_died"}, "hang": {"deadline"}}


@pytest.mark.parametrize("deed", REASONS)
def test_a_poisonous_genome_fails_alone(deed: str, stack: Stack, figures: Path) -> None:
    program = DRIVER.read_text(encoding="utf-8")
    told = stack.inside("python", "-", deed, service=POOL, given=program, seconds=600)
    document = json.loads(told.splitlines()[-1])
    write_figures(figures, f"genome that does {deed}", {"recovered": document["seconds"], "bar": 300})
    assert document["digest"] == document["expected"]
    assert document["quarantined"] == 1
    assert REASONS[deed] <= set(document["retries"])
