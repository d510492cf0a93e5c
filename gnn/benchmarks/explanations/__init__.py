"""How good the explanations are that students get, equation 21: four measures.

They are taken on the stored lists of the active generation, which is what the service tells: its numbers and sentences
are made from the stored terms, gaps, shortfalls and bridges alone.

**Full chain.** The share of items of which every hop of goal -> gap -> capability unit -> item is in the graph, and the
numbers add up to `TOLERANCE`. The first that fails names what an item lacks:

    terms   sum of weight x value = score;  match, contribution and heat are those of the terms
    goal    the student has a gap toward the goal of the item, of the value d that the item tells
    gap     value > 0: something that the goal demands is missing
    units   sum of amounts = value;  amount = demanded - held > 0;  demanded is b_j, held is a_u, unit by unit
    item    b = sum_k min(amount_k, c_rk) / value > 0: of a resource its own, of a posting, which has to be of the
            cluster of the goal, that of the best resource that narrows the gap

So an item toward a goal of which nothing is missing has no full chain (it fails at "gap"), nor has a resource that
prepares for the goal but closes nothing of what is missing, nor a posting toward whose goal nothing on offer closes
anything (they fail at "item"). What fails at "terms", "goal" or "units" is a fault.

**Diversity of path types.** The kind of a chain is how the goal came about (stated or likely), how the item is linked
to it, and the kind of what closes the gap. A resource is linked because it prepares for the goal, closes some of the
gap, or both; a posting because it asks for what is missing itself, or by its cluster only. With p_c the share of kind c
in a list of n items, and K kinds in all lists of that path,

    diversity = - sum_c p_c log p_c / log min(n, K)

0 where all items are explained alike, 1 where as differently as can be; the number of kinds in a list stands beside it.
Lists of one item, and paths with one kind, are left out.

**Recency.** The evidence linked to an item is what the student has shown in a unit that the goal of the item demands:
courses, certificates, competitions, projects, internships, jobs, ventures whose source has a level in the unit. Its age
is counted from the last day of data to the day since which the result is known. Told are the median age over the
evidence of all items, the share of it that is not older than 365 days, and the share of items with any evidence.

**Stability.** Lists and explanations are computed anew from an input that differs slightly, by the settings and weights
that the generation keeps, and held against those from the input as it is. Of one list, with items I in order and with N
the pairs (goal, unit) that its sentences name as missing or closed,

    items = |I and I'| / |I or I'|,    named = |N and N'| / |N or N'|,    order = Spearman's rho of I and I'

where rho is over the items in both, at least three. Each is the mean over the students whose input was changed. The
reference is what two students drawn at random have in common; "as stored" holds the stored lists against the computed.
"""
