"""Recommendations of one student, computed at once over a snapshot of the active generation: equations 17 to 20."""

from api.recommend.facts import Goal, Own
from api.recommend.lists import Ranked
from api.recommend.pool import Pool
from api.recommend.pools import Pools

__all__ = ["Goal", "Own", "Pool", "Pools", "Ranked"]
