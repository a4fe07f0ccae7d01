"""Ticket ids (UUIDv7, RFC 9562) for tickets whose device did not make one."""

import hashlib
import uuid


def ticket_id(at: float, seed: str) -> str:
    """A UUIDv7 of the moment `at` (seconds UTC), its random part drawn from `seed`: the same request, the same id."""
    milliseconds = int(at * 1000) & (1 << 48) - 1
    random_bits = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:10], "big")
    value = (
        milliseconds << 80 | 0x7 << 76 | (random_bits >> 68 & 0xFFF) << 64 | 0b10 << 62 | random_bits & (1 << 62) - 1
    )
    return str(uuid.UUID(int=value))
