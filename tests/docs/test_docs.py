"""The documentation is current, complete and true as far as a machine can tell."""

import re
import tomllib
from pathlib import Path

import graphql
import pytest
import typer

from api.endpoint import SCHEMA
from cypher import command
from cypher.graph import Graph
from cypher.migrate import migrate
from etl.mapping import ColumnMapping
from etl.sources import esco
from etl.sources.university import PAPER, SMALL
from gnn.config import GapConfig
from schema.model import MODEL
from tests.docs import markdown, write

PAGES = markdown.pages()
WRITTEN_BY_PARTS = [pytest.param(*each, id=f"{each[0].name} {each[1]}") for each in write.parts()]
PACKAGES = ("schema", "cypher", "etl", "gnn", "api")


def of_pages(*pages):
    """Parameters with the names of the pages."""
    return pytest.mark.parametrize("page", [pytest.param(page, id=markdown.name(page)) for page in pages or PAGES])


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in write.pages()])
def test_generated_page_is_current(path):
    """Would catch a declaration, query or command that changed while its page did not: run `make docs`."""
    assert path.read_text(encoding="utf-8") == write.pages()[path]


@pytest.mark.parametrize(("page", "name", "text"), WRITTEN_BY_PARTS)
def test_generated_part_is_current(page, name, text):
    """Would catch a table between markers that is old, and markers that were lost."""
    written = page.read_text(encoding="utf-8")
    assert write.filled(written, name, text) == written


def test_markers_that_are_not_there_are_refused():
    """Would catch a part that is silently written nowhere, or twice."""
    for page in ("no markers", "<!-- a -->\n<!-- /a --> <!-- a -->\n<!-- /a -->"):
        with pytest.raises(ValueError, match="pairs of markers"):
            write.filled(page, "a", "text\n")
    assert write.filled("x\n<!-- a -->\nold\n<!-- /a -->\ny", "a", "new\n") == "x\n<!-- a -->\nnew\n<!-- /a -->\ny"


def test_every_variable_that_the_code_names_is_documented():
    """Would catch a setting that is read but declared nowhere, so that no table shows it."""
    sources = [path.read_text(encoding="utf-8") for each in PACKAGES for path in (write.ROOT / each).rglob("*.py")]
    sources.append((write.ROOT / "Makefile").read_text(encoding="utf-8"))
    named = {name for text in sources for name in re.findall(r"\bFULLCYCLE_[A-Z_]+\b", text)}
    page = (write.DOCS / "operations.md").read_text(encoding="utf-8")
    assert {name for name in named if f"`{name}`" not in page} == set()
    assert {name for name, _, _ in write.variables()} <= set(re.findall(r"`([A-Z0-9_]+)`", page))


@pytest.fixture(scope="module")
def root():
    """The assembled command."""
    return typer.main.get_command(command.build())


def refusal(root, line: markdown.Line) -> str:
    """Say why a command line would be refused before it runs, or return an empty string."""
    found, words = root, list(line.words)
    name = "fullcycle"
    while getattr(found, "commands", None) is not None:
        if not words or words[0] in ("--help", "-h", "..."):
            return ""
        if words[0] not in found.commands:
            return f"no command {words[0]!r} in {name}"
        found, name = found.commands[words[0]], f"{name} {words[0]}"
        words = words[1:]
    if words and words[-1] == "...":
        words = words[:-1]
    if (not words and not line.whole) or words in (["--help"], ["-h"]):
        return ""
    try:
        found.make_context(name, words)
    except Exception as error:
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        # In a sentence an option may stand for itself, without the arguments that the command needs.
        return "" if not line.whole and "missing" in type(error).__name__.lower() else f"{name}: {message()}"
    return ""


@of_pages(*(page for page in PAGES if page.name != "commands.md"))
def test_every_command_line_parses(root, page):
    """Would catch an option that was renamed, a command that does not exist, an argument that is missing."""
    faults = {line.text: refusal(root, line) for line in markdown.command_lines(page)}
    assert {text: fault for text, fault in faults.items() if fault} == {}


def test_wrong_command_lines_are_found(root, tmp_path):
    """Would catch a check that lets everything pass."""
    page = tmp_path / "page.md"
    page.write_text(
        "`fullcycle nothing` `fullcycle load table --mood` `fullcycle load table` `fullcycle db ...`\n"
        "```sh\nfullcycle load table students  # no file\nA=1 fullcycle load demo --months 3 && fullcycle db up | cat\n"
        "```\n",
        encoding="utf-8",
    )
    lines = list(markdown.command_lines(page))
    assert [bool(refusal(root, line)) for line in lines] == [True, True, False, True, True, False, False]


@pytest.fixture(scope="module")
def catalog(connection):
    """The real server with the declared constraints and indexes."""
    with Graph(connection) as graph:
        migrate(graph)
        yield graph


CYPHER = [block for page in PAGES for block in markdown.blocks(page, "cypher")]


@pytest.mark.parametrize("block", [pytest.param(each, id=markdown.name(each.page)) for each in CYPHER])
def test_every_cypher_block_is_understood_by_the_server(catalog, block):
    """Would catch Cypher that a reader copies and that does not parse, or names labels that nobody declared."""
    declared = {*MODEL.labels(), *(each.type for each in MODEL.relationships)}
    assert set(re.findall(r"[:|]\s*([A-Z]\w*)", block.text)) <= declared
    for text in re.split(r";\s*(?:\n|$)", block.text):
        if text.strip():
            catalog.explain(text)


@of_pages(*(page for page in PAGES if page.name != "api.md"))
def test_every_graphql_block_is_valid(page):
    """Would catch a query that the service would refuse. (docs/api.md has tests of its own.)"""
    schema = graphql.build_schema(SCHEMA.as_str())
    for block in markdown.blocks(page, "graphql"):
        assert graphql.validate(schema, graphql.parse(block.text)) == []


@of_pages(*PAGES)
def test_every_relative_link_resolves(page):
    """Would catch a page or a heading that was renamed."""
    broken = []
    for link in markdown.links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in markdown.anchors(target)):
            broken.append(link)
    assert broken == []


def test_the_example_of_a_mapping_is_read():
    """Would catch an example whose keys the reader of mappings refuses."""
    blocks = markdown.blocks(write.DOCS / "loading.md", "toml")
    assert blocks
    for block in blocks:
        assert "title" in ColumnMapping.of(tomllib.loads(block.text)).columns


def words(page: str) -> str:
    """A page on one line, so that a line break does not hide a number."""
    return " ".join((write.DOCS / page).read_text(encoding="utf-8").split())


def test_numbers_on_the_pages_are_those_of_the_code():
    """Would catch a default that was changed in the code and still stands on a page."""
    config = GapConfig()
    gaps, demo, loading = words("gaps.md"), words("demo.md"), words("loading.md")
    weights = config.weights
    assert f"mu {weights.to_student}, nu {weights.to_goal}, xi {weights.gap}" in gaps
    assert f"counts like {config.pseudo_count:.0f} postings" in gaps
    assert f"fewer than {config.least_units} units (`--least-units`)" in gaps
    assert f"Levels below {config.least_level} are taken for 0" in gaps
    assert (
        f"({config.unscored} where there is none); {config.earned} of what a certificate supplies, {config.worked_on} "
        f"of a project or practicum, {config.entered} of a competition; {config.interned} of what the cluster of an "
        f"internship demands, {config.employed} of that of a job" in gaps
    )
    assert config.optional == 0.5 and "a plus counts half" in gaps
    assert (
        f"{SMALL.postings:,} postings over {SMALL.months} months, {SMALL.students} students, {SMALL.clusters} job "
        "clusters" in demo
    )
    assert (
        f"{PAPER.postings:,} postings over {PAPER.months} months, {PAPER.students:,} students, {PAPER.career_count:,} "
        f"internships and outcomes, {PAPER.clusters} job clusters" in demo
    )
    assert f"the levels {esco.ESSENTIAL} and {esco.OPTIONAL} are ours" in loading


def test_no_page_is_forgotten():
    """Would catch a page that no other page leads to."""
    linked = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in PAGES
        for link in markdown.links(page)
        if link.partition("#")[0]
    }
    assert [markdown.name(page) for page in PAGES if page.name != "README.md" and page.resolve() not in linked] == []


def test_pages_name_no_place_of_this_machine():
    """Would catch an absolute path of whoever wrote a page."""
    home = str(Path.home())
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert home not in text and str(write.ROOT) not in text, markdown.name(page)
