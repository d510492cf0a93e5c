"""Tests of the benchmark of recommendations."""
