"""How the laws are tried: the same examples every time, and no clock on them."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

LAW = settings(max_examples=150, derandomize=True, deadline=None, database=None)
"""A law over single values."""

WORLD_LAW = settings(LAW, max_examples=500, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
"""A law over whole shops, which are slow to draw."""
