"""The champion's neighbourhood as a heat map."""

from genepool.adapters.report.charts.frame import Caption
from genepool.adapters.report.charts.heat_map import Cell, heat_map
from genepool.adapters.report.notation import NONE, ratio
from genepool.genome_notation import gene_value
from genepool.robustness.neighbourhood import Neighbourhood


def neighbourhood_figure(found: Neighbourhood, run_objective: str) -> str:
    """Draw the neighbourhood as a heat map."""
    (column_name, column_values), (row_name, row_values) = found.columns, found.rows
    cells = [
        Cell(
            cell.column,
            cell.row,
            cell.score,
            NONE if cell.score is None else ratio(cell.score),
            f"{column_name}={gene_value(column_values[cell.column])}, "
            f"{row_name}={gene_value(row_values[cell.row])}: "
            + ("failed" if cell.score is None else ratio(cell.score))
            + (", evaluated during the run" if cell.evaluated_in_run else ", evaluated for this picture"),
            dotted=cell.evaluated_in_run,
            marked=(cell.column, cell.row) == found.centre,
        )
        for cell in found.cells
    ]
    scores = [cell.score for cell in found.cells if cell.score is not None]
    return heat_map(
        Caption(
            "neighbourhood",
            f"Scores around the champion over {column_name} and {row_name}",
            f"Selection score ({run_objective}) from {ratio(min(scores))} to {ratio(max(scores))}."
            if scores
            else "No neighbour could be scored.",
        ),
        cells,
        (column_name, [gene_value(value) for value in column_values]),
        (row_name, [gene_value(value) for value in row_values]),
    )
