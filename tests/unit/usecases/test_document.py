"""A document says the same to a command and to a page."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from genepool.market.costs import CostModel
from genepool.usecases.document import AMONG, Document


@dataclass(frozen=True, slots=True)
class Answer(Document):
    mark: str


@dataclass(frozen=True, slots=True)
class Example(Document):
    first: int
    answer: Answer = field(metadata=AMONG)
    spans: Sequence[tuple[int, int]]
    answers: Mapping[str, Answer]
    costs: CostModel
    nothing: Answer | None


EXAMPLE = Example(1, Answer("yes"), ((0, 2), (3, 4)), {"a": Answer("no")}, CostModel(), None)


def test_members_stand_in_the_order_of_the_fields_and_those_of_an_inner_document_among_them() -> None:
    assert list(EXAMPLE.as_json()) == ["first", "mark", "spans", "answers", "costs", "nothing"]


def test_it_is_what_json_reads_back() -> None:
    document = EXAMPLE.as_json()
    assert json.loads(json.dumps(document)) == document
    assert document["spans"] == [[0, 2], [3, 4]]
    assert document["answers"] == {"a": {"mark": "no"}}
    assert document["costs"]["taker_fee"] == CostModel().taker_fee
