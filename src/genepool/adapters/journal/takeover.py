"""How a process takes over runs, with what an earlier process left of them and of others."""

from genepool.adapters.journal.carrier import Carrier
from genepool.adapters.journal.inquiry import Inquiry
from genepool.adapters.journal.leftovers import Leftovers


class Takeover:
    """Claims a run; no other run that an earlier process left in the journal is lost or undone by that.

    Parameters
    ----------
    carrier
        Holds the entries.
    leftovers
        Knows what becomes of those of other runs.
    inquiry
        Knows which runs this process owns, and waits for the history.
    """

    def __init__(self, carrier: Carrier, leftovers: Leftovers, inquiry: Inquiry) -> None:
        self._carrier = carrier
        self._leftovers = leftovers
        self._inquiry = inquiry

    def claim(self, run: str) -> None:
        """Claim a run once nothing of an earlier one waits, then carry what the journal holds.

        Raises
        ------
        RunNotFound, RunFinished, Fenced
            As ``RunLog.claim``.
        """
        self._carry_the_rest()
        self._leftovers.claim(run)
        self._refuse_what_failed()
        self._carrier.reopen(run)
        self._carry_leftovers({run})

    def settle_what_is_over(self) -> None:
        """Leave nothing in the journal that would undo the end of a run."""
        if self._carrier.failure is not None:
            self._refuse_what_is_over()
        elif self._carrier.started:
            self._carry_the_rest()
            self._carrier.save()
        elif self._leftovers.over() or self._carrier.ended:
            self._carry_leftovers(set())

    def _carry_the_rest(self) -> None:
        """Wait until all that this process acknowledged is in the history, unless that refuses it."""
        if self._carrier.started and self._carrier.failure is None:
            self._inquiry.settle()

    def _refuse_what_failed(self) -> None:
        """Keep aside what the history did not take: it takes claims, so it was not away."""
        # Also what belongs to no run may be refused.
        self._refuse({*self._inquiry.claimed, ""})

    def _refuse_what_is_over(self) -> None:
        over = self._leftovers.over()
        if over:
            self._refuse({*over, ""})

    def _refuse(self, runs: set[str]) -> None:
        failure = self._carrier.failure
        if failure is not None:
            self._leftovers.refuse(runs, str(failure))

    def _carry_leftovers(self, own: set[str]) -> None:
        """Carry all that the journal holds, and let go of the runs that this process does not want."""
        others = self._leftovers.adopt(self._carrier.runs - own)
        ended = self._carrier.ended
        self._inquiry.claimed = own | others
        self._carrier.start()
        self._inquiry.settle()
        self._leftovers.let_go(others - ended)
        self._carrier.save()
        self._inquiry.claimed = own
