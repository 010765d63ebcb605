"""The strategy atlas of a recorded run, as a document, in a terminal and as a picture."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from rich.console import Console

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.api.pages.atlas_picture import atlas_picture
from genepool.cli._atlas_map import atlas_lines, cells_table
from genepool.evolution.niches import AXES
from genepool.pool.commands import fleet_command
from genepool.usecases import past_run
from genepool.usecases.past_run import PastRun
from genepool.usecases.strategy_atlas import StrategyAtlas, strategy_atlas
from tests.fakes.bred_runs import bred_run, record_in
from tests.fakes.candle_sources import NamedCandles

RUN = bred_run()
CANDLES = NamedCandles({RUN.plan.spec.data: RUN.plan.candles})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    file = tmp_path_factory.mktemp("store") / "h.sqlite"
    with closing(open_sql_store(embedded_url(file))) as made:
        record_in(made, RUN)
        yield made


def opened(store: SqlStore) -> PastRun:
    return PastRun(store.book.summary("small"), store, CANDLES)


@pytest.fixture(scope="module")
def found(store: SqlStore) -> StrategyAtlas:
    return strategy_atlas(opened(store))


def test_it_names_the_champion_of_each_cell_with_its_place(store: SqlStore, found: StrategyAtlas) -> None:
    past = opened(store)
    assert len({tuple(cell.bins) for cell in found.cells}) == len(found.cells) > 5
    for cell in found.cells:
        assert past.at(cell.champion.rank).genome.fingerprint == cell.champion.fingerprint
        assert cell.genome == f"small/{cell.champion.fingerprint}"
        for place, axis in zip(cell.bins, AXES, strict=True):
            edges = (float("-inf"), *axis.edges, float("inf"))
            assert edges[place] <= getattr(cell, axis.name) < edges[place + 1]


def test_a_fleet_may_begin_with_the_best_of_each_side_and_correlation(found: StrategyAtlas) -> None:
    by_name = {cell.genome: cell for cell in found.cells}
    panels = [by_name[named].panel for named in found.varied]
    assert len(set(panels)) == len(panels) > 0
    for named in found.varied:
        rivals = [cell for cell in found.cells if cell.panel == by_name[named].panel]
        assert by_name[named] == rivals[0]
        assert (by_name[named].champion.selection_score or 0) > 0


def test_of_a_long_leaderboard_the_first_are_placed(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past_run, "MOST_MAPPED", 10)
    few = strategy_atlas(opened(store))
    assert few.looked_at <= 10 < few.ranked
    assert max(cell.champion.rank for cell in few.cells) <= 10


def test_a_terminal_shows_every_cell_where_it_lies(found: StrategyAtlas) -> None:
    lines = [line.plain for line in atlas_lines(found)]
    assert max(map(len, lines[:-1])) <= 80
    rows = [line for line in lines[2:-1] if line.strip()]
    marks = sum(sign not in ". " for row in rows for sign in row[13:])
    assert (len(rows), marks) == (15, len(found.cells))
    first = found.cells[0]
    turnover, holding, side, alike = first.bins
    row = rows[5 * (2 - side) + 4 - turnover]
    score = first.champion.selection_score or 0.0
    assert row[13 + 13 * alike + 2 * holding] == ("-" if score <= 0 else str(int(score)))


def test_a_narrow_terminal_shows_every_figure(found: StrategyAtlas) -> None:
    console = Console(width=80, record=True)
    console.print(cells_table(found, 3))
    told = console.export_text()
    assert found.cells[0].champion.fingerprint in told
    assert "…" not in told


def test_the_picture_has_a_way_to_each_champion_and_frames_the_chosen(found: StrategyAtlas) -> None:
    picture = atlas_picture(found, found.varied)
    for cell in found.cells:
        assert f'href="/runs/small/genomes/{cell.champion.rank}"' in picture
    assert picture.count('class="mark"') == len(found.varied)
    assert picture.count("<title>") == len(found.cells)
    assert 'class="mark"' not in atlas_picture(found)


def test_a_fleet_is_ordered_by_run_and_fingerprint() -> None:
    named = ["a run/0123456789abcdef", "b/fedcba9876543210"]
    assert fleet_command(named) == "genepool fleet 'a run/0123456789abcdef' b/fedcba9876543210"
