"""Relationship types that sources state and users cause; the derived ones are in `derived`."""

from dataclasses import dataclass

from schema.properties import (
    EDGE_PROVENANCE,
    Owner,
    Property,
    count,
    day,
    flag,
    instant,
    number,
    share,
    text,
)


@dataclass(frozen=True, slots=True)
class RelationshipType:
    """One relationship type.

    Arguments:
        type: type in the graph.
        meaning: one sentence.
        starts: labels at which it may begin.
        ends: labels at which it may end.
        properties: properties beyond provenance.
        keys: properties that, with both ends, tell one relationship from another.
        owner: who writes it.
    """

    type: str
    meaning: str
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    properties: tuple[Property, ...] = ()
    keys: tuple[str, ...] = ()
    owner: Owner = Owner.ASSERTED

    @property
    def every_property(self) -> tuple[Property, ...]:
        """All properties, provenance last."""
        return self.properties + (EDGE_PROVENANCE if self.owner in (Owner.ASSERTED, Owner.BEHAVIOUR) else ())


LEVEL = share("level", "how much of it", required=True)
TERM = text("term", "half-year, such as 2023-1", required=True)
RESULT = text("result", "grade, award or mark as stated")

RELATIONSHIPS = (
    # (:Job)-[:IN_CLUSTER]->(:JobCluster)
    RelationshipType("IN_CLUSTER", "the job belongs to the cluster", ("Job",), ("JobCluster",)),
    # (:Job)-[:REQUIRES]->(:Skill)
    RelationshipType(
        "REQUIRES",
        "the job asks for the skill",
        ("Job",),
        ("Skill",),
        (
            LEVEL,
            share("confidence", "trust in the reading"),
            text("evidence", "the words that say so"),
            count("start", "where the evidence begins in the text", unit="characters"),
            count("end", "where it ends, exclusive", unit="characters"),
            flag("optional", "a plus, not a must"),
        ),
    ),
    # (:Job)-[:POSTED_BY]->(:Employer)
    RelationshipType("POSTED_BY", "the employer offers the job", ("Job",), ("Employer",)),
    # (:Employer)-[:OPERATES_IN]->(:Industry)
    RelationshipType("OPERATES_IN", "the line of business", ("Employer", "Venture"), ("Industry",)),
    # (:Job)-[:LOCATED_IN]->(:Region)
    RelationshipType("LOCATED_IN", "the place", ("Job", "Employer", "University"), ("Region",)),
    # (:Region)-[:PART_OF]->(:Region)
    RelationshipType("PART_OF", "the smaller region lies in the larger", ("Region",), ("Region",)),
    # (:Skill)-[:MAPS_TO]->(:Capability)
    RelationshipType(
        "MAPS_TO",
        "the skill counts towards the capability unit",
        ("Skill",),
        ("Capability",),
        (share("weight", "share of the skill that counts", required=True),),
    ),
    # (:Skill)-[:BROADER]->(:Skill)
    RelationshipType(
        "BROADER",
        "the end is the broader one",
        ("Skill", "JobCluster", "Capability", "Industry"),
        ("Skill", "JobCluster", "Capability", "Industry"),
    ),
    # (:JobCluster)-[:TYPICALLY_REQUIRES]->(:Skill)
    RelationshipType(
        "TYPICALLY_REQUIRES",
        "an occupation standard asks for the skill",
        ("JobCluster",),
        ("Skill",),
        (LEVEL, flag("essential", "essential, not optional")),
    ),
    # (:JobCluster)-[:SAME_AS]->(:JobCluster)
    RelationshipType(
        "SAME_AS",
        "two standards name the same thing",
        ("JobCluster", "Skill"),
        ("JobCluster", "Skill"),
        (share("score", "how sure"),),
    ),
    # (:Student)-[:STUDIES]->(:Major)
    RelationshipType("STUDIES", "the programme of the student", ("Student",), ("Major",)),
    # (:Student)-[:MEMBER_OF]->(:ClassGroup)
    RelationshipType("MEMBER_OF", "the class of the student", ("Student",), ("ClassGroup",)),
    # (:Major)-[:OFFERED_BY]->(:University)
    RelationshipType("OFFERED_BY", "who offers the programme", ("Major",), ("University",)),
    # (:Student)-[:TOOK]->(:Course)
    RelationshipType(
        "TOOK",
        "the student took the course",
        ("Student",),
        ("Course",),
        (
            TERM,
            number("score", "mark", unit="percent of the maximum", low=0, high=100),
            share("attendance", "share of sessions attended"),
            number("credits", "credit points earned", unit="credits", low=0),
            text("status", "how it ended", values=("completed", "failed", "withdrawn", "enrolled")),
        ),
        keys=("term",),
    ),
    # (:Student)-[:EARNED]->(:Certificate)
    RelationshipType("EARNED", "the student holds it", ("Student",), ("Certificate",), (TERM, RESULT), keys=("term",)),
    # (:Student)-[:ENTERED]->(:Competition)
    RelationshipType(
        "ENTERED", "the student took part", ("Student",), ("Competition",), (TERM, RESULT), keys=("term",)
    ),
    # (:Student)-[:WORKED_ON]->(:Project)
    RelationshipType(
        "WORKED_ON",
        "practical work of the student",
        ("Student",),
        ("Project", "Practicum"),
        (TERM, RESULT, number("hours", "effort", unit="hours", low=0)),
        keys=("term",),
    ),
    # (:Student)-[:INTERNED_AT]->(:Employer)
    RelationshipType(
        "INTERNED_AT",
        "an internship",
        ("Student",),
        ("Employer",),
        (
            TERM,
            RESULT,
            text("role", "what the student did"),
            text("jobCluster", "code of the job cluster of the role"),
            day("startedOn", "first day"),
            day("endedOn", "last day"),
        ),
        keys=("term",),
    ),
    # (:Student)-[:FOUNDED]->(:Venture)
    RelationshipType(
        "FOUNDED",
        "the student founded or joined it",
        ("Student",),
        ("Venture",),
        (day("startedOn", "since"), text("role", "role in it"), text("status", "how it stands")),
    ),
    # (:Student)-[:EMPLOYED_AS]->(:JobCluster)
    RelationshipType(
        "EMPLOYED_AS",
        "what came of the student: signing results, and years later too",
        ("Student",),
        ("JobCluster",),
        (
            day("startedOn", "first day", required=True),
            day("endedOn", "last day"),
            number("salary", "pay", unit="per month", low=0),
            text("employer", "code of the employer"),
            text(
                "status",
                "kind of outcome",
                values=("signed", "employed", "further_study", "self_employed", "unemployed", "left"),
            ),
        ),
        keys=("startedOn",),
    ),
    # (:Student)-[:AIMS_AT]->(:JobCluster)
    RelationshipType(
        "AIMS_AT",
        "the student's own goal",
        ("Student",),
        ("JobCluster", "Job"),
        (day("statedOn", "when it was stated"),),
    ),
    # (:Resource)-[:TEACHES]->(:Skill)
    RelationshipType("TEACHES", "the resource trains the skill", ("Resource",), ("Skill",), (LEVEL,)),
    # (:Resource)-[:PREPARES_FOR]->(:JobCluster)
    RelationshipType("PREPARES_FOR", "made for this kind of job", ("Resource",), ("JobCluster",)),
    # (:Resource)-[:REQUIRES_FIRST]->(:Resource)
    RelationshipType("REQUIRES_FIRST", "the end comes first", ("Resource",), ("Resource",)),
    # (:Fair)-[:ATTENDED_BY]->(:Employer)
    RelationshipType("ATTENDED_BY", "the employer is at the fair", ("Fair",), ("Employer",)),
    # (:Student)-[:INTERACTED]->(:Job)
    RelationshipType(
        "INTERACTED",
        "the student looked at it or used it",
        ("Student",),
        ("Job", "Resource"),
        (
            text(
                "kind",
                "what was done",
                required=True,
                values=("view", "click", "bookmark", "apply", "register", "complete", "dismiss"),
            ),
            instant("at", "when", required=True),
            text("key", "idempotency key: the same key counts once", required=True),
        ),
        keys=("key",),
        owner=Owner.BEHAVIOUR,
    ),
    # (:Student)-[:SHOWN]->(:Job)
    RelationshipType(
        "SHOWN",
        "the item stood in a list that the student was given, once a day and list",
        ("Student",),
        ("Job", "Resource"),
        (
            text("key", "day, experiment and list", required=True),
            instant("at", "when it was shown first", required=True),
            text("path", "which list", values=("JOB", "TRAINING", "ENTREPRENEURSHIP")),
            count("rank", "place in the list", low=1),
            text("experiment", "name of the experiment"),
            text("variant", "which configuration made the list", values=("A", "B")),
        ),
        keys=("key",),
        owner=Owner.BEHAVIOUR,
    ),
)
