"""The entry points of the contract that the graph answers so far."""

import strawberry

from api import lists
from api.context import Info
from api.errors import check_count
from api.lists import Direction, JobClusterOrder
from api.types.generations import Generation
from api.types.jobs import Employer, Job, JobCluster
from api.types.pages import After, Connection, First, cursor, page, position
from api.types.resources import Resource, ResourceKind
from api.types.skills import Skill
from api.types.students import ClassGroup, Student


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

    @strawberry.field(
        description="Job clusters, those without a forecast last; of a search by words of the name or an alias."
    )
    async def job_clusters(
        self,
        info: Info,
        *,
        first: First = 20,
        after: After = None,
        search: str | None = None,
        focus_only: bool | None = False,
        order_by: JobClusterOrder | None = JobClusterOrder.WARNING,
        direction: Direction | None = Direction.DESC,
    ) -> Connection[JobCluster]:
        return await lists.clusters(
            info.context,
            check_count("first", first, default=20),
            after=after,
            search=search,
            focus_only=bool(focus_only),
            order=order_by or JobClusterOrder.WARNING,
            direction=direction or Direction.DESC,
        )

    @strawberry.field(description="A job posting by its code.")
    async def job(self, info: Info, code: strawberry.ID) -> Job | None:
        row = await info.context.loaders.jobs.load(code)
        return Job.of(row) if row else None

    @strawberry.field(
        description="Postings that no source has closed, the newest first; of a search by words of the title, of a job "
        "cluster (its code), or of a region (its code or name) and what lies in it."
    )
    async def jobs(
        self,
        info: Info,
        *,
        first: First = 20,
        after: After = None,
        search: str | None = None,
        job_cluster: strawberry.ID | None = None,
        region: str | None = None,
    ) -> Connection[Job]:
        most = check_count("first", first, default=20)
        return await lists.jobs(info.context, most, after=after, search=search, job_cluster=job_cluster, region=region)

    @strawberry.field(description="An employer by its code.")
    async def employer(self, info: Info, code: strawberry.ID) -> Employer | None:
        row = await info.context.loaders.employers.load(code)
        return Employer.of(row) if row else None

    @strawberry.field(description="A skill by its code.")
    async def skill(self, info: Info, code: strawberry.ID) -> Skill | None:
        row = await info.context.loaders.skills.load(code)
        return Skill.of(row) if row else None

    @strawberry.field(description="Skills whose name or alias holds words of the search, the best first.")
    async def skills(self, info: Info, search: str, first: int | None = 20) -> list[Skill]:
        most = check_count("first", first, default=20)
        records = await info.context.gateway.read("serve/skill-search", search=search, first=most)
        return [Skill.of(record.data()) for record in records]

    @strawberry.field(description="A resource by its code.")
    async def resource(self, info: Info, code: strawberry.ID) -> Resource | None:
        row = await info.context.loaders.resources.load(code)
        return Resource.of(row) if row else None

    @strawberry.field(
        description="Resources that a source still states, in order of code; of a kind, or of a search by words of the "
        "name."
    )
    async def resources(
        self,
        info: Info,
        kind: ResourceKind | None = None,
        search: str | None = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Resource]:
        most = check_count("first", first, default=20)
        label = kind.value.capitalize() if kind else None
        return await lists.resources(info.context, most, after=after, search=search, kind=label)

    @strawberry.field(description="A student by the student's code.")
    async def student(self, info: Info, code: strawberry.ID) -> Student | None:
        row = await info.context.loaders.students.load(code)
        return Student.of(row) if row else None

    @strawberry.field(
        description="Students whom a source still states, in order of code; of a class or a major (its name)."
    )
    async def students(
        self,
        info: Info,
        class_group: strawberry.ID | None = None,
        major: str | None = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Student]:
        gateway, loaders = info.context.gateway, info.context.loaders
        most = check_count("first", first, default=20)
        [last] = position(after, length=1) or [""]
        wanted = {"classGroup": class_group, "major": major}
        records = await gateway.read("serve/student-page", **wanted, after=last, first=most + 1)
        rows = await loaders.students.load_many([record["code"] for record in records])

        async def count() -> int:
            [record] = await gateway.read("serve/student-count", **wanted)
            return int(record["students"])

        return page([(cursor(row["code"]), Student.of(row)) for row in rows if row], most, after=after, count=count)

    @strawberry.field(description="A class by its code.")
    async def class_group(self, info: Info, code: strawberry.ID) -> ClassGroup | None:
        row = await info.context.loaders.class_groups.load(code)
        return ClassGroup.of(row) if row else None
