"""The HTML report, as use cases have it written."""

from pathlib import Path

from genepool.adapters.report.write import write_report
from genepool.cli._neighbours import tried_around
from genepool.pool.ancestry import Fetch
from genepool.pool.findings import Findings
from genepool.pool.planning import Plan
from genepool.pool.reporting import report_data
from genepool.ports import EvaluationHistory
from genepool.robustness.neighbourhood import Neighbourhood
from genepool.usecases.report_run import Reported


class HtmlReports:
    """``ReportWriter`` of HTML files."""

    def explore(
        self, plan: Plan, found: Findings, fetch: Fetch, history: EvaluationHistory
    ) -> Neighbourhood | None:
        """Evaluate the champion's neighbours, and have the history count those that the run did not try."""
        return tried_around(plan, found, fetch, history)

    def write(self, path: Path, reported: Reported[Neighbourhood]) -> Path:
        """Write the report and return where it is."""
        data = report_data(
            reported.summary,
            reported.found,
            reported.fetch,
            reported.judged,
            reported.problem,
            reported.pruned,
            reported.around,
        )
        return write_report(path, data)
