"""Node types that sources state, and the technical ones; the derived ones are in `derived`."""

from dataclasses import dataclass

from schema.properties import (
    COMMON,
    PROVENANCE,
    Kind,
    Owner,
    Property,
    count,
    day,
    embeddings,
    flag,
    instant,
    number,
    text,
    texts,
)


@dataclass(frozen=True, slots=True)
class NodeType:
    """One label and what its nodes hold.

    Arguments:
        label: label in the graph.
        meaning: one sentence.
        properties: properties beyond `COMMON` and, for asserted nodes, `PROVENANCE`.
        owner: who writes the nodes.
        kinds: further labels of which each node carries exactly one.
    """

    label: str
    meaning: str
    properties: tuple[Property, ...] = ()
    owner: Owner = Owner.ASSERTED
    kinds: tuple[str, ...] = ()

    @property
    def every_property(self) -> tuple[Property, ...]:
        """All properties, the common ones first."""
        provenance = PROVENANCE if self.owner is Owner.ASSERTED else ()
        return COMMON + provenance + self.properties

    @property
    def technical(self) -> bool:
        """True for bookkeeping that no user browses."""
        return self.owner is Owner.TECHNICAL


ALIASES = (
    texts("aliasesEn", "further English names"),
    texts("aliasesZh", "Chinese names"),
)

RESOURCE_KINDS = (
    "Course",
    "Certificate",
    "Competition",
    "Practicum",
    "Project",
    "Mentor",
    "Policy",
    "Incubator",
    "Guidance",
    "Fair",
)

JOB = NodeType(
    "Job",
    "a job posting; its name is the title",
    (
        text("responsibilities", "what the job is, as written"),
        text("requirements", "what it asks for, as written"),
        text("language", "language of the text", values=("en", "zh")),
        count("education", "least education, ISCED 2011 level", high=8),
        text("educationText", "education as written"),
        text("industryText", "industry as written"),
        text("regionText", "place as written"),
        number("salaryMin", "least pay", unit="salaryCurrency per salaryPeriod", low=0),
        number("salaryMax", "greatest pay", unit="salaryCurrency per salaryPeriod", low=0),
        text("salaryCurrency", "ISO 4217 code"),
        text("salaryPeriod", "what the pay is for", values=("hour", "day", "week", "month", "year")),
        text("salaryText", "pay as written"),
        day("releasedOn", "day of release", required=True),
        day("closesOn", "last day to apply"),
        count("headcount", "open positions", unit="people"),
        text("url", "where it was published"),
        Property("signature", Kind.BYTES, "MinHash signature of the text, for near-duplicates"),
        texts("candidateTerms", "terms of the text that look like skills and match none"),
        texts("nearestClusters", "codes of the nearest job clusters, where none matched"),
        *embeddings(),
        Property(
            "embeddingDigest",
            Kind.STRING,
            "digest of what the vector was made from; another one now means that it is due to be made again",
            owner=Owner.DERIVED,
        ),
    ),
)
JOB_CLUSTER = NodeType(
    "JobCluster",
    "jobs of one occupation",
    (
        *ALIASES,
        text("description", "what people in it do"),
        text("iscoCode", "ISCO-08 code"),
        text("onetCode", "O*NET-SOC code"),
        text("rule", "how postings come to it", values=("occupation", "column", "unclassified")),
        *embeddings(),
    ),
)
EMPLOYER = NodeType(
    "Employer",
    "an organisation that offers jobs",
    (text("size", "size class as written"), text("url", "home page"), text("regionText", "place as written")),
)
INDUSTRY = NodeType("Industry", "a section or division of ISIC Rev.4", (*ALIASES,))
REGION = NodeType(
    "Region",
    "a country, province or city",
    (*ALIASES, text("level", "administrative level", values=("country", "province", "city"))),
)
SKILL = NodeType(
    "Skill",
    "a skill of the vocabulary",
    (
        *ALIASES,
        text("description", "what it is"),
        text("esco", "URI of the corresponding ESCO concept"),
        text("field", "field of study or work"),
        *embeddings(),
    ),
)
CAPABILITY = NodeType(
    "Capability",
    "a unit of ability: one coordinate of every capability vector",
    (*ALIASES, text("field", "field of study or work")),
)
STUDENT = NodeType(
    "Student",
    "a student or graduate",
    (
        text("gender", "gender as recorded"),
        text("regionText", "home region as written"),
        day("admittedOn", "day of admission"),
        number("admissionScore", "score at admission", unit="percent of the maximum", low=0, high=100),
        day("graduatesOn", "day of graduation, planned or real"),
        count("degree", "degree aimed at, ISCED 2011 level", high=8),
        count("year", "year of study", low=1, high=12),
        flag("difficulty", "marked as in need of help with employment"),
        *embeddings(),
        Property(
            "stage",
            Kind.FLOATS,
            "pi_u as of the last gap job: weights of enrolment, training, employment, entrepreneurship, sum 1",
            owner=Owner.DERIVED,
        ),
        Property(
            "gapGeneration", Kind.STRING, "code of the generation of gaps that it belongs to", owner=Owner.DERIVED
        ),
        Property(
            "gapState",
            Kind.BYTES,
            "what the gaps and lists of that generation rest on, packed; by it an update tells who is concerned",
            owner=Owner.DERIVED,
        ),
    ),
)
MAJOR = NodeType("Major", "a programme of study")
CLASS_GROUP = NodeType("ClassGroup", "an administrative class of students")
UNIVERSITY = NodeType("University", "a university or college", (text("regionText", "place as written"),))
VENTURE = NodeType(
    "Venture",
    "an enterprise founded by students",
    (text("description", "what it does"), day("startedOn", "foundation")),
)
RESOURCE = NodeType(
    "Resource",
    "something that trains or supports: exactly one kind label says what",
    (
        text("description", "what it offers"),
        text("provider", "who offers it"),
        text("audience", "for whom"),
        number("hours", "effort", unit="hours", low=0),
        number("credits", "credit points", unit="credits", low=0),
        text("term", "term in which it is offered"),
        count("capacity", "places", unit="people"),
        day("startsOn", "first day"),
        day("endsOn", "last day"),
        text("policyLevel", "level of a policy", values=("macro", "meso", "micro")),
        text("url", "where to read more"),
        *embeddings(),
    ),
    kinds=RESOURCE_KINDS,
)

LOAD = NodeType(
    "Load",
    "one run of a loader",
    (
        instant("startedAt", "when it began"),
        instant("finishedAt", "when it ended; absent while it runs or after it was killed"),
        instant("asOf", "the instant that the load takes for now"),
        text("file", "what was loaded"),
        text("report", "its counts, as JSON"),
    ),
    Owner.TECHNICAL,
)
LOAD_BATCH = NodeType("LoadBatch", "ledger entry: this batch is committed", owner=Owner.TECHNICAL)
HELD_ROW = NodeType(
    "HeldRow",
    "a row that was not loaded: it could not be read (quarantine) or was screened out",
    (
        text("stage", "who held it back", values=("quarantine", "screening")),
        text("reason", "why", required=True),
        text("rule", "short name of the reason"),
        text("file", "file as given"),
        count("line", "line in the file", low=0),
        text("column", "column at fault"),
        text("row", "the row itself, as JSON or text"),
        text("contentHash", "digest of the row"),
        text("duplicateOf", "code of the posting that it repeats"),
        flag("released", "a person let it pass"),
    ),
    Owner.TECHNICAL,
)
CANDIDATE_TERM = NodeType(
    "CandidateTerm",
    "a term of postings that looks like a skill and matches none",
    (count("postings", "postings that hold it", unit="postings"), texts("examples", "codes of some of them")),
    Owner.TECHNICAL,
)
MIGRATION = NodeType(
    "Migration",
    "a migration that was applied",
    (text("checksum", "digest of its file"), instant("appliedAt", "when")),
    Owner.TECHNICAL,
)

NODES = (
    JOB,
    JOB_CLUSTER,
    EMPLOYER,
    INDUSTRY,
    REGION,
    SKILL,
    CAPABILITY,
    STUDENT,
    MAJOR,
    CLASS_GROUP,
    UNIVERSITY,
    VENTURE,
    RESOURCE,
    LOAD,
    LOAD_BATCH,
    HELD_ROW,
    CANDIDATE_TERM,
    MIGRATION,
)
