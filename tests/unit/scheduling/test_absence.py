"""That no worker answers is said once, after a while, and so is its end."""

from collections.abc import Sequence

from genepool.scheduling.absence import Absence


def words(absence: Absence, looks: Sequence[tuple[float, bool]]) -> list[str | None]:
    return [absence.look(now, anybody=anybody) for now, anybody in looks]


def test_a_cluster_that_starts_its_workers_in_time_is_not_mentioned() -> None:
    assert words(Absence(10.0), [(0, False), (5, False), (9, False), (9.5, True), (20, True)]) == [None] * 5


def test_an_absence_is_said_once_and_so_is_its_end() -> None:
    looks = [(0, False), (10, False), (11, False), (99, False), (100, True), (101, True)]
    assert words(Absence(10.0), looks) == [None, "missing", None, None, "back", None]


def test_each_absence_has_its_own_grace() -> None:
    looks = [(0, False), (10, False), (11, True), (12, False), (21, False), (22, False)]
    assert words(Absence(10.0), looks) == [None, "missing", "back", None, None, "missing"]
