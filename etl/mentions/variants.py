"""The forms of a name that count as the same name: plural, spelling, gerund and word order.

`norm` works on single tokens and is built into the pipelines' vocabulary, so it costs nothing for each token read.
`variants` works on whole names and is applied once, when the matcher is built.
"""

from collections.abc import Iterator


def words(text: str) -> frozenset[str]:
    """The words of a text as a set: how lists of plain words are written here."""
    return frozenset(text.split())


# Verbs of job advertisements whose gerund begins a phrase ("managing teams" for "manage teams").
_VERBS = words(
    """
    address administer advise analyze apply arrange assemble assess assist assure audit build calculate
    carry check clean coach collaborate collect communicate conduct configure construct control cook
    coordinate create debug define deliver demonstrate deploy design determine develop diagnose direct draft
    draw edit educate engineer ensure establish estimate evaluate execute explain facilitate file follow
    forecast handle identify implement improve influence inspect install integrate interpret lead liaise
    maintain make manage market measure mentor model monitor motivate negotiate operate optimize order
    organize oversee perform plan prepare present prioritize process produce program promote provide read
    recruit repair report research resolve review run schedule select sell serve set solve speak supervise
    support teach test think track train translate troubleshoot understand use validate verify visualize
    weld work write
    """
)
# The noun that stands for a verb: "project management" is also "manage projects".
_NOUNS = {
    "administration": "administer",
    "analysis": "analyze",
    "assessment": "assess",
    "automation": "automate",
    "collection": "collect",
    "communication": "communicate",
    "configuration": "configure",
    "coordination": "coordinate",
    "creation": "create",
    "deployment": "deploy",
    "design": "design",
    "development": "develop",
    "evaluation": "evaluate",
    "implementation": "implement",
    "inspection": "inspect",
    "installation": "install",
    "integration": "integrate",
    "maintenance": "maintain",
    "management": "manage",
    "negotiation": "negotiate",
    "optimization": "optimize",
    "planning": "plan",
    "preparation": "prepare",
    "supervision": "supervise",
    "validation": "validate",
    "verification": "verify",
    "visualization": "visualize",
}
_DOUBLED = frozenset({"plan", "program", "set", "run", "debug"})
_SPELLINGS = (
    ("isation", "ization"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("iser", "izer"),
    ("ise", "ize"),
    ("ysing", "yzing"),
    ("yse", "yze"),
    ("elling", "eling"),
    ("elled", "eled"),
    ("aviour", "avior"),
    ("colour", "color"),
    ("labour", "labor"),
    ("centre", "center"),
)


def norm(token: str) -> str:
    """The form under which tokens are compared: lower case, singular, one spelling, no hanging hyphen.

    It is cautious: "sas", "is", "business", "analysis" and "statistics" stay as they are.
    Applying it twice changes nothing more.

    >>> [norm(token) for token in ("Databases", "Technologies", "optimisation", "problem-", "C++", "Statistics")]
    ['database', 'technology', 'optimization', 'problem', 'c++', 'statistics']
    """
    word = token.lower()
    if len(word) > 3 and token[-1] == "s" and token[:-1].isupper() and token.isalpha() and token.isascii():
        return word[:-1]  # "APIs", "KPIs"
    if len(word) > 1 and word.endswith("-"):
        word = word.rstrip("-") or "-"
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    word = _singular(word)
    if len(word) > 5:
        for british, american in _SPELLINGS:
            if word.endswith(british):
                return word[: -len(british)] + american
    return word


def _singular(word: str) -> str:
    if word in ("apis", "kpis"):
        return word[:-1]
    if not word.endswith("s") or word.endswith(("ss", "us", "is", "ics", "ous")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if not word.endswith(("sas", "ies")) else word


def variants(tokens: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Further forms of a name given as its normed tokens; the name itself is not among them.

    >>> sorted(" ".join(form) for form in variants(("data", "cleaning")))
    ['clean data', 'cleaning data']
    >>> [" ".join(form) for form in variants(("manage", "team"))]
    ['managing team']
    """
    parts = tuple(token for token in tokens if token != "/")
    if 0 < len(parts) < len(tokens):
        yield parts
    if len(tokens) < 2 or not tokens[0].isalpha():
        return
    head, *rest = tokens
    verb = _infinitive(head)
    if head in _VERBS:
        yield (gerund(head), *rest)
    elif verb is not None:
        yield (verb, *rest)
    last = tokens[-1]
    verb = _NOUNS.get(last) or _infinitive(last)
    if len(tokens) in (2, 3) and verb is not None and head.isascii():
        yield (verb, *tokens[:-1])
        yield (gerund(verb), *tokens[:-1])


def gerund(verb: str) -> str:
    """The -ing form of a regular verb.

    >>> [gerund(verb) for verb in ("manage", "build", "plan", "oversee")]
    ['managing', 'building', 'planning', 'overseeing']
    """
    if verb in _DOUBLED:
        return verb + verb[-1] + "ing"
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return verb + "ing"


_INFINITIVES = {gerund(verb): verb for verb in _VERBS | set(_NOUNS.values())}


def _infinitive(word: str) -> str | None:
    return _INFINITIVES.get(word)
