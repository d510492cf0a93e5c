"""What students do beside courses: certificates, competitions, practica and projects."""

from dataclasses import dataclass

from etl.sources.university.calendar import term_label
from etl.sources.university.draws import Draws
from etl.sources.university.resources import Resource
from etl.sources.university.scene import Scene
from etl.sources.university.students import YEARS, fit

# Chance that a student takes part in one more of the kind; up to three of each.
CHANCES = (("certificate", 0.45), ("competition", 0.40), ("practicum", 0.55), ("project", 0.50))
RESULTS = {
    "certificate": ("failed", "passed", "passed with merit"),
    "competition": ("no award", "third prize", "second prize", "first prize"),
    "practicum": ("pass", "good", "excellent"),
    "project": ("pass", "good", "excellent"),
}


@dataclass(frozen=True, slots=True)
class Practice:
    """Rows of certificates.csv, competitions.csv and practice.csv."""

    certificates: list[list[str]]
    competitions: list[list[str]]
    practice: list[list[str]]


def produce(scene: Scene) -> Practice:
    """Everything that students entered; results follow ability in what the resource's cluster demands."""
    world, clusters, students, training = scene.world, scene.clusters, scene.students, scene.training
    draws = Draws(world.generator("practice"))
    shelves: dict[str, dict[int, list[Resource]]] = {kind: {} for kind, _ in CHANCES}
    for resource in scene.resources:
        if resource.kind in shelves:
            shelves[resource.kind].setdefault(resource.home, []).append(resource)
    everything = {kind: [each for shelf in held.values() for each in shelf] for kind, held in shelves.items()}
    match = fit(training.ability, clusters.demand)
    found: dict[str, list[list[str]]] = {kind: [] for kind, _ in CHANCES}
    terms = world.window.terms
    for student in range(len(students)):
        first = max(2 * int(students.admitted[student]), terms[0])
        last = min(2 * (int(students.admitted[student]) + YEARS) - 1, terms[-1])
        goal = int(students.goal[student])
        for kind, chance in CHANCES:
            seen: list[str] = []
            while len(seen) < 3 and draws.next() < chance:
                near = shelves[kind].get(goal, ())
                resource = draws.choice(near) if near and draws.next() < 0.6 else draws.choice(everything[kind])
                if resource.code in seen:
                    break
                seen.append(resource.code)
                term = term_label(first + draws.below(last - first + 1))
                # Half talent and drawn luck, half ability where the resource leads.
                skill = 0.9 * float(match[student, resource.home]) + 0.1 * float(students.talent[student])
                mark = min(0.999, max(0.0, skill + 0.8 * (draws.next() - 0.3)))
                result = RESULTS[kind][int(mark * len(RESULTS[kind]))]
                row = [students.code(student), resource.code, term, result]
                found[kind].append([*row, str(resource.hours)] if kind in ("practicum", "project") else row)
    practice = sorted(found["practicum"] + found["project"])
    return Practice(found["certificate"], found["competition"], practice)
