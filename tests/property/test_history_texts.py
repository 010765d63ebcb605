"""What the history writes and reads of texts is what Python's own JSON writes and reads, bit for bit."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.adapters.store import codec
from genepool.backtest.evaluation import Evaluation, Scored
from genepool.errors import StoreError
from genepool.evolution.population import Candidate
from genepool.genome import Genome
from genepool.history import scored_text
from genepool.market.measures import Measures

MEASURES = len(Measures.__slots__)

floats = st.floats(allow_nan=False, allow_infinity=False)
numbers = floats | st.integers() | floats.map(np.float64) | st.booleans()
strange = st.sampled_from([float("nan"), float("inf"), float("-inf"), np.float64("nan")])
names = st.text() | st.text("0123456789abcdef", min_size=16, max_size=16)
several_names = st.lists(names, max_size=4).map(tuple)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def scored_of(number: st.SearchStrategy[Any]) -> st.SearchStrategy[Scored]:
    """Draw what a genome scored, of numbers of one kind."""
    several = st.lists(number, min_size=1, max_size=4).map(tuple)
    measures = st.lists(number, min_size=MEASURES, max_size=MEASURES).map(lambda drawn: Measures(*drawn))
    return st.builds(Scored, several, several, measures, measures, several, several)


def by_python(scored: Scored) -> str:
    """Return the same scores as Python's encoder writes them."""
    spans = ("in_sample", "walk_forward")
    fields = {name: getattr(scored, name) for name in Scored.__slots__}
    for span in spans:
        fields[span] = {name: getattr(fields[span], name) for name in Measures.__slots__}
    return json.dumps(fields)


@given(scored_of(floats) | scored_of(numbers))
def test_scores_are_written_as_python_writes_them(scored: Scored) -> None:
    assert scored_text(scored) == by_python(scored)


@settings(deadline=None)  # the rules of a result are compiled once
@given(scored_of(floats), strange)
def test_a_score_that_is_not_finite_is_refused(scored: Scored, number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        scored_text(replace(scored, walk_forward=replace(scored.walk_forward, skew=number)))
    with pytest.raises(StoreError, match="not finite"):
        codec.result_of(Evaluation(Genome("macd", ()), replace(scored, fold_returns=(0.0, number))))


@settings(deadline=None)  # the rules of a result are compiled once
@given(st.lists(st.tuples(names, floats | st.integers() | st.booleans()), max_size=6).map(tuple))
def test_genes_are_written_as_python_writes_them(genes: tuple[tuple[str, float], ...]) -> None:
    # A name that no encoding knows has no fingerprint, and no gene has it.
    genes = tuple((name.encode(errors="replace").decode(), value) for name, value in genes)
    written = codec.result_of(Evaluation(Genome("macd", genes), None, "failed"))

    assert written.genes == json.dumps(genes)


@given(several_names, several_names)
def test_births_are_written_as_python_writes_them(parents: tuple[str, ...], changed: tuple[str, ...]) -> None:
    birth = codec.birth_of(Candidate(Genome("macd", ()), "crossover", parents, changed))

    assert (birth.parents, birth.changed) == (json.dumps(parents), json.dumps(changed))
    assert codec.read_names(birth.changed) == changed


@given(values)
def test_what_is_read_is_what_python_reads(value: object) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        # As texts: NaN equals nothing, 0.0 equals -0.0, and 1 equals 1.0.
        assert repr(codec.read_json(text)) == repr(json.loads(text))


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?", fullmatch=True))
def test_a_number_of_any_digits_is_read_as_python_reads_it(text: str) -> None:
    assert repr(codec.read_json(text)) == repr(json.loads(text))


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "-0", "-0.0", "5e-324", "1e309", '"\\ud800"']
)
def test_the_edges_are_read_as_python_reads_them(text: str) -> None:
    assert repr(codec.read_json(text)) == repr(json.loads(text))


@pytest.mark.parametrize("text", ["", "[1", "{'a': 1}", "[1] 2", "nan", "01", "[1,]"])
def test_what_is_no_json_is_refused_in_pythons_words(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        codec.read_json(text)
