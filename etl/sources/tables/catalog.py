"""All tables, in the order in which they are best loaded: what is referred to comes first."""

from difflib import get_close_matches

from etl.sources.tables.behaviour import INTERACTIONS
from etl.sources.tables.employers import EMPLOYERS, JOB_CLUSTERS
from etl.sources.tables.outcomes import INTERNSHIPS, OUTCOMES, VENTURES
from etl.sources.tables.resources import POLICIES, RESOURCES
from etl.sources.tables.skills import SKILLS
from etl.sources.tables.students import STUDENTS
from etl.sources.tables.table import Table
from etl.sources.tables.training import CERTIFICATES, COMPETITIONS, COURSE_RECORDS, PRACTICE
from schema.errors import InputError

TABLES: dict[str, Table] = {
    each.name: each
    for each in (
        SKILLS,
        JOB_CLUSTERS,
        EMPLOYERS,
        RESOURCES,
        POLICIES,
        STUDENTS,
        COURSE_RECORDS,
        CERTIFICATES,
        COMPETITIONS,
        PRACTICE,
        INTERNSHIPS,
        OUTCOMES,
        VENTURES,
        INTERACTIONS,
    )
}


def table(name: str) -> Table:
    """Return a table by name.

    Raises:
        InputError: there is none of that name; the nearest is named.
    """
    found = TABLES.get(name.replace("-", "_"))
    if found is None:
        near = get_close_matches(name, TABLES, n=1)
        raise InputError(f"table {name!r}", f"{near[0]}?" if near else f"one of {', '.join(TABLES)}")
    return found
