"""Tests of the synthetic university; the worlds are tiny, so that each file runs in seconds."""
