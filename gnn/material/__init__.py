"""What the demand model reads: equation 1's sample of postings, students, training, outcomes and market, as arrays."""

from gnn.material.growth import Growth, growth_of
from gnn.material.market import market_of
from gnn.material.material import Material, material_of
from gnn.material.profile import Profile, profile_of
from gnn.material.relation import EDGE_TYPES, Links, Relation, relation_of, relation_of_series
from gnn.material.shortfall import shortfall_of

__all__ = [
    "EDGE_TYPES",
    "Growth",
    "Links",
    "Material",
    "Profile",
    "Relation",
    "growth_of",
    "market_of",
    "material_of",
    "profile_of",
    "relation_of",
    "relation_of_series",
    "shortfall_of",
]
