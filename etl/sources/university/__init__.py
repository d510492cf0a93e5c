"""The demo university: a synthetic world of postings, students, courses and careers, written as ordinary files.

Nothing in it is real. It is generated, from a seed, so that every channel of a demand model has a known part of the
signal and the best reachable accuracy is known; see `dynamics` for the equations and `ceiling` for that limit. The
files are loaded by the same loaders as anyone's own.
"""

from etl.sources.university.ceiling import Ceiling
from etl.sources.university.changes import Changes, changed
from etl.sources.university.generation import Manifest, generate
from etl.sources.university.world import PAPER, SMALL, Dirt, Dynamics, World

__all__ = ["PAPER", "SMALL", "Ceiling", "Changes", "Dirt", "Dynamics", "Manifest", "World", "changed", "generate"]
