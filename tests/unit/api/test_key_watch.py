"""Keys that were revoked are known within seconds, by few questions, and while the history is away."""

from dataclasses import dataclass, field

from genepool.api.key_watch import KeyWatch
from genepool.api_keys import ApiKey
from genepool.errors import StoreAway

OPEN = ApiKey(1, "open", "read", "2026-11-29T10:00:00+00:00")
REVOKED = ApiKey(2, "revoked", "read", "2026-11-29T10:00:00+00:00", "2026-11-29T11:00:00+00:00")


@dataclass
class Ring:
    """Keys in memory, and the time."""

    keys: list[ApiKey] = field(default_factory=lambda: [OPEN])
    asked: int = 0
    away: bool = False
    seconds: float = 100.0

    def listed(self) -> list[ApiKey]:
        self.asked += 1
        if self.away:
            raise StoreAway("the history is away")
        return self.keys

    def now(self) -> float:
        return self.seconds


def test_a_key_that_is_revoked_is_let_in_no_more_five_seconds_later() -> None:
    ring = Ring()
    watch = KeyWatch(ring.listed, ring.now)
    watch.look()
    ring.keys = [OPEN, REVOKED]
    ring.seconds += 4.9
    watch.look()
    assert not watch.is_old()
    assert watch.lets_in(2)
    ring.seconds += 0.1
    assert watch.is_old()
    watch.look()
    assert not watch.lets_in(2)
    assert watch.lets_in(1)


def test_many_listeners_ask_once() -> None:
    ring = Ring()
    watch = KeyWatch(ring.listed, ring.now)
    for number in range(200):
        watch.look()
        assert watch.lets_in(number)
    assert ring.asked == 1


def test_while_the_history_is_away_all_stays_as_it_was() -> None:
    ring = Ring([OPEN, REVOKED])
    watch = KeyWatch(ring.listed, ring.now)
    watch.look()
    ring.away, ring.seconds = True, ring.seconds + 60
    watch.look()
    assert watch.lets_in(1)
    assert not watch.lets_in(2)
