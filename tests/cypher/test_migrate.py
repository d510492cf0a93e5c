"""Migrations and the catalog, on a real server."""

import re
import shutil

import pytest

from cypher.graph import Graph
from cypher.migrate import FOLDER, applied, await_indexes, draft, migrate, migrations, verify
from schema.catalog import CATALOG, Constraint, Index
from schema.errors import CatalogError


def clear(graph):
    """Remove all nodes, constraints and indexes but the two lookup indexes that the server makes."""
    graph.schema("MATCH (n) DETACH DELETE n")
    for each in graph.read("SHOW CONSTRAINTS YIELD name RETURN name"):
        graph.schema(f"DROP CONSTRAINT `{each['name']}`")
    for each in graph.read("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name"):
        graph.schema(f"DROP INDEX `{each['name']}`")


@pytest.fixture(scope="module")
def opened(connection):
    """A graph that is left with the declared catalog, since other tests share the server."""
    with Graph(connection) as graph:
        yield graph
        clear(graph)
        migrate(graph)


@pytest.fixture
def bare_graph(opened):
    """A graph with nothing in it."""
    clear(opened)
    return opened


@pytest.fixture
def migrated_graph(opened):
    """A graph with the declared catalog; made anew only where the last test left another one."""
    migrate(opened)
    if verify(opened):
        clear(opened)
        migrate(opened)
    return opened


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        for name, text in files.items():
            (tmp_path / f"{name.removeprefix('m')}.cypher").write_text(text)
        return tmp_path

    return write


def test_all_migrations_give_the_declared_catalog(bare_graph):
    """Would catch a catalog that was changed in the declaration without a migration, or the other way round."""
    assert {each.kind for each in verify(bare_graph)} == {"missing"}
    assert len(verify(bare_graph)) == len(CATALOG)
    assert [each.code for each in migrate(bare_graph)] == [each.code for each in migrations()]
    assert verify(bare_graph) == []
    assert draft(bare_graph) == ""


def test_second_run_does_nothing(bare_graph):
    """Would catch migrations that are applied or recorded again."""
    first = migrate(bare_graph)
    assert migrate(bare_graph) == []
    assert applied(bare_graph) == first


CHANGES = [
    ("DROP CONSTRAINT job_code", "job_code", "missing", "", "UNIQUENESS on node Job(code)"),
    ("DROP INDEX skill_name", "skill_name", "missing", "", "RANGE on node Skill(name)"),
    ("CREATE INDEX extra FOR (n:Job) ON (n.url)", "extra", "unexpected", "RANGE on node Job(url)", ""),
    (
        "CREATE CONSTRAINT extra FOR (n:Job) REQUIRE (n.url, n.name) IS UNIQUE",
        "extra",
        "unexpected",
        "UNIQUENESS on node Job(name, url)",
        "",
    ),
    (
        "DROP INDEX skill_name; CREATE INDEX skill_name FOR (n:Capability) ON (n.name)",
        "skill_name",
        "different",
        "RANGE on node Capability(name)",
        "RANGE on node Skill(name)",
    ),
    (
        "DROP INDEX skill_name; CREATE TEXT INDEX skill_name FOR (n:Skill) ON (n.name)",
        "skill_name",
        "different",
        "TEXT on node Skill(name)",
        "RANGE on node Skill(name)",
    ),
    (
        "DROP INDEX interacted_key; CREATE INDEX interacted_key FOR (n:INTERACTED) ON (n.key)",
        "interacted_key",
        "different",
        "RANGE on node INTERACTED(key)",
        "RANGE on relationship INTERACTED(key)",
    ),
    (
        "DROP CONSTRAINT job_code; CREATE CONSTRAINT job_code FOR (n:Job) REQUIRE (n.code, n.name) IS UNIQUE",
        "job_code",
        "different",
        "UNIQUENESS on node Job(code, name)",
        "UNIQUENESS on node Job(code)",
    ),
    (
        "DROP CONSTRAINT job_code; CREATE INDEX job_code FOR (n:Job) ON (n.code)",
        "job_code",
        "different",
        "RANGE on node Job(code)",
        "UNIQUENESS on node Job(code)",
    ),
    ("DROP INDEX {node lookup}", "lookup of NODE", "missing", "", "LOOKUP on NODE"),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change[1]}-{change[2]}-{change[3]}")
def test_each_difference_is_named_and_mended(migrated_graph, change):
    """Would catch a change that verify passes over or tells wrongly, and a draft that does not mend it."""
    statements, name, kind, live, declared = change
    lookup = migrated_graph.read(
        "SHOW INDEXES YIELD name, type, entityType WHERE type = 'LOOKUP' AND entityType = 'NODE'"
    )
    for each in statements.replace("{node lookup}", lookup[0]["name"]).split("; "):
        migrated_graph.schema(each)
    (found,) = verify(migrated_graph)
    assert (found.name, found.kind, found.live, found.declared) == (name, kind, live, declared)
    for each in draft(migrated_graph).splitlines():
        migrated_graph.schema(each.removesuffix(";"))
    await_indexes(migrated_graph)
    assert verify(migrated_graph) == []


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("VECTOR", "`vector.dimensions`: 128", "`vector.dimensions`: 64"),
        ("VECTOR", "'cosine'", "'euclidean'"),
        ("VECTOR", "'SCALAR'", "'BINARY'"),
        ("FULLTEXT", "'cjk'", "'english'"),
        ("FULLTEXT", "[entity.name", "[entity.title"),
    ],
)
def test_options_are_compared(migrated_graph, kind, old, new):
    """Would catch a vector index of the wrong quantization or a full-text index of the wrong analyzer."""
    index = next(each for each in CATALOG if isinstance(each, Index) and each.kind == kind)
    assert old in index.create
    migrated_graph.schema(f"DROP INDEX {index.name}")
    migrated_graph.schema(index.create.replace(old, new))
    (found,) = verify(migrated_graph)
    assert (found.name, found.kind) == (index.name, "different")
    words = [re.findall(r"\w+", each)[-1].casefold() for each in (old, new)]
    assert words[0] in found.declared
    assert words[1] in found.live
    assert words[0] not in found.live


def test_failed_index_is_named(bare_graph):
    """Would catch an index that is there by name and answers nothing."""
    bare_graph.write("CREATE (:Blob {code: 'b', text: $text})", text="x" * 40_000)
    bare_graph.schema("CREATE INDEX blob_text FOR (n:Blob) ON (n.text)")
    catalog = [Index("blob_text", "RANGE", ("Blob",), ("text",))]
    with pytest.raises(CatalogError):
        await_indexes(bare_graph, 30)
    (found,) = verify(bare_graph, catalog=catalog)
    assert (found.name, found.kind) == ("blob_text", "failed")


def test_data_and_schema_statements_may_mix(bare_graph, folder):
    """Would catch a data statement that runs again when an interrupted migration is taken up."""
    data = "CREATE (:Skill {code: 'a', name: ';'}); // a comment\n"
    index = "// One; two;\nCREATE INDEX extra IF NOT EXISTS\nFOR (n:Job) ON (n.url);\n"
    broken = folder(m0001_first=f"{data}{index}CREATE INDEX nonsense FOR;\n")
    with pytest.raises(CatalogError) as caught:
        migrate(bare_graph, folder=broken)
    assert caught.value.where == "0001_first.cypher, statement 3"
    assert applied(bare_graph) == []
    whole = folder(m0001_first=f"{data}{index}", m0002_second="MATCH (n:Skill) SET n.name = 'b';\n")
    assert [each.name for each in migrate(bare_graph, folder=whole)] == ["first", "second"]
    assert [each["name"] for each in bare_graph.read("MATCH (n:Skill) RETURN n.name AS name")] == ["b"]
    assert [each.name for each in verify(bare_graph, catalog=[])] == ["extra"]


def test_changed_migration_is_refused(bare_graph, tmp_path):
    """Would catch a migration that is edited after it was applied somewhere."""
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    migrate(bare_graph, folder=tmp_path)
    first = next(tmp_path.glob("0001_*"))
    text = first.read_text()
    first.write_text(text.replace("\n", "\r\n"), newline="")
    assert migrate(bare_graph, folder=tmp_path) == []
    first.write_text(text + "// later\n")
    with pytest.raises(CatalogError, match=first.name):
        migrate(bare_graph, folder=tmp_path)
    first.unlink()
    with pytest.raises(CatalogError):
        migrate(bare_graph, folder=tmp_path)


def test_migration_left_out_is_refused(bare_graph, folder):
    """Would catch a database that has the second migration and not the first."""
    files = folder(m0001_one="CREATE (:Skill);\n", m0002_two="CREATE (:Skill);\n")
    migrate(bare_graph, folder=files)
    bare_graph.write("MATCH (each:Migration {code: '0001'}) DELETE each")
    with pytest.raises(CatalogError, match="0002 is applied, 0001 is not"):
        migrate(bare_graph, folder=files)


@pytest.mark.parametrize(
    ("files", "given_text"),
    [
        ({"m0001_a": "RETURN 1;\n", "m0003_c": "RETURN 1;\n"}, "0003_c.cypher: migration 0003"),
        ({"m0001_a": "RETURN 1;\n", "m0001_b": "RETURN 1;\n"}, "0001_b.cypher: migration 0001"),
        ({"m1_a": "RETURN 1;\n"}, "1_a.cypher"),
        ({"m0001_a": "RETURN 1;\nRETURN 2\n"}, "0001_a.cypher: a statement without an end"),
        ({"m0001_a": "// nothing;\n"}, "0001_a.cypher: a statement without an end"),
    ],
)
def test_broken_folder_names_the_file(folder, files, given_text):
    """Would catch a gap, a number that stands twice, or a last statement that is silently dropped."""
    with pytest.raises(CatalogError, match=re.escape(given_text)):
        migrations(folder(**files))


def test_catalog_names_are_unique():
    """Would catch two declarations of which IF NOT EXISTS would create the first only."""
    names = [each.name for each in CATALOG]
    assert len(names) == len(set(names))
    assert all(isinstance(each, Constraint | Index) for each in CATALOG)
