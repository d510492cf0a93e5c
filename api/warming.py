"""A service that has just started asks itself what its clients will ask, so that they need not wait for a cold server.

Neo4j plans each query when it first meets it, reads pages when they are first asked for, and compiles what it runs
often: after some hundred answers the server spends a fifth of what the first thirty cost it.
"""

import logging
import time

from api.context import Context
from api.endpoint import SCHEMA
from api.gateway import Gateway
from api.recommend import Pools
from schema.errors import FullCycleError

STUDENTS = 800
"""Students whose lists are asked for."""
SECONDS = 60.0
"""The next student is not asked for after so many seconds."""

_PAGE = 100  # codes that are read at once
# A region has the lists of resources made anew, as after feedback; it says nothing about them otherwise.
_LISTS = """
query ($student: ID!) { student(code: $student) { stage { training }
  job: recommendations(path: JOB, first: 5) { ...all }
  training: recommendations(path: TRAINING, first: 5, region: "-") { ...all }
  entrepreneurship: recommendations(path: ENTREPRENEURSHIP, first: 5, region: "-") { ...all } } }
fragment all on Recommendation { rank score item { ... on Job { title } ... on Resource { name } }
  explanation { match gap contribution heat sentences }
  chain { gap { value lacks { amount } } steps { score resource { name } } } }
"""
_log = logging.getLogger("fullcycle.api")


async def warm(gateway: Gateway, pools: Pools, *, students: int = STUDENTS, seconds: float = SECONDS) -> int:
    """Ask for the lists of some students, one after another, and return of how many.

    Clients are answered meanwhile. What fails ends it and nothing else: the service goes on, and warms by its clients.
    Nothing is recorded as shown.

    Arguments:
        gateway: the way to the graph.
        pools: the snapshots of the process.
        students: how many at most.
        seconds: no other one is asked for after so many.
    """
    begun, done = time.monotonic(), 0
    try:
        for code in await _students(gateway, students):
            if time.monotonic() - begun >= seconds:
                break
            answer = await SCHEMA.execute(_LISTS, {"student": code}, Context(gateway, pools))
            if answer.errors:  # the log has them
                break
            done += 1
    except FullCycleError as error:
        _log.warning("the service starts cold: %s", error)
    _log.debug("warmed by %d students in %.1f s", done, time.monotonic() - begun)
    return done


async def _students(gateway: Gateway, most: int) -> list[str]:
    """Return the first codes of students; none before the first generation, when there is nothing to ask for."""
    if await Context(gateway).generation() is None:
        return []
    codes: list[str] = []
    while len(codes) < most:
        first, after = min(_PAGE, most - len(codes)), codes[-1] if codes else ""
        records = await gateway.read("serve/student-page", classGroup=None, major=None, after=after, first=first)
        codes += [record["code"] for record in records]
        if len(records) < first:
            break
    return codes
