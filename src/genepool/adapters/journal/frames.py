"""How an entry of the journal looks on disk; every bit of it is covered by a checksum.

::

    magic 2 | version 1 | kind 1 | length of run 2 | length of body 4 | run | body | SHA-256 32

The checksum covers the checksum of the entry before it and everything in front of it, so that
entries can neither be changed nor left out nor put in another order. Numbers are little-endian.
"""

import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass

MAGIC = b"GJ"
VERSION = 1
# What stands for the entry before the first.
START = bytes(32)

_HEAD = struct.Struct("<2sBBHI")
_SUM_BYTES = 32

# Returns so many bytes from an offset on, fewer at the end of the file.
Read = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class JournalFrame:
    """An entry on disk.

    Parameters
    ----------
    kind
        What its body is.
    run
        Whose it is.
    body
        Offset of its body, and its length in bytes.
    start, end
        Offsets of the whole frame.
    digest
        Its checksum.
    """

    kind: int
    run: str
    body: tuple[int, int]
    start: int
    end: int
    digest: bytes


def written(before: bytes, kind: int, run: str, body: bytes) -> bytes:
    """Return the bytes of an entry that follows the one with this checksum; its own are the last."""
    name = run.encode()
    content = _HEAD.pack(MAGIC, VERSION, kind, len(name), len(body)) + name + body
    return content + hashlib.sha256(before + content).digest()


def checksum(frame: bytes) -> bytes:
    """Return the checksum at the end of an entry's bytes."""
    return frame[-_SUM_BYTES:]


def found(read: Read, start: int, before: bytes, size: int) -> JournalFrame | None:
    """Return the entry at an offset; None when there is none that is whole and unharmed.

    Parameters
    ----------
    read
        Reads the file.
    start
        Where the entry begins.
    before
        Checksum of the one before it.
    size
        Length of the file.
    """
    head = read(start, _HEAD.size)
    if len(head) < _HEAD.size:
        return None
    magic, version, kind, name, body = _HEAD.unpack(head)
    length = _HEAD.size + name + body
    if (magic, version) != (MAGIC, VERSION) or start + length + _SUM_BYTES > size:
        return None
    content = read(start, length + _SUM_BYTES)
    if hashlib.sha256(before + content[:length]).digest() != content[length:]:
        return None
    run = content[_HEAD.size : _HEAD.size + name].decode()
    end = start + len(content)
    return JournalFrame(kind, run, (start + _HEAD.size + name, body), start, end, content[length:])
