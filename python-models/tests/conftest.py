"""Tests are the same on every run: examples are drawn from a seed, and nothing waits for a clock."""

from hypothesis import settings

settings.register_profile("reproducible", derandomize=True, database=None, deadline=None)
settings.load_profile("reproducible")
