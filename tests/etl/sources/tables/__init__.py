"""Tests of the tables of an institution."""
