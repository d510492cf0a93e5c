"""What the entry points answer on the drawn world, and before there is anything to answer from."""

import pytest

from api.types.pages import cursor


def test_generation_is_the_active_one(world, ask):
    """Would catch a retired generation, instants without a zone, and a metric that is no number."""
    found = ask("{ generation { code createdAt activatedAt dataThrough metrics { name value } } }")
    assert found["generation"] == {
        "code": "t:g2",
        "createdAt": "2024-06-01T08:00:00+00:00",
        "activatedAt": "2024-06-01T09:30:00+00:00",
        "dataThrough": "2024-05-31",
        "metrics": [{"name": "gaps", "value": 1.0}, {"name": "meanGap", "value": 0.6}],
    }


def test_a_cluster_tells_demands_and_history(world, ask):
    """Would catch demands of another generation or in another order, and months that are left out or counted twice."""
    query = (
        '{ jobCluster(code: "j:analyst") { code name demands(first: 1) { level capability { code name } } '
        "history { month postings } last: history(last: 2) { month } none: history(last: 0) { month } } }"
    )
    found = ask(query)["jobCluster"]
    assert (found["code"], found["name"]) == ("j:analyst", "Analyst")
    assert found["demands"] == [{"level": 0.75, "capability": {"code": "k:data", "name": "Data"}}]
    # A posting that was closed was demand too; the data know of no posting in April and May.
    history = [(each["month"], each["postings"]) for each in found["history"]]
    assert history == [("2024-01-01", 1), ("2024-02-01", 0), ("2024-03-01", 3), ("2024-04-01", 0), ("2024-05-01", 0)]
    assert [each["month"] for each in found["last"]] == ["2024-04-01", "2024-05-01"]
    assert found["none"] == []


def test_a_skill_and_a_capability_lead_to_each_other(world, ask):
    """Would catch a weight of another pair, a wrong order, an alias in one language only, or a closed skill."""
    found = ask(
        '{ skill(code: "s:python") { name aliases capabilities { weight capability { code skills { code } } } } '
        'sql: skill(code: "s:sql") { aliases } }'
    )
    assert found["sql"]["aliases"] == ["structured query language", "结构化查询语言"]
    assert found["skill"]["aliases"] == ["python development"]
    assert found["skill"]["capabilities"] == [
        {"weight": 0.75, "capability": {"code": "k:code", "skills": [{"code": "s:python"}]}},
        {"weight": 0.5, "capability": {"code": "k:data", "skills": [{"code": "s:sql"}, {"code": "s:python"}]}},
    ]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("python", ["s:python"]),
        ("QUERY", ["s:sql"]),
        ("查询", ["s:sql"]),
        ("python AND NOT (sql", ["s:python", "s:sql"]),
        ('"*:* \\', []),
        ("  ", []),
    ],
)
def test_skills_are_found_by_words(world, ask, words, codes):
    """Would catch query syntax that gets through, Chinese that is not found, and a closed skill that is."""
    found = ask("query ($words: String!) { skills(search: $words) { code } }", words=words)
    assert sorted(each["code"] for each in found["skills"]) == codes


def test_a_resource_tells_its_kind_and_what_it_improves(world, ask):
    """Would catch a label taken for the kind, and supplies of another generation or in another order."""
    found = ask(
        '{ project: resource(code: "r:python") { name kind policyLevel improves { level capability { code } } } '
        'policy: resource(code: "r:policy") { kind policyLevel improves { level } } }'
    )
    assert found["project"]["improves"] == [
        {"level": 0.5, "capability": {"code": "k:code"}},
        {"level": 0.25, "capability": {"code": "k:data"}},
    ]
    assert (found["project"]["kind"], found["project"]["policyLevel"]) == ("PROJECT", None)
    assert found["policy"] == {"kind": "POLICY", "policyLevel": "MESO", "improves": []}


def test_a_student_tells_class_major_and_abilities(world, ask):
    """Would catch a student counted who has left, and abilities of another generation or in another order."""
    found = ask(
        '{ student(code: "u:1") { code major classGroup { code name size } abilities { level capability { code } } } '
        'other: student(code: "u:2") { major abilities { level } } class: classGroup(code: "c:1") { name size } }'
    )
    assert found["student"] == {
        "code": "u:1",
        "major": "Statistics",
        "classGroup": {"code": "c:1", "name": "Class 1", "size": 2},
        "abilities": [
            {"level": 0.5, "capability": {"code": "k:data"}},
            {"level": 0.25, "capability": {"code": "k:code"}},
        ],
    }
    assert found["other"] == {"major": None, "abilities": []}
    assert found["class"] == {"name": "Class 1", "size": 2}


def test_a_job_tells_all_that_the_contract_promises(world, ask):
    """Would catch a value of another field, and a posting that breaks the answer because it says little."""
    fields = (
        "title employer { code name industry } jobCluster { code } region education salaryMin salaryMax "
        "salaryCurrency salaryPeriod releasedAt requires { skill { code name } level evidence }"
    )
    found = ask(f'{{ full: job(code: "p:1") {{ {fields} }} bare: job(code: "p:2") {{ {fields} }} }}')
    assert found["full"] == {
        "title": "Data analyst",
        "employer": {"code": "e:1", "name": "Firm", "industry": "Information"},
        "jobCluster": {"code": "j:analyst"},
        "region": "Shanghai",
        "education": "ISCED 6",
        "salaryMin": 8000.0,
        "salaryMax": 12000.0,
        "salaryCurrency": "CNY",
        "salaryPeriod": "month",
        "releasedAt": "2024-01-10",
        "requires": [
            {"skill": {"code": "s:python", "name": "Python"}, "level": 0.9, "evidence": None},
            {"skill": {"code": "s:sql", "name": "SQL"}, "level": 0.8, "evidence": "good SQL"},
        ],
    }
    told = {name: value for name, value in found["bare"].items() if value not in (None, [])}
    expected = {"title": "Analyst", "jobCluster": {"code": "j:analyst"}, "education": "Bachelor"}
    assert told == expected | {"releasedAt": "2024-03-02"}


PAGE = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { code } }"


def pages(ask, query, *path, **variables):
    """Return the codes of each page of a list, following the cursors."""
    found, after = [], None
    while True:
        connection = ask(query, after=after, **variables)
        for name in path:
            connection = connection[name]
        edges, info = connection["edges"], connection["pageInfo"]
        found.append([edge["node"]["code"] for edge in edges])
        assert info["hasPreviousPage"] is (after is not None)
        assert [info["startCursor"], info["endCursor"]] == [edges[0]["cursor"], edges[-1]["cursor"]]
        if not info["hasNextPage"]:
            return connection["totalCount"], found
        after = info["endCursor"]


def test_lists_are_read_page_by_page(world, ask):
    """Would catch an item that is lost or told twice between pages, a closed one, or one of another holder."""
    jobs = "jobs(first: 2, after: $after) {" + PAGE + "}"
    cluster = f'query ($after: String) {{ jobCluster(code: "j:analyst") {{ {jobs} }} }}'
    # Of one day the lower code comes first.
    assert pages(ask, cluster, "jobCluster", "jobs") == (3, [["p:2", "p:5"], ["p:1"]])
    employer = f'query ($after: String) {{ employer(code: "e:1") {{ {jobs} }} }}'
    assert pages(ask, employer, "employer", "jobs") == (2, [["p:4", "p:1"]])
    students = (
        "query ($after: String, $class: ID, $major: String) "
        f"{{ students(first: 1, after: $after, classGroup: $class, major: $major) {{ {PAGE} }} }}"
    )
    assert pages(ask, students, "students") == (2, [["u:1"], ["u:2"]])
    assert pages(ask, students, "students", **{"class": "c:1"}) == (2, [["u:1"], ["u:2"]])
    assert pages(ask, students, "students", major="Statistics") == (1, [["u:1"]])
    nobody = ask(students, major="Nothing")["students"]
    assert (nobody["totalCount"], nobody["edges"], nobody["pageInfo"]["endCursor"]) == (0, [], None)


EVERYTHING = """{
  generation { code } jobCluster(code: "x") { code } job(code: "x") { code } employer(code: "x") { code }
  skill(code: "x") { code } resource(code: "x") { code } student(code: "x") { code } classGroup(code: "x") { code }
}"""


def test_unknown_codes_are_null(world, ask):
    """Would catch an error, or another node, where the code is simply not there."""
    assert {name for name, found in ask(EVERYTHING).items() if found is not None} == {"generation"}


def test_before_the_first_generation_lists_are_empty(world, ask, client):
    """Would catch a first start that answers with errors, or facts that no reader may see yet."""
    world.write("MATCH (pointer:ActivePointer) DETACH DELETE pointer")
    found = ask(
        '{ generation { code } student(code: "u:1") { abilities { level } gaps { value } chain(goal: "j:dev") '
        '{ gap { value } } } jobCluster(code: "j:analyst") { demands { level } history { postings } } '
        'resource(code: "r:sql") { improves { level } } }'
    )
    assert found["generation"] is None
    assert found["student"] == {"abilities": [], "gaps": [], "chain": None}
    # Without a generation nobody knows how far the data go; the last posting is the last thing known.
    assert found["jobCluster"] == {"demands": [], "history": [{"postings": n} for n in (1, 0, 3)]}
    assert found["resource"] == {"improves": []}
    assert client.get("/health").json() == {"status": "ok", "generation": None}


def test_an_empty_graph_answers(graph, ask):
    """Would catch a service that needs data to start."""
    assert set(ask(EVERYTHING).values()) == {None}
    assert ask("{ students { totalCount edges { cursor } } }") == {"students": {"totalCount": 0, "edges": []}}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('{ student(code: "u:1") { gaps(first: -1) { value } } }', "first: -1; expected 0 to 100"),
        ('{ student(code: "u:1") { gaps(first: 101) { value } } }', "first: 101; expected 0 to 100"),
        ('{ jobCluster(code: "j:dev") { history(last: 601) { postings } } }', "last: 601; expected 0 to 600"),
        ('{ jobCluster(code: "j:dev") { demands(first: -1) { level } } }', "first: -1; expected 0 to 100"),
        ('{ skills(search: "x", first: 1000) { code } }', "first: 1000; expected 0 to 100"),
        ('{ students(after: "x") { totalCount } }', "after: 'x'; expected an endCursor of the same list"),
        (f'{{ students(after: "{cursor("2024-01-01", "p:1")}") {{ totalCount }} }}', "after: "),
        (f'{{ jobCluster(code: "j:dev") {{ jobs(after: "{cursor("day", "p")}") {{ totalCount }} }} }}', "after: "),
    ],
)
def test_a_wrong_argument_is_told(world, client, query, message):
    """Would catch a limit that is not kept, and a mistake of the client that looks like one of ours."""
    answer = client.post("/graphql", json={"query": query}).json()
    [error] = answer["errors"]
    assert error["message"].startswith(message)
    assert error["extensions"] == {"code": "INVALID"}
    assert error["path"]
