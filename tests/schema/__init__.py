"""Tests of the declared model, the equations and the vocabulary."""
