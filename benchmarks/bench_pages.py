"""What each page of past runs costs: of a history of thousands of runs, and of one run of 50,000 evaluations.

One process opens both histories, as a service does. Each page is asked for twice: the second time nothing of
the run has changed since. The many runs are copies of one, made by the database.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import text

from benchmarks.bench_million import RUN, begun, fill
from benchmarks.page import write
from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.adapters.store.dialect import engine_of
from genepool.bootstrap.open_runs import OpenRuns
from genepool.history import RunFilter
from genepool.reading.file_candles import FileCandles
from genepool.usecases.describe_run import describe_run
from genepool.usecases.fleet import fleet
from genepool.usecases.genome_equity import genome_equity
from genepool.usecases.genome_lineage import genome_lineage
from genepool.usecases.genome_of_run import genome_of
from genepool.usecases.genome_trades import genome_trades
from genepool.usecases.list_strategies import list_objectives
from genepool.usecases.page_generations import page_generations
from genepool.usecases.page_leaderboard import page_leaderboard
from genepool.usecases.page_ledger import page_ledger
from genepool.usecases.page_runs import page_runs

# Generations and evaluations of each of the many runs.
_GENERATIONS, _SIZE = 10, 20
_COPIED = {
    "runs": "name || '-' || :number AS name, spec, state, data_digest, market_digest, problem_digest, "
    "digest, started_at, finished_at, epoch, evaluated, best_fitness, champion, champion_born, "
    "champion_score",
    "generations": "run_id + :number AS run_id, number, digest, seconds, cache_hits, recorded_at",
    "lineage": "run_id + :number AS run_id, generation, fingerprint, asked, operator, parents, changed, "
    "rules",
    "individuals": "run_id + :number AS run_id, generation, slot, fingerprint, born, elite, fitness",
}


def multiplied(path: Path, times: int) -> None:
    """Copy the only run of a history so many times."""
    engine = engine_of(embedded_url(path), 10.0)
    with engine.begin() as connection:
        for table, columns in _COPIED.items():
            names = ", ".join(column.split(" AS ")[-1].strip() for column in columns.split(","))
            key = "id" if table == "runs" else "run_id"
            statement = text(f"INSERT INTO {table} ({names}) SELECT {columns} FROM {table} WHERE {key} = 1")  # noqa: S608 - constants of this file
            connection.execute(statement, [{"number": number} for number in range(1, times)])
    engine.dispose()


@dataclass(frozen=True)
class Taken:
    """Seconds that a page took: on the wall and of the CPU the first time, and on the wall from then on."""

    first: float
    cpu: float
    next: float


def taken(ask: Callable[[], object]) -> Taken:
    """Ask for a page some times."""
    walls, cpus = [], []
    for _ in range(6):
        wall, cpu = time.perf_counter(), time.process_time()
        ask()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return Taken(walls[0], cpus[0], statistics.median(walls[1:]))


def of_many(store: SqlStore) -> Mapping[str, Callable[[], object]]:
    """Return what is asked of a history of many runs."""
    asked = {
        "first 50": RunFilter(),
        "by best fitness": RunFilter(sort="best_fitness"),
        "by name": RunFilter(sort="name", descending=False),
        "with a part of name or note": RunFilter(text="-29"),
        "of a symbol and an objective": RunFilter(symbol="btc", objective="sharpe"),
    }
    middle = page_runs(RunFilter(), store.book, None, 500).next
    return {
        **{f"list, {name}": partial(page_runs, one, store.book) for name, one in asked.items()},
        "list, 50 after the first 500": partial(page_runs, RunFilter(), store.book, middle),
        "list, all as `genepool runs` read it": store.summaries,
        "fleet, first 50": partial(fleet, RunFilter(), store.book),
        "fleet, by score": partial(fleet, RunFilter(sort="score"), store.book),
        "ledger": partial(page_ledger, store.ledger_book),
    }


def of_one(runs: OpenRuns) -> Mapping[str, Callable[[], object]]:
    """Return what is asked of one long run."""
    return {
        "list of objectives (nothing is read)": list_objectives,
        "generations": lambda: page_generations(runs.open(RUN), None, 100),
        "leaderboard": lambda: page_leaderboard(runs.open(RUN)),
        "leaderboard, 50 after rank 20,000": lambda: page_leaderboard(runs.open(RUN), 20_000),
        "genome": lambda: genome_of(runs.open(RUN), 1),
        "lineage": lambda: genome_lineage(runs.open(RUN), 1),
        "show (board and verdict)": lambda: describe_run(runs.open(RUN)),
        "trades": lambda: genome_trades(runs.open(RUN), 1),
        "equity": lambda: genome_equity(runs.open(RUN), 1),
    }


def shorter(store: SqlStore, path: Path, folder: Path) -> None:
    """Fill a history with one small run that is finished."""
    spec, first = begun(folder, _SIZE)
    fill(store, spec, first, _GENERATIONS * _SIZE)
    engine = engine_of(embedded_url(path), 10.0)
    with engine.begin() as connection:
        connection.execute(text("UPDATE runs SET state = 'finished', digest = 'abc'"))
    engine.dispose()


def abandoned(path: Path) -> None:
    """Leave all runs of a history as processes do that died: running, with a lock file that nobody holds."""
    engine = engine_of(embedded_url(path), 10.0)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE runs SET state = 'running', epoch = 1, owner = 'dead', digest = NULL")
        )
        names = connection.execute(text("SELECT name FROM runs")).scalars().all()
    engine.dispose()
    locks = Path(f"{path}.claims")
    locks.mkdir(exist_ok=True)
    for name in names:
        (locks / name).touch()


def of_abandoned(store: SqlStore) -> Mapping[str, Callable[[], object]]:
    """Return what is asked of a history whose runs were all abandoned."""
    return {
        "where runs stand, as events tell it": store.standings,
        "list, first 50": partial(page_runs, RunFilter(), store.book),
        "list, interrupted ones": partial(page_runs, RunFilter(states=("interrupted",)), store.book),
        "list, all as `genepool runs` read it": store.summaries,
    }


def table(found: Mapping[str, Taken]) -> str:
    """Return what pages took."""
    rows = [
        f"| {name} | {_ms(cost.first)} | {_ms(cost.cpu)} | {_ms(cost.next)} |" for name, cost in found.items()
    ]
    return "\n".join(["| page | first | CPU | next |", "| --- | ---: | ---: | ---: |", *rows])


def page(found: Mapping[str, Taken], runs: int, evaluations: int) -> str:
    """Return the section."""
    return "\n".join(
        [
            f"`make bench-pages` on {datetime.now(UTC):%Y-%m-%d}, on SQLite: {runs:,} runs of",
            f"{_GENERATIONS * _SIZE} evaluations each, and one run of {evaluations:,}. The first time in a",
            "process, in this order, on the wall and of the CPU; and the median of further times:",
            "",
            table(found),
        ]
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:,.0f} ms"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=3_000)
    parser.add_argument("--evaluations", type=int, default=50_000)
    parser.add_argument("--size", type=int, default=1_000, help="genomes of a generation of the long run")
    parser.add_argument("--folder", type=Path, help="where the histories lie and stay")
    parser.add_argument("--abandoned", action="store_true", help="only lists of runs whose processes died")
    parser.add_argument("--dry-run", action="store_true", help="print the table, leave the page alone")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.folder or Path(made)
        many, one = folder / "many.sqlite", folder / "one.sqlite"
        _filled(many, one, asked)
        if asked.abandoned:
            abandoned(many)
            with closing(open_sql_store(embedded_url(many))) as store:
                print(table({name: taken(ask) for name, ask in of_abandoned(store).items()}))
            return
        with closing(open_sql_store(embedded_url(many))) as store:
            found = {name: taken(ask) for name, ask in of_many(store).items()}
        with closing(open_sql_store(embedded_url(one))) as store:
            runs = OpenRuns(store, FileCandles(folder, print))
            found |= {name: taken(ask) for name, ask in of_one(runs).items()}
    section = page(found, asked.runs, asked.evaluations)
    print(section)
    if not asked.dry_run:
        write("bench-pages", section)


def _filled(many: Path, one: Path, asked: argparse.Namespace) -> None:
    """Fill the two histories, unless an earlier run of this program has left them."""
    if not many.exists():
        with closing(open_sql_store(embedded_url(many))) as store, tempfile.TemporaryDirectory() as small:
            shorter(store, many, Path(small))
        multiplied(many, asked.runs)
    if not one.exists() and not asked.abandoned:
        with closing(open_sql_store(embedded_url(one))) as store, tempfile.TemporaryDirectory() as large:
            fill(store, *begun(Path(large), asked.size), asked.evaluations)


if __name__ == "__main__":
    main()
