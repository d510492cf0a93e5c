"""The lists of one student in plain Python, from the equations of `schema` alone: slow, and with nothing in common with
the matrices but the numbers that go in."""

from datetime import UTC, datetime
from math import isnan

from gnn.ranking import Ranker, Standing
from gnn.snapshot.behaviour import ACTIONS, KINDS
from gnn.snapshot.gaps import COURSE_STATUS, PRACTICE
from schema import scoring
from schema.feedback import POSITIVE, USED, Action, fold
from schema.nodes import RESOURCE_KINDS
from schema.ranking import (
    PATH_OF,
    Studies,
    freshness,
    redundancy,
    score,
    stage_fit,
    stage_state,
    stage_weights,
)
from schema.scoring import DECIMALS


def vector(levels):
    """Return a row of levels as a mapping."""
    return {unit: float(level) for unit, level in enumerate(levels) if level > 0}


class Reference:
    """One student.

    Arguments:
        ranker: what is the same for all.
        standing: where students stand; goals and likelihoods are taken from it, nothing else.
        row: of the student in the standing.
    """

    def __init__(self, ranker: Ranker, standing: Standing, row: int) -> None:
        self.ranker, self.world, self.behaviour = ranker, ranker.world, ranker.behaviour
        self.student = int(standing.student[row])
        self.held = vector(standing.abilities[row])
        self.actions = self._actions()
        self.leaning = fold([action for action, _ in self.actions], ranker.rules.feedback)
        self.stage = stage_weights(stage_state(self.studies()), ranker.rules.stage, leaning=self.leaning.stage)
        gaps = standing.gaps
        mine = [place for place in range(len(gaps)) if gaps.student[place] == row]
        self.goals = []
        for place in mine:
            cluster = int(gaps.cluster[place])
            lacking = scoring.shortfalls(vector(ranker.demands[cluster]), self.held)
            bridges = standing.bridges.gap == place
            best = max(standing.bridges.contribution[bridges].tolist(), default=0.0)
            self.goals.append((cluster, bool(gaps.own[place]), float(gaps.likelihood[place]), lacking, best))

    def _actions(self):
        known = self.behaviour.actions
        return [
            (
                Action(
                    datetime.fromtimestamp(int(known.at[place]) / 1000, UTC),
                    f"{place:06}",
                    ACTIONS[known.kind[place]],
                    KINDS[known.item_kind[place]],
                    str(known.cluster[place]) if known.cluster[place] >= 0 else None,
                ),
                known.items[known.item[place]],
            )
            for place in range(len(known))
            if known.student[place] == self.student
        ]

    def studies(self) -> Studies:
        """Return what the stage is told from."""
        today, profiles, student = self.ranker.today.toordinal(), self.behaviour.profiles, self.student
        admitted, graduates = profiles.admitted[student], profiles.graduates[student]
        if not isnan(admitted) and not isnan(graduates):
            passed = (today - admitted) / (graduates - admitted)
        else:
            passed = profiles.year[student] / 4.0
        late = [action for action, _ in self.actions if (action.at.toordinal()) > today - 365]
        courses, practice = self.world.courses, self.world.practice
        completed = sum(
            int(courses.start[place]) == student and courses.columns[1][place] == COURSE_STATUS.index("completed")
            for place in range(len(courses))
        )
        ventured = sum(
            int(practice.start[place]) == student
            and (
                practice.columns[0][place] == PRACTICE.index("ENTERED")
                or (
                    practice.columns[0][place] == PRACTICE.index("WORKED_ON")
                    and RESOURCE_KINDS[self.world.kinds[practice.end[place]]] == "Project"
                )
            )
            for place in range(len(practice))
        )
        supports = ("Mentor", "Policy", "Incubator", "Project")
        return Studies(
            progress=min(1.0, max(0.0, float(passed))),
            completed=completed,
            searched=sum(a.item_kind == "Job" and a.kind in ("apply", "bookmark") for a in late)
            + sum(int(who) == student for who, _ in profiles.interned.tolist()),
            ventured=ventured + sum(a.item_kind in supports and a.kind in ("register", "complete") for a in late),
            founded=sum(int(who) == student for who, _ in profiles.founded.tolist()),
        )

    def seen(self, kind: str, cluster: int) -> int:
        """Return the latest actions on items of a kind and cluster."""
        recent = self.actions[-self.ranker.rules.recent :] if self.ranker.rules.recent else []
        return sum(action.item_kind == kind and action.cluster == str(cluster) for action, _ in recent)

    def used(self) -> set[str]:
        """Return the items that were used or dismissed."""
        return {item for action, item in self.actions if action.kind in USED}

    def positives(self, cluster: int) -> int:
        """Return the positive actions on items of a cluster."""
        return sum(action.kind in POSITIVE and action.cluster == str(cluster) for action, _ in self.actions)

    def postings(self):
        """Return (item, kind, goal, values, tie) of all postings that may be listed."""
        openings, today = self.behaviour.openings, self.ranker.today.toordinal()
        degree, found = self.behaviour.profiles.degree[self.student], []
        for cluster, own, likely, _, best in self.goals:
            open_ = [
                place
                for place in range(len(openings))
                if openings.cluster[place] == cluster
                and openings.released[place] <= today <= openings.closes[place]
                and openings.closed[place] > today
            ]
            open_.sort(key=lambda place: (-openings.released[place], openings.codes[place]))
            for place in open_[: self.ranker.rules.pool]:
                if openings.codes[place] in self.used() or openings.education[place] > degree:
                    continue
                span = slice(openings.starts[place], openings.starts[place + 1])
                units, levels = openings.units[span].tolist(), openings.levels[span].tolist()
                asked = dict(zip(units, levels, strict=True)) or vector(self.ranker.demands[cluster])
                fit = sum(min(level, self.held.get(unit, 0.0)) for unit, level in asked.items()) / sum(asked.values())
                fresh = freshness(today - int(openings.released[place]))
                toward = self.leaning.toward("Job", str(cluster))
                heat = float(self.behaviour.heat[cluster])
                values = [fit, float(own), likely, fresh, heat, best, stage_fit(self.stage, "Job"), toward]
                found.append((place, "Job", cluster, values, (-int(openings.released[place]), openings.codes[place])))
        return found

    def resources(self, path: str):
        """Return (item, kind, goal, values, tie) of all resources of a path that may be listed."""
        done = {int(self.world.done.end[at]) for at in range(len(self.world.done)) if self._mine(at)}
        first = self.behaviour.offers.first
        found = []
        for place, code in enumerate(self.world.resources):
            kind = KINDS[self.behaviour.offers.kind[place]]
            needs = {int(b) for a, b in zip(first.start.tolist(), first.end.tolist(), strict=True) if a == place}
            if PATH_OF.get(kind) != path or place in done or code in self.used() or not needs <= done:
                continue
            if not self.world.offered[place]:
                continue
            supplied = vector(self.ranker.supply[place])
            targets = self.world.targets
            prepares = {int(b) for a, b in zip(targets.start.tolist(), targets.end.tolist(), strict=True) if a == place}
            shares = [scoring.contribution(lacking, supplied) for _, _, _, lacking, _ in self.goals]
            ready = [at for at, goal in enumerate(self.goals) if goal[0] in prepares]
            if ready:
                chosen = max(ready, key=lambda at: (self.goals[at][2], -at))
            elif any(share > 0 for share in shares):
                chosen = max(range(len(shares)), key=lambda at: (round(shares[at], DECIMALS), -at))
            else:
                continue
            cluster, _, likely, _, _ = self.goals[chosen]
            values = [
                scoring.similarity(self.held, supplied),
                scoring.similarity(supplied, vector(self.ranker.demands[cluster])),
                likely if ready else 0.0,
                0.0,
                float(self.behaviour.heat[cluster]),
                shares[chosen],
                stage_fit(self.stage, kind),
                self.leaning.toward(kind, str(cluster)),
            ]
            found.append((place, kind, cluster, values, (0, code)))
        return found

    def _mine(self, at: int) -> bool:
        return int(self.world.done.start[at]) == self.student

    def listed(self, path: str):
        """Return (item, goal, score, values) of a list, best first."""
        weights = self.ranker.rules.weights[path]
        rest = self.postings() if path == "JOB" else self.resources(path)
        placed: list[tuple] = []
        while rest and len(placed) < self.ranker.rules.listed:
            scored = []
            for item, kind, goal, values, tie in rest:
                alike = self.seen(kind, goal) + sum(each[1] == kind and each[2] == goal for each in placed)
                whole = [*values, redundancy(alike)]
                scored.append((-round(score(whole, weights), DECIMALS), tie, item, kind, goal, whole))
            best = min(scored, key=lambda each: each[:2])
            placed.append((best[2], best[3], best[4], -best[0], best[5]))
            rest = [each for each in rest if each[0] != best[2]]
        return [(item, goal, value, values) for item, _, goal, value, values in placed]
