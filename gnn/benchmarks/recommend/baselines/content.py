"""By what things are about: BM25 over words, and the share of the skills."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from gnn.benchmarks.recommend.facts import Facts, Floats, Places
from gnn.benchmarks.recommend.hold_out import APPLICATIONS, OUTCOMES, STUDENTS

_WORD = re.compile(r"[a-z0-9+#.]+|[\u4e00-\u9fff]+")


def words(text: str) -> list[str]:
    """Return the words of a text; of Chinese, every two characters that stand together.

    >>> words("Java 开发工程师")
    ['java', '开发', '发工', '工程', '程师']
    """
    found: list[str] = []
    for part in _WORD.findall(text.lower()):
        pairs = "\u4e00" <= part[0] <= "\u9fff" and len(part) > 1
        found += [part[place : place + 2] for place in range(len(part) - 1)] if pairs else [part]
    return found


class BM25:
    """Robertson's BM25 over documents as counts of words.

    Arguments:
        counts: [documents, words].
        known: the documents that document frequency and mean length are taken from. [documents]
        k1, b: as usual.
    """

    def __init__(self, counts: csr_array, known: NDArray[np.bool_], *, k1: float = 1.2, b: float = 0.75) -> None:
        many = max(int(known.sum()), 1)
        seen = csr_array(counts[np.flatnonzero(known)])
        frequency = np.bincount(seen.indices, minlength=counts.shape[1])
        self.idf = np.log(1.0 + (many - frequency + 0.5) / (frequency + 0.5))
        length = np.asarray(counts.sum(axis=1)).ravel()
        mean = max(float(length[known].mean()) if known.any() else 1.0, 1e-9)
        norm = k1 * (1.0 - b + b * length / mean)
        weighted = counts.copy().astype(np.float64)
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        weighted.data = weighted.data * (k1 + 1.0) / (weighted.data + norm[rows]) * self.idf[counts.indices]
        self.weights = weighted

    def scores(self, query: Floats, documents: Places) -> Floats:
        """Return the score of each document, a word of the query counting by its weight. [documents]"""
        return np.asarray(self.weights[documents] @ query)


class Content:
    """BM25: words of the courses that a student took and of the goals stated, against title and skills of an item.

    A job cluster is the document of all postings of it that were out; equal scores go by release.
    """

    name = "BM25"

    def learn(self, facts: Facts, *, seed: int) -> None:
        """Index postings and resources; what was not out yet counts for no document frequency."""
        self.facts = facts
        jobs, resources = facts.jobs, facts.resources
        numbering: dict[str, int] = {}
        skill = _table([words(each) for each in facts.words], numbering)
        job_names = _table([words(each) for each in jobs.names], numbering)
        resource_names = _table([words(each) for each in resources.names], numbering)
        width = len(numbering)
        skill, job_names, resource_names = (_wide(each, width) for each in (skill, job_names, resource_names))
        of_jobs = csr_array(job_names + (jobs.skills > 0).astype(np.float64) @ skill)
        of_resources = csr_array(resource_names + (resources.skills > 0).astype(np.float64) @ skill)
        self._jobs = BM25(of_jobs, facts.out)
        self._resources = BM25(of_resources, resources.starts < facts.day)
        out = np.flatnonzero(facts.out & (jobs.cluster >= 0))
        belongs = csr_array((np.ones(len(out)), (jobs.cluster[out], out)), shape=(len(facts.clusters), len(jobs)))
        whole = csr_array(belongs @ of_jobs)
        self._clusters = BM25(whole, np.ones(len(facts.clusters), bool))
        taken = facts.records.strength > 0
        shape = (len(facts.people), len(resources))
        ones = np.ones(int(taken.sum()))
        took = csr_array((ones, (facts.records.student[taken], facts.records.resource[taken])), shape=shape)
        aims = facts.people.aims
        stated = csr_array((np.ones(aims.shape[1]), (aims[0], aims[1])), shape=(shape[0], len(facts.clusters)))
        titles = _wide(_table([words(each.replace("-", " ")) for each in facts.clusters], numbering), width)
        query = csr_array(took @ of_resources + stated @ titles)
        query.data = np.minimum(query.data, 1.0)
        self._query = query

    def scores(self, task: str, who: int, items: Places, day: float) -> Floats:
        """Return the score of each candidate."""
        if task == STUDENTS:
            document = self._jobs.weights[[who]].toarray().ravel()
            return np.asarray(self._query[items] @ document)
        query = self._query[[who]].toarray().ravel()
        if task == OUTCOMES:
            return self._clusters.scores(query, items)
        if task == APPLICATIONS:
            return self._jobs.scores(query, items) + latest(self.facts, items, day)
        return self._resources.scores(query, items)


class SkillOverlap:
    """The share of the skills that an item asks for, or teaches, which the student has shown; equal ones by release."""

    name = "skill overlap"

    def learn(self, facts: Facts, *, seed: int) -> None:
        """Gather the skills."""
        self.facts = facts
        self._owner = facts.owner
        jobs = facts.jobs
        self._jobs, self._resources = _shares(jobs.skills), _shares(facts.resources.skills)
        out = np.flatnonzero(facts.out & (jobs.cluster >= 0))
        belongs = csr_array((np.ones(len(out)), (jobs.cluster[out], out)), shape=(len(facts.clusters), len(jobs)))
        self._clusters = _shares(csr_array(belongs @ jobs.skills))

    def scores(self, task: str, who: int, items: Places, day: float) -> Floats:
        """Return the share for each candidate."""
        if task == STUDENTS:
            return np.asarray(self._owner[items] @ self._jobs[[who]].toarray().ravel())
        held = self._owner[[who]].toarray().ravel()
        if task == OUTCOMES:
            return np.asarray(self._clusters[items] @ held)
        if task == APPLICATIONS:
            return np.asarray(self._jobs[items] @ held) + latest(self.facts, items, day)
        return np.asarray(self._resources[items] @ held)


def latest(facts: Facts, items: Places, day: float) -> Floats:
    """Return less than a millionth for each posting, the more the later it was released: it settles equal scores."""
    return np.asarray(1e-6 / (1.0 + np.clip(day - facts.jobs.starts[items], 0.0, 36_500.0)))


def _shares(skills: csr_array) -> csr_array:
    found = skills.copy().astype(np.float64)
    total = np.asarray(found.sum(axis=1)).ravel()
    rows = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    found.data = found.data / np.maximum(total[rows], 1e-12)
    return found


def _table(documents: Sequence[Iterable[str]], numbering: dict[str, int]) -> csr_array:
    rows, places = [], []
    for row, document in enumerate(documents):
        for word in document:
            rows.append(row)
            places.append(numbering.setdefault(word, len(numbering)))
    shape = (len(documents), len(numbering))
    found = csr_array((np.ones(len(rows)), (rows, places)), shape=shape)
    found.sum_duplicates()
    return found


def _wide(table: csr_array, width: int) -> csr_array:
    """Return a table with so many columns; words that came later than the numbering are left out."""
    found = table.tocoo()
    kept = found.col < width
    return csr_array((found.data[kept], (found.row[kept], found.col[kept])), shape=(table.shape[0], width))
