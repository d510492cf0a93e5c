"""Tests of the cypher package."""
