"""Benchmarks: each runs as a module and ends with status 1 where it misses a target."""
