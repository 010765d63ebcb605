"""A genome file, read back: who trades, and by which rules it was scored."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from genepool.errors import ConfigError
from genepool.market.costs import CostModel
from genepool.market.moments import nanoseconds
from genepool.market.split import SplitRule
from genepool.small_files import Unfit, read_small
from genepool.usecases.genome_document import SCHEMA
from genepool.usecases.genome_file import GenomeFile, ScoredCandles

MOST_BYTES = 1_000_000
# Files of the first schema lack spans, what measures are annualised by, and two digests.
SCHEMAS = ("genepool/genome/1", SCHEMA)
_REMEDY = "give a genome that genepool exported"
Rule = TypeVar("Rule")
_LONGEST_WHOLE = 16
_WHOLE = frozenset({"folds", "purge", "embargo"})


def read_genome(path: Path) -> GenomeFile:
    """Read a genome file of this or an older schema.

    Raises
    ------
    ConfigError
        When it is none, or damaged; the message names the file and the field.
    """
    return genome_in(path, _text(path))


def genome_in(path: Path, text: str) -> GenomeFile:
    """Return what the text of a genome file says.

    Parameters
    ----------
    path
        What messages call the file.
    text
        What it holds.

    Raises
    ------
    ConfigError
        As ``read_genome``.
    """
    document = _Section(path, "", _parsed(path, text))
    schema = document.members.get("schema")
    if schema not in SCHEMAS:
        newer = isinstance(schema, str) and schema.startswith("genepool/genome/")
        remedy = "update genepool, or export the genome with this version" if newer else _REMEDY
        raise ConfigError(f"{path} does not say schema {SCHEMA!r} or an older one: {remedy}")
    strategy, genes = document.text("strategy"), document.section("genes")
    if not strategy or genes is None:
        raise ConfigError(f"{path} lacks a strategy or its genes: {_REMEDY}")
    costs, missing = _costs(document.section("costs"))
    run, spans = document.section("run"), document.section("spans")
    return GenomeFile(
        path=path,
        strategy=strategy,
        genes=_genes(path, genes.members),
        fingerprint=document.text("fingerprint"),
        strategy_version=document.count("strategy_version"),
        costs=costs,
        missing_costs=missing,
        split=_split(document.section("split")),
        data=_data(document.section("data")),
        candles_per_year=_per_year(document),
        problem_digest=document.text("problem_digest"),
        objective=document.text("objective"),
        version=run.text("version") if run else None,
        spans=spans.members if spans else None,
    )


@dataclass(frozen=True, slots=True)
class _Section:
    """One object of the document; every member is checked when it is read."""

    path: Path
    name: str
    members: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        value = self.members.get(name)
        if value is None or isinstance(value, str):
            return value
        raise self.fault(name, value, "which is no text")

    def number(self, name: str) -> float | None:
        value = self.members.get(name)
        if value is None or (_is_number(value) and math.isfinite(value)):
            return value
        raise self.fault(name, value, "which is no number")

    def count(self, name: str) -> int | None:
        value = self.number(name)
        if value is not None and (value < 0 or value != int(value)):
            raise self.fault(name, value, "which is no whole number from 0 on")
        return None if value is None else int(value)

    def words(self, name: str) -> tuple[str, ...]:
        value = self.members.get(name, [])
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            return tuple(value)
        raise self.fault(name, value, "which is no list of words")

    def section(self, name: str) -> "_Section | None":
        value = self.members.get(name)
        if value is None or isinstance(value, Mapping):
            return None if value is None else _Section(self.path, f"{name}.", value)
        raise self.fault(name, value, "which is no object")

    def fault(self, name: str, value: object, why: str) -> ConfigError:
        return ConfigError(f"{self.path}: {self.name}{name} is {str(value)[:60]!r}, {why}: {_REMEDY}")


def _text(path: Path) -> str:
    try:
        return read_small(path, MOST_BYTES)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except Unfit as error:
        raise ConfigError(f"{path} {error}: give a file with a genome that genepool exported") from error
    except UnicodeError as error:
        raise ConfigError(f"{path} is not JSON: {_REMEDY}") from error


def _parsed(path: Path, text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text, parse_int=_whole, object_pairs_hook=lambda pairs: _once(path, pairs))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is not JSON: {_REMEDY}") from error
    return found if isinstance(found, Mapping) else {}


def _whole(digits: str) -> float:
    """Return a whole number; a long one as a float, which can be compared with any bounds."""
    return int(digits) if len(digits) < _LONGEST_WHOLE else float(digits)


def _once(path: Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; one that names a member twice could be read in two ways."""
    members = dict(pairs)
    if len(members) < len(pairs):
        twice = next(name for name, _ in pairs if [other for other, _ in pairs].count(name) > 1)
        raise ConfigError(f"{path} names {twice!r} twice in one object: leave one of them")
    return members


def _genes(path: Path, members: Mapping[str, Any]) -> dict[str, float]:
    for name, value in members.items():
        if not _is_number(value):
            raise ConfigError(f"{path}: gene {name} is {value!r}, which is no number")
    return {name: float(value) for name, value in members.items()}


def _costs(section: _Section | None) -> tuple[CostModel | None, tuple[str, ...]]:
    if section is None:
        return None, ()
    known = {field.name for field in fields(CostModel)}
    if unknown := sorted(set(section.members) - known):
        raise ConfigError(
            f"{section.path}: this genepool knows no cost {unknown[0]!r}: update genepool, or take it out"
        )
    said = {name: value for name in section.members if (value := section.number(name)) is not None}
    return _built(section, CostModel, said), tuple(sorted(known - set(said)))


def _split(section: _Section | None) -> SplitRule | None:
    if section is None:
        return None
    names = [field.name for field in fields(SplitRule)]
    if lacking := [name for name in names if section.members.get(name) is None]:
        raise ConfigError(f"{section.path}: split.{lacking[0]} is missing: {_REMEDY}")
    said = {name: section.count(name) if name in _WHOLE else section.number(name) for name in names}
    return _built(section, SplitRule, said)


def _built(section: _Section, rule: Callable[..., Rule], said: Mapping[str, Any]) -> Rule:
    try:
        return rule(**said)
    except ConfigError as error:
        raise ConfigError(f"{section.path}: {error}") from error


def _data(section: _Section | None) -> ScoredCandles | None:
    if section is None:
        return None
    source, digest = section.text("source"), section.text("digest")
    symbol, timeframe, candles = section.text("symbol"), section.text("timeframe"), section.count("candles")
    if source is None or digest is None or symbol is None or timeframe is None or candles is None:
        raise ConfigError(
            f"{section.path}: data lacks its source, digest, symbol, timeframe or candles: {_REMEDY}"
        )
    return ScoredCandles(
        source, digest, symbol, timeframe, candles, section.words("reading"), _first(section)
    )


def _first(section: _Section) -> int | None:
    text = section.text("first")
    try:
        return None if text is None else nanoseconds(text)
    except ValueError as error:
        raise section.fault("first", text, "which is no moment such as 2019-06-14T10:00:00Z") from error


def _per_year(document: _Section) -> float | None:
    value = document.number("candles_per_year")
    if value is not None and value <= 0:
        raise document.fault("candles_per_year", value, "which is no positive number")
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
