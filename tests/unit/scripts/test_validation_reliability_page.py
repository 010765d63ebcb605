"""The page's table is made from figures, never typed."""

import pytest

from scripts.validation.render_reliability import BEGIN, END, placed, table

KILLED = {
    "fault": "worker killed", "at": "2026-01-02T03:04:05+00:00", "load": 1.5, "bar": 15, "recovered": 3.21,
    "longest_gap": 1.25, "full_strength": 71.5, "returned": 11.5, "run_seconds": 61.0,
}  # fmt: skip
FROZEN = {"fault": "redis frozen", "at": "2026-01-02T03:04:05+00:00", "load": 1.0, "bar": 0.95, "pace": 0.991}


def test_each_fault_is_a_row_in_the_order_of_names() -> None:
    lines = table([KILLED, FROZEN]).splitlines()
    assert lines[2] == "| redis frozen |  | 95% of the pace |  |  |  | 99% |  | 2026-01-02 | 1.0 |"
    assert lines[3].startswith("| worker killed | 3.2 s | 15 s | 1.2 s | 71.5 s | 11.5 s |  | 61.0 s | 2026-")
    assert len(lines) == 4


def test_what_stands_around_the_table_stays() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert placed(page, "new") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    assert placed(placed(page, "new"), "new") == placed(page, "new")


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="the page lacks"):
        placed("nothing", "new")
