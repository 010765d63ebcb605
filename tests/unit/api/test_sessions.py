"""A browser's session is its key's: signed, dated, and over when the key is."""

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genepool.adapters.store import embedded_url, open_sql_store
from genepool.api.sessions import LASTS_SECONDS, Passes, csrf_token, key_of_session, signed_session
from genepool.api_keys import ApiKey, Scope, fresh_key

NOW = 1_800_000_000.0


class Ring:
    """``KeyRing`` of one key."""

    def __init__(self, secret: str = "s" * 64) -> None:
        self.only = ApiKey(7, "laptop", "run", "2026-01-01", None, secret)

    def numbered(self, number: int) -> ApiKey | None:
        return self.only if number == self.only.id else None

    def find(self, key: str) -> ApiKey | None:
        raise NotImplementedError(key)

    def add(self, key: str, name: str, scope: Scope) -> ApiKey:
        raise NotImplementedError(key, name, scope)

    def listed(self) -> list[ApiKey]:
        raise NotImplementedError

    def revoke(self, number: int) -> ApiKey:
        raise NotImplementedError(number)


def test_a_session_stands_for_its_key_until_its_time_is_over() -> None:
    ring = Ring()
    cookie = signed_session(ring.only, NOW)
    assert key_of_session(cookie, ring, NOW + LASTS_SECONDS - 1) == ring.only
    assert key_of_session(cookie, ring, NOW + LASTS_SECONDS + 1) is None


def test_a_longer_life_and_another_keys_number_are_forgeries() -> None:
    ring = Ring()
    number, until, salt, signature = signed_session(ring.only, NOW).split(".")
    for forged in (
        f"{number}.{int(until) + 1}.{salt}.{signature}",
        f"8.{until}.{salt}.{signature}",
        f"{number}.{until}.{salt}.{signature[:-1]}",
        f"{number}.{until}.{salt}.",
    ):
        assert key_of_session(forged, ring, NOW) is None
    assert key_of_session(signed_session(Ring("x" * 64).only, NOW), ring, NOW) is None


@given(st.text(max_size=60))
def test_no_rubbish_is_a_session(rubbish: str) -> None:
    assert key_of_session(rubbish, Ring(), NOW) is None


def test_a_revoked_key_ends_its_sessions(tmp_path: Path) -> None:
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as store:
        key = store.keys.add(fresh_key(), "laptop", "run")
        cookie = signed_session(key, NOW)
        assert key_of_session(cookie, store.keys, NOW) == key
        store.keys.revoke(key.id)
        assert key_of_session(cookie, store.keys, NOW) is None


def test_a_pass_opens_one_session_soon() -> None:
    clock = [0.0]
    passes, key = Passes(lambda: clock[0]), Ring().only
    word = passes.issue(key)
    assert passes.redeem(word) == 7
    assert passes.redeem(word) is None, "once"
    late = passes.issue(key)
    clock[0] = 121.0
    assert passes.redeem(late) is None
    assert passes.redeem("guessed") is None


def test_passes_that_nobody_uses_take_no_more_and_more_memory() -> None:
    passes = Passes(lambda: 0.0)
    first = passes.issue(Ring().only)
    words = [passes.issue(Ring().only) for _ in range(200)]
    assert passes.redeem(first) is None
    assert passes.redeem(words[-1]) == 7


@pytest.mark.parametrize("cookie", ["7.1800000000.5f5f.c0ffee", "1.2.3.4"])
def test_what_a_page_repeats_says_nothing_of_the_session_itself(cookie: str) -> None:
    assert csrf_token(cookie) != csrf_token(cookie + "x")
    assert cookie not in csrf_token(cookie)
