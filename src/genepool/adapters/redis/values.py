"""Keys and values in Redis: a value that was not written here, for this key, is recognised and refused."""

import hashlib

import msgpack

from genepool.backtest.evaluation import Scored
from genepool.plain import read_scored, scored_values

# Raise it when the layout of a value changes: every older value becomes unreachable at once.
SCHEMA = 1
LARGEST = 4_096

_SUM_BYTES = 16
_HEAD_BYTES = 1 + _SUM_BYTES


def key_of(problem_digest: str, rules: str, fingerprint: str) -> str:
    """Return the key of a genome's result on a problem under the rules that it was made by."""
    return f"gp:{SCHEMA}:fit:{problem_digest}:{rules}:{fingerprint}"


def pack(key: str, scored: Scored) -> bytes | None:
    """Return the value: schema, checksum over key and body, body.

    None when it is not worth keeping: a number is not finite, or it is larger than 4 KiB.
    """
    try:
        body = msgpack.packb(scored_values(scored))
    except ValueError:
        return None
    value = bytes([SCHEMA]) + _sum(key, body) + body
    return value if len(value) <= LARGEST else None


def unpack(key: str, value: bytes) -> Scored | None:
    """Read what ``pack`` returned for this key; None for anything else, which is never executed."""
    if not _HEAD_BYTES < len(value) <= LARGEST or value[0] != SCHEMA:
        return None
    if value[1:_HEAD_BYTES] != _sum(key, value[_HEAD_BYTES:]):
        return None
    try:
        return read_scored(msgpack.unpackb(value[_HEAD_BYTES:]))
    except (ValueError, msgpack.UnpackException):
        return None


def _sum(key: str, body: bytes) -> bytes:
    # The key holds problem, rules and genome: another genome's value does not fit.
    return hashlib.blake2b(key.encode() + b"\0" + body, digest_size=_SUM_BYTES).digest()
