"""The graph as of an instant, as arrays. The only part of the package that reads asserted facts.

`gaps` reads what the gap job needs, `history` the past of demand and training, `texts` the postings themselves,
`postings` what is known of them without their texts, `embeddings` the vectors of an earlier job; `packed` and
`relations` are the fast way that the last ones share.
"""

from gnn.snapshot.embeddings import read_embeddings as read_embeddings
from gnn.snapshot.gaps import COURSE_STATUS as COURSE_STATUS
from gnn.snapshot.gaps import ENGAGEMENTS as ENGAGEMENTS
from gnn.snapshot.gaps import PRACTICE as PRACTICE
from gnn.snapshot.gaps import WORK as WORK
from gnn.snapshot.gaps import Codes as Codes
from gnn.snapshot.gaps import Edges as Edges
from gnn.snapshot.gaps import Floats as Floats
from gnn.snapshot.gaps import Places as Places
from gnn.snapshot.gaps import Snapshot as Snapshot
from gnn.snapshot.gaps import read as read
from gnn.snapshot.history import History as History
from gnn.snapshot.history import read_history as read_history
from gnn.snapshot.postings import Past as Past
from gnn.snapshot.postings import Postings as Postings
from gnn.snapshot.postings import read_attributes as read_attributes
from gnn.snapshot.postings import read_past as read_past
from gnn.snapshot.terms import last_term as last_term
from gnn.snapshot.terms import term_start as term_start
from gnn.snapshot.texts import Texts as Texts
from gnn.snapshot.texts import read_texts as read_texts
