"""A lease that is claimed anew is renewed anew."""

from sqlalchemy import create_engine
from typing_extensions import override

from genepool.adapters.store.leases import Leases
from genepool.errors import Fenced


class Overtaken(Leases):
    """Leases whose run is claimed again while the renewal of the earlier claim is under way."""

    @override
    def renew(self, run: str) -> None:
        self._held[run] = 2
        raise Fenced("this one's claim 1 is over")


def test_an_answer_about_an_earlier_claim_does_not_end_the_newer_one() -> None:
    leases = Overtaken(create_engine("sqlite://"), "north", "a history")
    leases._held["first"] = 1
    assert leases._renew_all()
    assert leases._held == {"first": 2}
