"""Tests of the occupation-skill benchmark."""
