"""Equations 17 to 20: in which stage students are, and what they are recommended, in which order.

`leaning` folds behaviour, `stage` and `likelihood` tell where a student stands, `pool` what competes, `candidates` and
`terms` what speaks for it, `lists` puts it in order, `learning` learns the weights, `changes` finds who is concerned by
a change of postings.
"""

from gnn.config import LikelihoodWeights as LikelihoodWeights
from gnn.ranking.changes import Refreshed as Refreshed
from gnn.ranking.changes import refreshed as refreshed
from gnn.ranking.grounds import Grounds as Grounds
from gnn.ranking.learning import SPAN as SPAN
from gnn.ranking.learning import Learned as Learned
from gnn.ranking.learning import learn_rules as learn_rules
from gnn.ranking.learning import plain_rules as plain_rules
from gnn.ranking.likelihood import Likelihood as Likelihood
from gnn.ranking.lists import Lists as Lists
from gnn.ranking.ranker import CHUNK as CHUNK
from gnn.ranking.ranker import Ranker as Ranker
from gnn.ranking.ranker import rank as rank
from gnn.ranking.ranker import scores_of as scores_of
from gnn.ranking.terms import GATES as GATES
from gnn.ranking.terms import Candidates as Candidates
from gnn.ranking.terms import Standing as Standing
from gnn.snapshot.behaviour import Behaviour as Behaviour
from gnn.snapshot.behaviour import read_behaviour as read_behaviour
from gnn.snapshot.behaviour import reference_day as reference_day
