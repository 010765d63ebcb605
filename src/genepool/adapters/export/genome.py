"""A genome as a JSON file that other programs can rely on."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from genepool.adapters.export.whole_file import whole_file
from genepool.usecases.genome_document import GenomeDocument


def genome_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    text = files("genepool.adapters.export").joinpath("schemas/genome-2.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def write_genome(path: Path, genome: GenomeDocument) -> None:
    """Write the document of one genome.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """
    with whole_file(path) as stream:
        stream.write(json.dumps(genome.as_json(), indent=2, allow_nan=False) + "\n")
