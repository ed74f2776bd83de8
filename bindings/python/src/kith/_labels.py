# SPDX-License-Identifier: MIT
"""What the library numbers, by name, as kith.h numbers it."""

STAGES = ("new", "returned", "core", "active", "away", "silent", "dormant")
CHANGES = ("promoted", "skipped", "dormant", "demoted", "pinned")
_FLAGS = ("silent", "dormant", "drop", "stalled", "returned", "at_risk")


def flags_of(bits: int) -> tuple[str, ...]:
    """Names of the flags that are set."""
    return tuple(name for bit, name in enumerate(_FLAGS) if bits >> bit & 1)
