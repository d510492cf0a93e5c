"""Ours: the lists of `gnn.ranking`, learned from what came before the hold-out; and two that learn less.

With "documented weights" capabilities are learned and the shares of majors counted, but the weights are as documented:
that shows what learning the weights adds. By "plain equations" nothing is learned or counted at all: the capabilities
are those of the plain rule, the weights as documented, and no cluster is likelier for a major than another.

A list is taken as the job makes it, redundancy and gates included; behind its last item stand the other candidates by
their score, and behind those everything that did not compete. Students for a posting are put in the order of

    log P(cluster of the posting | student) + log(fit + 0.1) + log of how often the student does something,

where fit is the share of what the posting demands that the student holds, and the frequency is the mean of its
posterior, a gamma distribution that counts as one more action at the mean rate of all.
"""

from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from gnn.benchmarks.recommend.facts import Facts, Floats, Places
from gnn.benchmarks.recommend.hold_out import APPLICATIONS, OUTCOMES, STUDENTS
from gnn.benchmarks.recommend.material import EPOCH, Material
from gnn.capability import Basis
from gnn.config import GapConfig
from gnn.gaps import held_share
from gnn.ranking import Ranker as Engine
from gnn.ranking.learning import Learned, learn_rules, plain_rules
from gnn.ranking.lists import Lists
from gnn.ranking.pool import places_of
from schema.ranking import PATHS

OURS, PLAIN, DOCUMENTED = "ours", "plain equations", "documented weights"
TOP = 1e3
"""Added to the scores of a list, so that it stands before what was not listed."""


class Ours:
    """Recommends as the jobs do.

    Arguments:
        material: what is known on the eve.
        name: "ours", "documented weights" or "plain equations".
        config: settings of gaps.
    """

    def __init__(self, material: Material, name: str = OURS, *, config: GapConfig | None = None) -> None:
        self.name, self.config = name, config or GapConfig()
        self.plain = name == PLAIN
        self.material = material

    def learn(self, facts: Facts, *, seed: int) -> None:
        """Compute capabilities and learn the weights, from the material; the facts give codes and frequencies."""
        known = self.material
        self.facts = facts
        config = replace(self.config, learned=False, state=None) if self.plain else self.config
        basis = Basis.of(known.world, config)
        state = basis.learn().state
        config = replace(config, state=state)
        rules = self._rules(basis, config)
        self.rules = rules.rules
        self.engine = Engine(
            known.world,
            known.behaviour,
            basis.demand_levels,
            basis.supply_levels,
            rules.rules,
            rules.likelihood,
            config,
        )
        self.abilities = basis.states(state).levels(np.arange(len(known.world.students))).dense()
        self._clear(facts)

    def _rules(self, basis: Basis, config: GapConfig) -> Learned:
        known = self.material
        counted = plain_rules(known.world, known.behaviour)
        if self.name == DOCUMENTED:
            return counted
        if self.plain:
            shares = counted.likelihood.shares
            alike = np.full_like(shares, 1.0 / max(1, shares.shape[1]))
            return replace(counted, likelihood=replace(counted.likelihood, shares=alike))
        # What is learned from is told from what was known before: the states of that day, by the parameters of the eve,
        # as the job does it.
        then = Basis.of(known.early, config).states(config.state)
        here = places_of(known.world.students, known.early.students)

        def abilities(students: NDArray[np.integer]) -> Floats:
            found = here[students]
            levels = then.levels(np.maximum(found, 0)).dense()
            levels[found < 0] = 0.0  # who was not there yet could do nothing
            return levels

        return learn_rules(
            known.world,
            known.behaviour,
            begun=known.begun,
            abilities_of=abilities,
            demands=basis.demand_levels,
            supply=basis.supply_levels,
            config=config,
        )

    def _clear(self, facts: Facts) -> None:
        world, behaviour = self.material.world, self.material.behaviour
        self._student = places_of(facts.people.codes, world.students)
        self._cluster = places_of(facts.clusters, world.clusters)
        self._job = places_of(behaviour.openings.codes, facts.jobs.codes)
        self._opening = places_of(facts.jobs.codes, behaviour.openings.codes)
        self._resource = places_of(world.resources, facts.resources.codes)
        self._engines: dict[int, Engine] = {}
        self._lists: dict[tuple[int, int], dict[str, Floats]] = {}
        acts = facts.acts
        first = float(acts.at.min()) if len(acts) else facts.day
        there = np.maximum(facts.day - np.fmax(facts.people.admitted, first), 0.0)
        there = np.nan_to_num(there, nan=facts.day - first)
        counted = np.bincount(acts.student, minlength=len(facts.people))
        mean = max(counted.sum() / max(there.sum(), 1.0), 1e-9)
        self._busy = (counted + 1.0) / (there + 1.0 / mean)
        everyone = np.arange(len(world.students))
        chance = 10.0 ** self.engine.nearness(everyone, self.abilities)
        self._chance = chance / chance.sum(axis=1, keepdims=True)

    def scores(self, task: str, who: int, items: Places, day: float) -> Floats:
        """Return a score for each candidate; minus infinity for what did not compete."""
        if task == STUDENTS:
            return self._students(who, items)
        student = int(self._student[who])
        if student < 0:
            return np.zeros(len(items))
        if task == OUTCOMES:
            place = self._cluster[items]
            return np.where(place >= 0, np.log(self._chance[student, place] + 1e-300), -np.inf)
        found = self._of_day(student, int(day))["JOB" if task == APPLICATIONS else task.upper()]
        return np.asarray(found[items])

    def _students(self, posting: int, items: Places) -> Floats:
        students, cluster = self._student[items], self._cluster[max(int(self.facts.jobs.cluster[posting]), 0)]
        if self.facts.jobs.cluster[posting] < 0 or cluster < 0:
            return np.zeros(len(items))
        known = self.material.behaviour.openings
        opening = int(self._opening[posting])
        demanded = self.engine.demands[cluster].copy()
        if opening >= 0 and known.starts[opening + 1] > known.starts[opening]:
            span = slice(int(known.starts[opening]), int(known.starts[opening + 1]))
            demanded[:] = 0.0
            demanded[known.units[span]] = known.levels[span]
        fit = held_share(self.abilities[students], demanded[None, :])[:, 0]
        found = np.log(self._chance[students, cluster] + 1e-12) + np.log(fit + 0.1)
        if not self.plain:
            found = found + np.log(self._busy[items])
        return np.where(students >= 0, found, -np.inf)

    def _of_day(self, student: int, day: int) -> dict[str, Floats]:
        """Return the scores of all postings and resources for a student on a day, by list."""
        key = (student, day)
        if key not in self._lists:
            if day not in self._engines:
                self._engines[day] = self.engine.on(EPOCH + timedelta(days=day))
            engine = self._engines[day]
            standing = engine.standing(np.array([student]), self.abilities[[student]])
            candidates = engine.candidates(standing)
            lists = Lists.join([engine.listed(each) for each in candidates.values()])
            found = {}
            for number, path in enumerate(PATHS):
                place = self._job if path == "JOB" else self._resource
                many = len(self.facts.jobs) if path == "JOB" else len(self.facts.resources)
                scores = np.full(many, -np.inf)
                each = candidates[path]
                base = each.scores(engine.rules.weights[path])[0]
                kept = (base > -np.inf) & (place[each.item[0]] >= 0)
                scores[place[each.item[0][kept]]] = base[kept]
                mine = lists.path == number
                listed = place[lists.item[mine]]
                scores[listed[listed >= 0]] = TOP - lists.rank[mine][listed >= 0]
                found[path] = scores
            self._lists = {key: found}
        return self._lists[key]
