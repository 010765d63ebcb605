"""Hold a history against what was acknowledged: an outside checker that shares no code with GenePool.

It reads the log of what was acknowledged and the tables, computes every digest anew from the rows and
lists what is wrong, each under a name of its own. What it knows of GenePool's formats is written
down here once more, on purpose: a mistake in the product does not repeat itself in its checker.

Exit codes: 0 nothing is wrong; 2 the arguments make no sense; 4 the history or the log cannot be read;
5 something is wrong.
"""

import argparse
import hashlib
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    # It is run by its path, where Python does not know this folder.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from scripts.validation.acknowledged import check_ends, check_log
from scripts.validation.checked_jobs import Queue, check_jobs
from scripts.validation.checked_ledger import check_ledger
from scripts.validation.log_lines import Finding, Line, Row, read_logs

# How many of the leaderboard's places are part of a run's digest.
BOARD_PLACES = 20
_ENGINE_FAILED, _WRONG = 4, 5


@dataclass(frozen=True, slots=True)
class Stored:
    """The rows of one run.

    Parameters
    ----------
    run
        Its row of ``runs``, the specification read.
    generations, members, births, work
        Its rows, in order; births carry what the genome scored.
    uncounted
        Genomes that the ledger of trials does not know.
    """

    run: Row
    generations: Sequence[Row]
    members: Mapping[int, Sequence[Row]]
    births: Mapping[int, Sequence[Row]]
    work: Mapping[int, int]
    uncounted: Sequence[str]

    @property
    def name(self) -> str:
        """The run's name."""
        return str(self.run["name"])

    @property
    def pruned(self) -> bool:
        """Whether it is marked as one of which only the best and their ancestors are left."""
        return self.run.get("pruned_at") is not None

    def found(self, finding: str, detail: str) -> Finding:
        """Return a finding about this run."""
        return Finding(finding, self.name, detail)


def check_run(stored: Stored) -> Iterator[Finding]:
    """Yield what is wrong with a run by itself."""
    yield from _numbers(stored)
    yield from _pruned(stored) if stored.pruned else _whole(stored)
    yield from _epochs(stored)
    if stored.uncounted:
        yield stored.found("trial-uncounted", f"the ledger lacks {', '.join(stored.uncounted[:5])}")


def _whole(stored: Stored) -> Iterator[Finding]:
    for row in stored.generations:
        number = int(row["number"])
        yield from _members(stored, number)
        yield from _births(stored, number)
        digest = _generation_digest(number, stored)
        if digest != row["digest"]:
            yield stored.found("generation-digest-wrong", f"generation {number}: its rows say {digest[:16]}")
        most = len(stored.births.get(number, ())) - int(row["cache_hits"])
        if stored.work.get(number, 0) > most:
            detail = f"generation {number}: {stored.work[number]} evaluations for {most} genomes"
            yield stored.found("work-counted-twice", detail)
    if stored.run["digest"] is not None and stored.run["digest"] != (digest := _run_digest(stored)):
        yield stored.found("run-digest-wrong", f"its rows say {digest[:16]}")


def _pruned(stored: Stored) -> Iterator[Finding]:
    """Of a pruned run the best and all their ancestors are left, and nothing else once that is through."""
    if stored.run["state"] != "finished" or stored.run["digest"] is None:
        yield stored.found("pruned-unfinished", f"it is {stored.run['state']}")
    for number in stored.births:
        yield from _evaluations(stored, number)
    if (kept := stored.run["kept_births"]) is not None:
        yield from _kept(stored, int(kept))


def _kept(stored: Stored, kept: int) -> Iterator[Finding]:
    births = [row for rows in stored.births.values() for row in rows]
    if kept != len(births):
        yield stored.found("pruned-birth-missing", f"{len(births)} births are there, {kept} were kept")
    if stored.members:
        yield stored.found("pruned-member-left", f"generations {sorted(stored.members)} have members")
    there = {row["fingerprint"] for row in births}
    for row in births:
        if lost := set(json.loads(row["parents"] or "[]")) - there:
            yield stored.found("ancestor-missing", f"{row['fingerprint']} descends from {sorted(lost)}")


def check_end(stored: Stored, reference: str | None) -> Iterator[Finding]:
    """Yield what keeps a run from being finished, and with the digest that was expected."""
    if stored.run["state"] != "finished" or stored.run["digest"] is None:
        yield stored.found("not-finished", f"it is {stored.run['state']}")
    if reference and stored.run["digest"] != reference:
        yield stored.found("reference-differs", f"{stored.run['digest']} is not {reference}")


def _numbers(stored: Stored) -> Iterator[Finding]:
    numbers = Counter(int(row["number"]) for row in stored.generations)
    for number, count in numbers.items():
        if count > 1:
            yield stored.found("generation-twice", f"generation {number} is there {count} times")
    missing = sorted(set(range(max(numbers, default=-1) + 1)) - set(numbers))
    if missing:
        yield stored.found("generation-gap", f"generations {missing} are not there")


def _members(stored: Stored, number: int) -> Iterator[Finding]:
    members, size = stored.members.get(number, ()), stored.run["spec"]["settings"]["population_size"]
    slots = [int(row["slot"]) for row in members]
    if len(slots) != len(set(slots)):
        yield stored.found("member-twice", f"generation {number} has a slot twice")
    if set(slots) != set(range(size)):
        yield stored.found("members-incomplete", f"generation {number} has {len(slots)} of {size} members")
    for row in members:
        where = f"generation {number}, slot {row['slot']}"
        if row["operator"] is None or row["born"] > number:
            yield stored.found("member-never-born", f"{where}: {row['fingerprint']}")
        elif _bits(row["fitness"]) != _bits(row["scored_fitness"]):
            yield stored.found("fitness-differs", f"{where}: its evaluation says {row['scored_fitness']}")


def _births(stored: Stored, number: int) -> Iterator[Finding]:
    births = stored.births.get(number, ())
    if [int(row["asked"]) for row in births] != list(range(len(births))):
        yield stored.found("births-incomplete", f"generation {number} has a gap in who was asked for")
    yield from _evaluations(stored, number)


def _evaluations(stored: Stored, number: int) -> Iterator[Finding]:
    for row in stored.births.get(number, ()):
        if row["scored"] is None and row["error"] is None:
            yield stored.found("evaluation-missing", f"generation {number}: {row['fingerprint']}")


def _epochs(stored: Stored) -> Iterator[Finding]:
    epochs = [row.get("epoch") for row in stored.generations]
    if all(epoch is None for epoch in epochs):
        return
    if None in epochs:
        yield stored.found("epoch-missing", f"generation {epochs.index(None)} has none")
    known = [epoch for epoch in epochs if epoch is not None]
    if known != sorted(known):
        yield stored.found("epoch-backwards", f"by generation: {known}")
    if stored.run.get("epoch") is not None and max(known) > stored.run["epoch"]:
        yield stored.found(
            "epoch-ahead", f"{max(known)} wrote, the run was claimed {stored.run['epoch']} times"
        )


def _generation_digest(number: int, stored: Stored) -> str:
    state = hashlib.sha256(f"generation/1|{number}".encode())
    for row in stored.members.get(number, ()):
        state.update(f"|m{bool(row['elite']):d}{_birth(row, row['scored_fitness'])}".encode())
    for row in stored.births.get(number, ()):
        scored = hashlib.sha256(f"{row['fingerprint']}|{row['scored']}".encode()).hexdigest()
        state.update(f"|n{_birth(row, row['scored_fitness'])}|{scored}".encode())
    return state.hexdigest()


def _run_digest(stored: Stored) -> str:
    state = hashlib.sha256(b"run/1")
    for row in stored.generations:
        state.update(f"|g{row['number']}".encode())
        for member in stored.members.get(row["number"], ()):
            state.update(f"|{member['fingerprint']}:{_bits(member['scored_fitness'])}".encode())
    for score, fingerprint in _board(stored)[:BOARD_PLACES]:
        state.update(f"|b{fingerprint}:{_bits(score)}".encode())
    return state.hexdigest()


def _board(stored: Stored) -> list[tuple[float, str]]:
    scores = {}
    for births in stored.births.values():
        for row in births:
            if row["scored"] is not None:
                fields = json.loads(row["scored"])
                scores[row["fingerprint"]] = min(fields["scores"][0], fields["walk_forward_scores"][0])
    ordered = sorted((-score, fingerprint) for fingerprint, score in scores.items())
    return [(scores[fingerprint], fingerprint) for _, fingerprint in ordered]


def _birth(row: Row, fitness: float | None) -> str:
    parents, changed = (tuple(json.loads(row[name] or "[]")) for name in ("parents", "changed"))
    return f"{row['fingerprint']}:{_bits(fitness)}:{row['born']}:{row['operator']}:{parents}:{changed}"


def _bits(value: float | None) -> str:
    return "failed" if value is None else float(value).hex()


def read_runs(connection: Connection, names: Sequence[str] | None) -> dict[str, Stored]:
    """Return the rows of these runs, or of all; a name that is not there is left out."""
    runs = _rows(connection, "SELECT * FROM runs ORDER BY id")
    return {row["name"]: _read_run(connection, row) for row in runs if names is None or row["name"] in names}


# All by way of the run's row: a server whose statistics are older than a run takes what they do not know
# of it for a row or none, and compares each with each.
_SCORES = """
    LEFT JOIN evaluations ON evaluations.problem_digest = runs.problem_digest
        AND evaluations.rules = lineage.rules AND evaluations.fingerprint = lineage.fingerprint
"""
_MEMBERS = f"""
    SELECT individuals.generation, individuals.slot, individuals.fingerprint, individuals.born,
        individuals.elite, individuals.fitness, lineage.operator, lineage.parents, lineage.changed,
        evaluations.fitness AS scored_fitness
    FROM runs JOIN individuals ON individuals.run_id = runs.id
    LEFT JOIN lineage ON lineage.run_id = runs.id AND lineage.generation = individuals.born
        AND lineage.fingerprint = individuals.fingerprint
    {_SCORES} WHERE runs.name = :name ORDER BY individuals.generation, individuals.slot
"""  # noqa: S608 - put together from constants of this file
_BIRTHS = f"""
    SELECT lineage.generation, lineage.generation AS born, lineage.fingerprint, lineage.asked,
        lineage.operator, lineage.parents, lineage.changed, evaluations.scored, evaluations.error,
        evaluations.fitness AS scored_fitness
    FROM runs JOIN lineage ON lineage.run_id = runs.id
    {_SCORES} WHERE runs.name = :name ORDER BY lineage.generation, lineage.asked
"""  # noqa: S608 - as above
_UNCOUNTED = """
    SELECT DISTINCT lineage.fingerprint FROM runs JOIN lineage ON lineage.run_id = runs.id
    LEFT JOIN ledger ON ledger.market_digest = runs.market_digest AND ledger.fingerprint = lineage.fingerprint
    WHERE runs.name = :name AND ledger.fingerprint IS NULL ORDER BY lineage.fingerprint
"""


def _read_run(connection: Connection, row: Row) -> Stored:
    numbered = "SELECT * FROM generations WHERE run_id = :run ORDER BY number"
    work = "SELECT generation, SUM(evaluations) AS done FROM generation_nodes WHERE run_id = :run GROUP BY 1"
    done = _rows(connection, work, run=row["id"]) if inspect(connection).has_table("generation_nodes") else ()
    return Stored(
        {**row, "spec": json.loads(row["spec"])},
        _rows(connection, numbered, run=row["id"]),
        _by_generation(_rows(connection, _MEMBERS, name=row["name"])),
        _by_generation(_rows(connection, _BIRTHS, name=row["name"])),
        {one["generation"]: int(one["done"]) for one in done},
        [one["fingerprint"] for one in _rows(connection, _UNCOUNTED, name=row["name"])],
    )


def _read_jobs(connection: Connection) -> dict[int, Row]:
    rows = _rows(connection, "SELECT * FROM jobs") if inspect(connection).has_table("jobs") else ()
    return {row["id"]: row for row in rows}


def _rows(connection: Connection, query: str, **given: object) -> list[Row]:
    return [dict(row) for row in connection.execute(text(query), given).mappings()]


def _by_generation(rows: Iterable[Row]) -> dict[int, list[Row]]:
    grouped = defaultdict(list)
    for row in rows:
        grouped[int(row["generation"])].append(row)
    return grouped


def report(lines: Sequence[Line], runs: Mapping[str, Stored], findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the document that is printed."""
    told = Counter(line.run for line in lines)
    rows = [
        {
            "run": name,
            "state": stored.run["state"],
            "generations": len(stored.generations),
            "acknowledged": told[name],
            "epochs": [row.get("epoch") for row in stored.generations],
            "digest": stored.run["digest"],
            "pruned_at": stored.run.get("pruned_at"),
        }
        for name, stored in runs.items()
    ]
    wrong = [asdict(finding) for finding in findings]
    return {"passed": not wrong, "acknowledged": len(lines), "runs": rows, "findings": wrong}


def check(
    url: URL, logs: Sequence[Path], names: Sequence[str] | None, reference: str | None, *, ended: bool
) -> dict[str, Any]:
    """Read the logs and the history, and return the document of ``report``.

    Raises
    ------
    OSError, SQLAlchemyError
        When one of them cannot be read.
    """
    log, findings = read_logs(logs)
    lines = [line for line in log.runs if names is None or line.run in names]
    generations = [line for line in lines if isinstance(line, Line)]
    engine = create_engine(url)
    # One snapshot: a run that is active meanwhile must not look torn.
    level = "REPEATABLE READ" if url.get_backend_name() == "postgresql" else "SERIALIZABLE"
    with engine.connect().execution_options(isolation_level=level) as connection:
        runs = read_runs(connection, names)
        jobs = _read_jobs(connection)
        markets = {str(one.run["market_digest"]) for one in runs.values()}
        ledger = check_ledger(connection, None if names is None else markets)
    engine.dispose()
    findings += [
        Finding("run-missing", name, "there is no such run") for name in set(names or ()) - set(runs)
    ]
    findings += ledger
    findings += check_log(generations, runs)
    findings += check_ends(lines, runs)
    findings += check_jobs(Queue(jobs, log, runs), names)
    for stored in runs.values():
        findings += check_run(stored)
        findings += check_end(stored, reference) if ended or reference else ()
    return report(generations, runs, findings)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--database-url", default=os.environ.get("GENEPOOL_DATABASE_URL"), help="SQLAlchemy URL"
    )
    file = os.environ.get("GENEPOOL_DATABASE_PASSWORD_FILE") or None
    parser.add_argument("--password-file", type=Path, default=file, help="file with its password")
    several = "; may be given several times"
    logged = "acknowledged.jsonl, one of each service of the history"
    parser.add_argument("--log", type=Path, action="append", default=[], help=logged + several)
    parser.add_argument("--run", action="append", help="check this run only" + several)
    parser.add_argument("--finished", action="store_true", help="the runs must be finished")
    parser.add_argument("--reference", help="digest that the one run must have")
    parsed = parser.parse_args(words)
    if not parsed.database_url:
        parser.error("which history? give --database-url, or set GENEPOOL_DATABASE_URL")
    if parsed.reference and len(parsed.run or ()) != 1:
        parser.error("--reference belongs to one run: give exactly one --run")
    return parsed


def main(words: Sequence[str] | None = None) -> int:
    """Check, print the findings as JSON, and return the exit code."""
    given = _arguments(words)
    try:
        url = make_url(given.database_url)
        if given.password_file:
            url = url.set(password=given.password_file.read_text(encoding="utf-8").strip())
        document = check(url, given.log, given.run, given.reference, ended=given.finished)
    except (OSError, SQLAlchemyError) as error:
        print(f"cannot check: {str(error).splitlines()[0]}", file=sys.stderr)
        return _ENGINE_FAILED
    print(json.dumps(document, indent=2))
    return 0 if document["passed"] else _WRONG


if __name__ == "__main__":
    sys.exit(main())
