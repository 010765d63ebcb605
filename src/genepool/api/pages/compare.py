"""Runs and genomes beside each other."""

import json
from collections.abc import Sequence
from itertools import zip_longest
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from genepool.adapters.report.figures_section import MEASURES
from genepool.adapters.report.notation import NONE, measure
from genepool.api.access import Gate
from genepool.api.pages.drawing import Drawing
from genepool.api.v1.run_names import OpenRun
from genepool.api_keys import ApiKey
from genepool.backtest.caveats import reading_of
from genepool.genome_notation import gene_value
from genepool.usecases.compare_genomes import ComparedRun, RunComparison, compare, named_genome
from genepool.usecases.genome_document import GenomeDocument

# Lines differ by ink, and those of the same ink by dashes.
_INKS = ("--forward", "--hold", "--past", "--noise")
_DASHES: Sequence[Sequence[int] | None] = (None, (6, 4))
_FEWEST = 2


def routes(gate: Gate, drawing: Drawing, open_run: OpenRun) -> APIRouter:
    """Return the routes of the page.

    Parameters
    ----------
    gate, drawing
        Who may look, and how it looks.
    open_run
        Opens a recorded run.
    """
    router = APIRouter(include_in_schema=False)
    reader = Annotated[ApiKey, Depends(gate.page_reads)]

    @router.get("/compare")
    def compared(
        request: Request, key: reader, run: Annotated[list[str] | None, Query(max_length=50)] = None
    ) -> Response:
        words = [word.strip() for word in run or () if word.strip()]
        if len(words) < _FEWEST:
            return drawing.page(request, key, "compare.html.j2", words=words, found=None)
        found = compare([named_genome(word) for word in words], open_run)
        shown: dict[str, Any] = {
            "chart": json.dumps(_chart(found)),
            "spans": _spans(found),
            "genes": _genes(found),
        }
        return drawing.page(
            request, key, "compare.html.j2", words=words, found=found, written=_written, **shown
        )

    return router


def _chart(found: RunComparison) -> dict[str, Any]:
    lines = list(zip(*zip_longest(*(one.curve for one in found.runs)), strict=True))
    return {
        "x": list(range(max(len(one.curve) for one in found.runs))),
        "across": "generation",
        "lines": [_line(number, one, lines) for number, one in enumerate(found.runs)],
    }


def _line(number: int, one: ComparedRun, lines: Sequence[Sequence[float | None]]) -> dict[str, Any]:
    return {
        "label": one.run,
        "ink": _INKS[number % len(_INKS)],
        "dash": _DASHES[number // len(_INKS) % len(_DASHES)],
        "values": lines[number] if lines else [],
    }


def _spans(found: RunComparison) -> dict[str, list[tuple[str, list[str]]]]:
    """Return the measures of each span, by what they are called."""
    return {
        span.replace("_", "-"): [
            (name, [_measure(one, span, field) for one in found.runs]) for field, name in MEASURES.items()
        ]
        for span in ("in_sample", "walk_forward")
    }


def _measure(one: ComparedRun, span: str, field: str) -> str:
    if one.genome is None:
        return NONE
    return measure(reading_of(field, getattr(one.genome, span), one.candles_per_year))


def _genes(found: RunComparison) -> list[tuple[str, list[str]]]:
    """Return the genes of all genomes; one that a genome lacks is left open."""
    genomes = [one.genome for one in found.runs]
    names = dict.fromkeys(name for one in genomes if one for name in one.genes)
    return [(name, [_gene(one, name) for one in genomes]) for name in names]


def _gene(genome: GenomeDocument | None, name: str) -> str:
    return gene_value(genome.genes[name]) if genome and name in genome.genes else NONE


def _written(value: Any) -> str:  # noqa: ANN401 - of any setting
    if value is None or value == "":
        return NONE
    if isinstance(value, list):
        return ", ".join(map(str, value)) or NONE
    return f"{value:g}" if isinstance(value, float) else str(value)
