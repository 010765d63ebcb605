"""A run of a service: followed, stopped, continued, and read as one that was bred here."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

from genepool.errors import GenepoolError, Interrupted
from genepool.notebook.changing_line import ChangingLine
from genepool.notebook.client_following import Following
from genepool.notebook.client_problems import NotOffered
from genepool.notebook.run_result import RunResult

if TYPE_CHECKING:
    # Comes with an extra.
    from genepool.notebook.client_wire import Wire

# True for one line that shows how it goes, False for none, or who is told of every document of the job.
Progress: TypeAlias = bool | Callable[[Mapping[str, Any]], object]


class ServiceRun(RunResult):
    """A run of a service.

    Made by ``Client.evolve`` and ``Client.run``. What it says is asked of the service, so it is as the run
    stands now; once the run is finished it is asked no more.

    Parameters
    ----------
    wire
        The connection.
    name
        The run.
    job
        The job that breeds it; None for the newest one that did.
    """

    def __init__(self, wire: "Wire", name: str, job: int | None = None) -> None:
        self._wire = wire
        self._name = name
        self._job = job
        self._kept: Mapping[str, Any] | None = None

    @property
    def run(self) -> str:  # type: ignore[explicit-override] # Python 3.11 has no @override
        """Its name."""
        return self._name

    @property
    def document(self) -> Mapping[str, Any]:  # type: ignore[explicit-override] # as above
        """All of it, as ``genepool show --json`` prints it."""
        if self._kept is not None:
            return self._kept
        found: Mapping[str, Any] = self._wire.get(self._path())
        if found["state"] == "finished":
            self._kept = found
        return found

    @property
    def state(self) -> str:
        """Where it stands: queued, running, stopping, finished, interrupted or failed."""
        return str(self.document["state"])

    def wait(self, progress: Progress = True) -> "ServiceRun":
        """Follow it until its job has ended, and return it.

        Interrupting the cell, or Ctrl-C, ends the waiting alone: the service breeds on.

        Raises
        ------
        Interrupted
            When it was stopped or ran out of time, or the waiting was interrupted.
        GenepoolError
            When it failed; the sentence says why.
        ServiceUnavailable
            When the service stays away for longer than the client's patience.
        """
        number = self._job or self._newest_job()
        if number is not None:
            try:
                job = followed(self._wire, number, self._name, progress)
            except KeyboardInterrupt as error:
                raise Interrupted(
                    f"run {self._name} is still bred by the service: client.run({self._name!r}).wait() "
                    "follows it again, and .stop() stops it"
                ) from error
            self._refuse(job)
        return self

    def stop(self) -> "ServiceRun":
        """Ask for its end; what it has found is kept, and ``resume`` continues it."""
        self._wire.post(self._path("/stop"))
        return self

    def resume(
        self,
        *,
        generations: int | None = None,
        max_evaluations: int | None = None,
        max_minutes: float | None = None,
        plateau: int | None = None,
        progress: Progress = True,
        wait: bool = True,
    ) -> "ServiceRun":
        """Continue it after it was stopped, or give it larger budgets.

        Parameters
        ----------
        generations, max_evaluations, max_minutes, plateau
            Larger budgets; None for those that it has.
        progress, wait
            As ``Client.evolve``.

        Raises
        ------
        JobConflict, ConfigError, Interrupted
            When it is bred already, a budget is smaller than before, or it was stopped again.
        """
        said = {
            "generations": generations,
            "max_evaluations": max_evaluations,
            "max_minutes": max_minutes,
            "plateau": plateau,
        }
        budgets = {name: value for name, value in said.items() if value is not None}
        self._job, self._kept = self._wire.post_once(self._path("/resume"), budgets)["job"], None
        return self.wait(progress) if wait else self

    def rename(self, name: str) -> "ServiceRun":
        """Call it otherwise."""
        self._wire.change("PATCH", self._path(), {"name": name})
        self._name, self._kept = name, None
        return self

    def note(self, text: str) -> "ServiceRun":
        """Write a note on it; an empty one takes it away."""
        self._wire.change("PATCH", self._path(), {"note": text})
        return self

    def delete(self) -> None:
        """Delete it; its trials still count."""
        self._wire.change("DELETE", self._path())

    def report(self, path: str | Path | None = None) -> Path:  # type: ignore[explicit-override] # as above
        """Download the HTML report, and return where it is; the service writes it first where there is none.

        Parameters
        ----------
        path
            The file; ``RUN.html`` here where none is given.
        """
        file = Path(path) if path is not None else Path(f"{self._name}.html")
        try:
            self._wire.download(self._path("/report"), file)
        except NotOffered:
            self._refuse(
                followed(self._wire, self._wire.post(self._path("/report"))["id"], self._name, False)
            )
            self._wire.download(self._path("/report"), file)
        return file

    def _path(self, behind: str = "") -> str:
        return f"/v1/runs/{quote(self._name, safe='')}{behind}"

    def _newest_job(self) -> int | None:
        jobs = self._wire.get("/v1/jobs", run=self._name, count=100)["jobs"]
        return next((int(job["id"]) for job in jobs if job["kind"] == "evolve"), None)

    def _refuse(self, job: Mapping[str, Any]) -> None:
        if job["state"] == "failed":
            raise GenepoolError(f"run {self._name} failed: {job['error']}")
        if job["state"] != "done":
            raise Interrupted(
                f"run {self._name} is stopped: job {job['id']} is {job['state']}; resume it by "
                f"client.run({self._name!r}).resume()"
            )


def followed(wire: "Wire", job: int, run: str | None, progress: Progress) -> Mapping[str, Any]:
    """Follow a job until it has ended; return its last document."""
    told = progress if callable(progress) else _Shown(ChangingLine()) if progress else _told_nobody
    document: Mapping[str, Any] = {}
    for document in Following(wire, job, run).documents():
        told(document)
    return document


class _Shown:
    """Shows the progress of a job as one line."""

    def __init__(self, line: ChangingLine) -> None:
        self._line = line

    def __call__(self, job: Mapping[str, Any]) -> None:
        """Show what a document says."""
        self._line.show(_sentence(job))
        if job["ended_at"] is not None:
            self._line.end()


def _sentence(job: Mapping[str, Any]) -> str:
    said, what = job["progress"], job["run"] or job["kind"]
    if job["state"] != "running":
        return f"{what} is {job['state']}"
    parts = [str(what)]
    if "generation" in said:
        parts.append(f"generation {said['generation']} of {said['generations']}")
    if said.get("best") is not None:
        parts.append(f"best {said['best']:.4g}")
    if said.get("step"):
        parts.append(str(said["step"]))
    return " · ".join(parts)


def _told_nobody(_job: Mapping[str, Any]) -> None:
    """Take a document and do nothing."""
