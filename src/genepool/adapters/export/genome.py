"""A genome as a JSON file that other programs can rely on."""

import json
from pathlib import Path

from genepool.adapters.export.whole_file import whole_file
from genepool.usecases.genome_document import GenomeDocument


def write_genome(path: Path, genome: GenomeDocument) -> None:
    """Write the document of one genome.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """
    with whole_file(path) as stream:
        stream.write(json.dumps(genome.as_json(), indent=2, allow_nan=False) + "\n")
