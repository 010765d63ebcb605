"""json: the genome as the document that ``genepool backtest --genome`` reads back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from genepool.ports.export_targets import ExportedChampion


@dataclass(frozen=True, slots=True)
class JsonGenome:
    """The genome as JSON with a schema."""

    name: str = "json"
    summary: str = "The genome as JSON with its schema, which genepool backtest --genome reads back"

    def refusal(self, champion: ExportedChampion) -> str | None:
        """Refuse a genome of no run."""
        return None if champion.record else "it is of no recorded run, which the document tells of"

    def files(self, champion: ExportedChampion) -> Mapping[str, str]:
        """Return ``genome.json``."""
        document = champion.record.document if champion.record else {}
        return {"genome.json": json.dumps(document, indent=2, allow_nan=False) + "\n"}


TARGET = JsonGenome()
