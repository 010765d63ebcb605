"""Whom the events of several runs at once are told to."""

from genepool.bootstrap.shown_run import ShownRun
from genepool.ports import Event, GenerationAdvanced, Watcher


def test_the_newest_run_is_shown_and_each_is_told_of_itself() -> None:
    shown: list[Event] = []
    told: dict[str, list[Event]] = {}

    def each(run: str) -> Watcher:
        return told.setdefault(run, []).append

    runs = ShownRun(shown.append, each)
    older, newer = GenerationAdvanced(1, 9), GenerationAdvanced(2, 9)
    with runs.of("older") as tell_older:
        with runs.of("newer") as tell_newer:
            tell_older(older)
            tell_newer(newer)
        assert shown == [newer]
        tell_older(older)
    assert shown == [newer, older]
    assert told == {"older": [older, older], "newer": [newer]}
