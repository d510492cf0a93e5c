"""All that is settled before the first file is written, in one hand."""

from dataclasses import dataclass

from etl.sources.university import clusters, dynamics, employers, resources, students, training
from etl.sources.university.world import World


@dataclass(frozen=True, slots=True)
class Scene:
    """A world with its clusters, employers, resources, students and their training, and the demand that came of it."""

    world: World
    clusters: clusters.Clusters
    employers: employers.Employers
    resources: tuple[resources.Resource, ...]
    students: students.Students
    training: training.Training
    demand: dynamics.Demand
