"""Draws what goes wrong: a page for a browser, a few lines for a part of one."""

from fastapi import Request
from fastapi.responses import Response

from genepool.api.access import Gate
from genepool.api.pages.drawing import Drawing
from genepool.api.problems import DrawProblem, ToldProblem


def problem_drawer(gate: Gate, drawing: Drawing) -> DrawProblem:
    """Return what draws problems.

    Parameters
    ----------
    gate, drawing
        Whose session it is, and how pages look.
    """

    def draw(request: Request, problem: ToldProblem) -> Response:
        if request.headers.get("hx-request"):
            said = drawing.page(request, None, "problem_lines.html.j2", problem.status, detail=problem.detail)
            # A part that was asked for stays as it was: what went wrong stands beside it.
            said.headers.update({"HX-Retarget": "#told", "HX-Reswap": "innerHTML"})
            return said
        return drawing.page(
            request, gate.session(request), "problem.html.j2", problem.status, title=problem.title,
            detail=problem.detail,
        )  # fmt: skip

    return draw
