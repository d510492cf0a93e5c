"""Rows that ours is held against. The network is in a module of its own, which alone needs torch."""

from gnn.benchmarks.recommend.baselines.content import Content, SkillOverlap
from gnn.benchmarks.recommend.baselines.factorisation import ImplicitALS
from gnn.benchmarks.recommend.baselines.popularity import Chance, Popularity

__all__ = ["Chance", "Content", "ImplicitALS", "Popularity", "SkillOverlap"]
