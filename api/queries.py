"""The entry points of the contract that the graph answers so far."""

import strawberry

from api.context import Info
from api.errors import check_first
from api.types.clusters import JobCluster
from api.types.generations import Generation
from api.types.resources import Resource
from api.types.skills import Skill
from api.types.students import Student


@strawberry.type
class Query:
    """Where every query begins."""

    @strawberry.field(description="The active generation; null before the first.")
    async def generation(self, info: Info) -> Generation | None:
        row = await info.context.generation()
        return Generation.of(row) if row else None

    @strawberry.field(description="A job cluster by its code.")
    async def job_cluster(self, info: Info, code: strawberry.ID) -> JobCluster | None:
        row = await info.context.loaders.clusters.load(code)
        return JobCluster.of(row) if row else None

    @strawberry.field(description="A skill by its code.")
    async def skill(self, info: Info, code: strawberry.ID) -> Skill | None:
        row = await info.context.loaders.skills.load(code)
        return Skill.of(row) if row else None

    @strawberry.field(description="Skills whose name or alias holds the words, the best first.")
    async def skills(self, info: Info, search: str, first: int = 20) -> list[Skill]:
        limit = check_first(first)
        records = await info.context.gateway.read("serve/skill-search", search=search, first=limit)
        return [Skill.of(record.data()) for record in records]

    @strawberry.field(description="A resource by its code.")
    async def resource(self, info: Info, code: strawberry.ID) -> Resource | None:
        row = await info.context.loaders.resources.load(code)
        return Resource.of(row) if row else None

    @strawberry.field(description="A student by the student's code.")
    async def student(self, info: Info, code: strawberry.ID) -> Student | None:
        row = await info.context.loaders.students.load(code)
        return Student.of(row) if row else None
