"""Capability vectors over the same units, 0 to 1: what clusters demand, resources supply, and students can do.

`demand` and `supply` make the vectors of clusters and resources from texts, postings and standards, through `mapping`.
The state of a student, equation 14, is computed by `state` from the evidence in `pieces` and what a student brings
along (`entrants`), with parameters that `learning` fits to `outcomes` and holds against the plain rule, which stays
where there is too little to learn from. `basis` holds all of it together.
"""

from gnn.capability.basis import Basis as Basis
from gnn.capability.demand import demands as demands
from gnn.capability.demand import skill_demands as skill_demands
from gnn.capability.kept import Kept as Kept
from gnn.capability.learning import Learned as Learned
from gnn.capability.learning import learn as learn
from gnn.capability.mapping import skill_units as skill_units
from gnn.capability.pieces import Pieces as Pieces
from gnn.capability.pieces import pieces as pieces
from gnn.capability.state import States as States
from gnn.capability.supply import industries as industries
from gnn.capability.supply import least_year as least_year
from gnn.capability.supply import supply as supply
from gnn.capability.vectors import Vectors as Vectors
from gnn.capability.vectors import noisy_or as noisy_or
