"""Every change of the ledger is chained on both engines, and no hand can change it without being found."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store, recording
from genepool.adapters.store.dialect import engine_of
from genepool.history import NO_HASH, TrialOrigins, entry_hash
from genepool.robustness.ledger import KnownMarket
from genepool.usecases.verify_ledger import VerifiedLedger, verify_ledger
from scripts.validation.check_history import check
from tests.fakes.histories import a_dynasty, a_generation, a_genome, a_history, a_result, a_spec
from tests.fakes.postgres import empty_database, migrated_database, postgres_server

MARKET = "d" * 64
OTHER = "e" * 64


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def grown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | str]:
    """Return a history in which a ledger has grown in every way: its file, or the name of its database."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("grown") / "h.sqlite"
        grow(embedded_url(file))
        yield file
    else:
        with migrated_database() as name:
            grow(postgres_server().url(name))
            yield name


@pytest.fixture
def url(grown: Path | str, tmp_path: Path) -> Iterator[str]:
    """Return a copy of it."""
    if isinstance(grown, Path):
        shutil.copy(grown, tmp_path / "h.sqlite")
        yield embedded_url(tmp_path / "h.sqlite")
    else:
        with empty_database(template=grown) as name:
            yield postgres_server().url(name)


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    with closing(open_sql_store(url)) as opened:
        yield opened


def grow(url: str) -> None:
    with closing(open_sql_store(url)) as made:
        made.create(a_spec())
        made.know_market(a_market(MARKET, 1, 2))
        for record in a_history():
            made.record("first", record)
        made.remember("p" * 16, [a_result(a_genome(number)) for number in (90, 91)])
        made.ledger_book.note_backtest(a_market(MARKET), a_genome(95).fingerprint)
        made.ledger_book.bring(a_market(MARKET), ["outside-1", "outside-2"], "optuna study.db")
        made.ledger_book.declare(a_market(MARKET), 500, "a notebook")
        made.know_market(a_market(OTHER, 2, 3))


def a_market(digest: str, *marks: int) -> KnownMarket:
    return KnownMarket(digest, "BTCUSD", "1h", frozenset(marks))


def verified(store: SqlStore) -> VerifiedLedger:
    return verify_ledger(store.ledger_book)


def told(store: SqlStore) -> list[tuple[str, int | None, str]]:
    """Return what differs: data set, entry, and what of it."""
    return [(fault.market_digest[0], fault.entry, fault.what) for fault in verified(store).faults]


@pytest.fixture
def edit(url: str) -> Iterator[Callable[[str], None]]:
    """Return what changes the database by hand."""
    engine = engine_of(url, 5.0)

    def run(*statements: str) -> None:
        with engine.begin() as connection:
            for statement in statements:
                assert connection.execute(text(statement)).rowcount > 0

    yield run
    engine.dispose()


def outside(url: str) -> set[str]:
    """Return what the outside checker finds, which shares no code with GenePool."""
    return {one["finding"] for one in check(make_url(url), [], None, None, ended=False)["findings"]}


def test_every_change_is_an_entry_that_follows_the_one_before(store: SqlStore, url: str) -> None:
    chain, other = store.ledger_book.chains()
    assert [(entry.number, entry.what, entry.trials) for entry in chain.entries] == [
        (1, "known", 0),
        (2, "generation", 4),
        (3, "generation", 4),
        (4, "generation", 4),
        (5, "evaluations", 2),
        (6, "backtest", 1),
        (7, "imported", 2),
        (8, "declared", 500),
        (9, "joined", 0),
    ]
    assert [entry.what for entry in other.entries] == ["known", "joined"]
    previous = NO_HASH
    for entry in chain.entries:
        assert (entry.previous, entry.hash) == (previous, entry_hash(entry))
        previous = entry.hash
    assert chain.head == (9, previous)
    found = verified(store)
    assert (found.valid, found.markets, found.entries, found.trials) == (True, 2, 11, 17)
    assert outside(url) == set()


def test_all_of_it_counts_in_what_verdicts_go_by(store: SqlStore) -> None:
    assert store.trials(MARKET) == store.trials(OTHER) == 12 + 2 + 1 + 2 + 500
    account = store.ledger_book.account(OTHER)
    assert account.origins == TrialOrigins(runs=14, backtests=1, imported=2, declared=500)
    lines, _ = store.ledger_book.ledgers(0, 9)
    assert [(line.market_digest, line.trials) for line in lines] == [(MARKET, 517)]


def test_what_counts_already_adds_nothing_and_no_entry(store: SqlStore) -> None:
    before = verified(store)
    store.record("first", a_history()[0])
    store.remember("p" * 16, [a_result(a_genome(90))])
    assert store.ledger_book.bring(a_market(MARKET), ["outside-1", "outside-2"], "again") == 0
    assert not store.ledger_book.note_backtest(a_market(MARKET), a_genome(90).fingerprint)
    store.know_market(a_market(MARKET, 1, 2))
    assert verified(store) == before
    assert store.ledger_book.bring(a_market(MARKET), ["outside-2", "outside-3"], "grown") == 1


def test_generations_that_were_kept_while_the_history_was_away_are_one_entry(store: SqlStore) -> None:
    store.create(a_spec("away"))
    packed = [store.packed(a_generation(number, 200 + 10 * number)) for number in range(3)]
    for _ in range(2):
        store.record_packed("away", packed)
        newest = store.ledger_book.chains()[0].entries[-1]
        assert (newest.number, newest.what, newest.trials) == (10, "generation", 12)
    assert verified(store).valid


def test_a_write_that_breaks_off_leaves_neither_trials_nor_entry(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = verified(store)
    store.create(a_spec("broken"))
    monkeypatch.setattr(recording, "_tables_of", lambda *_: iter([(1, 2)]))
    with pytest.raises(ValueError, match="not enough values"):
        store.record("broken", a_generation(0, 300))
    assert verified(store) == before


def test_a_genome_that_a_run_tries_after_a_hand_counts_once(store: SqlStore) -> None:
    store.create(a_spec("second"))
    store.record("second", a_generation(0, 94))
    assert store.trials(MARKET) == 517 + 3
    assert verified(store).valid


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (
            ["UPDATE ledger_entries SET trials = 5 WHERE what = 'declared'"],
            [("d", 8, "was changed: its hash is not that of what it says")],
        ),
        (
            ["UPDATE ledger_entries SET note = '' WHERE number = 7"],
            [("d", 7, "was changed: its hash is not that of what it says")],
        ),
        (
            ["DELETE FROM ledger_entries WHERE number = 8"],
            [("d", 8, "was deleted")],
        ),
        (
            ["DELETE FROM ledger_entries WHERE number >= 8"],
            [
                ("d", 8, "and all up to entry 9 were deleted"),
                (
                    "d",
                    None,
                    f"no entry joined data set {OTHER[:12]}, which is noted as having candles in common",
                ),
            ],
        ),
        (
            [
                "DELETE FROM ledger_entries WHERE number = 7",
                "UPDATE ledger_entries SET number = 7 WHERE number = 8",
                "UPDATE ledger_entries SET number = 8 WHERE number = 9",
                "DELETE FROM ledger WHERE entry = 7",
            ],
            [
                ("d", 7, "is what was entry 8: it was moved"),
                ("d", 8, "is what was entry 9: it was moved"),
                ("d", 9, "was deleted"),
            ],
        ),
        (
            [
                "UPDATE ledger_entries SET number = 99 WHERE number = 3",
                "UPDATE ledger_entries SET number = 3 WHERE number = 4",
                "UPDATE ledger_entries SET number = 4 WHERE number = 99",
                "UPDATE ledger SET entry = 99 WHERE entry = 3",
                "UPDATE ledger SET entry = 3 WHERE entry = 4",
                "UPDATE ledger SET entry = 4 WHERE entry = 99",
            ],
            [("d", 3, "is what was entry 4: it was moved"), ("d", 4, "is what was entry 3: it was moved")],
        ),
        (
            ["DELETE FROM ledger_heads WHERE number = 9"],
            [("d", 9, "is the newest, and the chain's head, which notes it, was deleted")],
        ),
        (
            ["UPDATE ledger_heads SET number = 8 WHERE number = 9"],
            [("d", 9, "was added behind the newest entry that the chain's head notes")],
        ),
        (
            ["DELETE FROM ledger WHERE fingerprint = 'outside-1'"],
            [("d", 7, "added 2 trials, and 1 are stored: 1 were deleted or moved")],
        ),
        (
            ["INSERT INTO ledger VALUES ('d', 'x', 'nobody', 'then', 1)"],
            [("d", 1, "added no trials, and 1 name it")],
        ),
        (
            ["UPDATE ledger SET fingerprint = 'outside-9' WHERE fingerprint = 'outside-1'"],
            [("d", 7, "added trials of which some were changed, in genome or time")],
        ),
        (
            ["UPDATE ledger SET first_at = '2020-01-01' WHERE fingerprint = 'outside-1'"],
            [("d", 7, "added trials of which some were changed, in genome or time")],
        ),
        (
            ["UPDATE ledger SET entry = 6 WHERE fingerprint = 'outside-1'"],
            [
                ("d", 6, "added 1 trials, and 2 are stored: 1 were put in"),
                ("d", 7, "added 2 trials, and 1 are stored: 1 were deleted or moved"),
            ],
        ),
        (
            ["UPDATE markets SET marks = '' WHERE digest LIKE 'e%'"],
            [("e", 1, "told by which marks its candles are known: that was changed")],
        ),
        (
            ["DELETE FROM markets WHERE digest LIKE 'e%'"],
            [("e", 1, "told by which marks its candles are known: that was deleted")],
        ),
        (
            ["DELETE FROM common_candles WHERE digest LIKE 'e%'"],
            [("e", 2, f"joined data set {MARKET[:12]}, and the note of their common candles was deleted")],
        ),
    ],
)
def test_what_a_hand_changes_is_found_and_named(
    store: SqlStore,
    edit: Callable[..., None],
    url: str,
    statements: list[str],
    expected: list[tuple[str, int, str]],
) -> None:
    edit(*(statement.replace("('d'", f"('{MARKET}'") for statement in statements))
    assert told(store) == expected
    assert not verified(store).valid
    found = outside(url)
    assert found
    assert all(name.startswith("chain-") for name in found)


def test_a_data_set_in_which_more_marks_are_found_says_so_and_joins_those_that_share_them(
    store: SqlStore,
) -> None:
    third = "f" * 64
    store.know_market(a_market(third, 7))
    for _ in range(2):
        store.know_market(a_market(OTHER, 2, 3, 7))
    assert store.trials(third) == store.trials(OTHER) - 517
    _, other, joined = store.ledger_book.chains()
    assert [entry.what for entry in other.entries] == ["known", "joined", "known", "joined"]
    assert [(entry.what, entry.note) for entry in joined.entries] == [("known", ""), ("joined", OTHER)]
    assert verified(store).valid


def test_marks_that_a_data_set_had_before_it_gained_some_are_found_where_a_hand_put_them_back(
    store: SqlStore, edit: Callable[..., None], url: str
) -> None:
    engine = engine_of(url, 5.0)
    with engine.connect() as connection:
        of_other = text("SELECT marks FROM markets WHERE digest LIKE 'e%'")
        before = connection.execute(of_other).scalar_one()
    engine.dispose()
    store.know_market(a_market(OTHER, 2, 3, 7))
    edit(f"UPDATE markets SET marks = '{before}' WHERE digest LIKE 'e%'")  # noqa: S608 - of ours
    assert told(store) == [("e", 3, "told by which marks its candles are known: that was changed")]


def test_an_entry_whose_own_hash_was_made_anew_is_found_by_the_next_one(
    store: SqlStore, edit: Callable[..., None]
) -> None:
    forged = entry_hash(replace(store.ledger_book.chains()[0].entries[7], trials=5))
    edit(f"UPDATE ledger_entries SET trials = 5, hash = '{forged}' WHERE number = 8")  # noqa: S608 - of ours
    assert told(store) == [("d", 9, "does not follow the entry before it: one of both was written anew")]


def test_deleting_the_ledger_of_a_market_as_a_whole_leaves_its_runs_to_tell(
    store: SqlStore, edit: Callable[..., None]
) -> None:
    edit(*(f"DELETE FROM {table}" for table in ("ledger", "ledger_entries", "ledger_heads")))  # noqa: S608 - words of ours
    edit("DELETE FROM markets", "DELETE FROM common_candles")
    assert told(store) == [("d", None, "12 genomes that run first tried are not among the trials")]


def test_a_hash_that_was_noted_is_missed_when_all_was_written_anew(store: SqlStore) -> None:
    noted = store.ledger_book.account(MARKET).head
    assert noted is not None
    assert verify_ledger(store.ledger_book, [noted, noted.upper()]).valid
    lost = verify_ledger(store.ledger_book, [noted, "f" * 64])
    assert (lost.valid, lost.lost) == (False, ["f" * 64])


def test_pruning_renaming_and_deleting_runs_leaves_the_chain_as_it_is(store: SqlStore) -> None:
    store.create(a_spec("long"))
    for record in a_dynasty(4):
        store.record("long", record)
    for run in ("first", "long"):
        store.claim(run)
        store.finish(run, "finished", "abc")
    before = verified(store)
    store.book.rename("first", "renamed")
    assert store.prune_trials(timedelta(days=-1)).runs
    store.book.delete("long")
    assert store.prune(0, timedelta(days=-1)).runs == ("renamed",)
    assert verified(store) == before
    assert before.valid


def test_coordinators_that_write_at_once_make_one_chain(store: SqlStore, url: str) -> None:
    def write(place: int) -> None:
        with closing(open_sql_store(url)) as own:
            run = f"run-{place}"
            own.create(a_spec(run))
            for number in range(3):
                own.record(run, a_generation(number, 1_000 * (place + 1) + 10 * number))
                own.ledger_book.declare(a_market(MARKET), 1, run)

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(write, range(3)))
    found = verified(store)
    assert (found.valid, found.entries) == (True, 11 + 3 * 6)
    assert store.trials(MARKET) == 517 + 3 * 3 * 5
