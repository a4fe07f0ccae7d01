"""Ids of tickets: UUID version 7, whose first part is the time, so that they sort as they were taken.

Pure: time and chance are handed in. (Python 3.11 has no `uuid7` of its own.) Devices make their ids with it too.
"""

import hashlib
from uuid import UUID

RANDOM_BYTES = 10


def uuid7(at_ms: int, random: bytes) -> UUID:
    """Make an id (RFC 9562, section 5.7) of a time in milliseconds since 1970 and ten random bytes."""
    if not 0 <= at_ms < 1 << 48 or len(random) != RANDOM_BYTES:
        raise ValueError("a UUIDv7 needs 48 bits of time and ten random bytes")
    value = at_ms << 80 | int.from_bytes(random, "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def ticket_id(at: float, seed: str) -> str:
    """An id for a ticket whose device made none, of the moment `at` (seconds UTC): the same `seed`, the same chance."""
    return str(uuid7(int(at * 1000), hashlib.sha256(seed.encode()).digest()[:RANDOM_BYTES]))
