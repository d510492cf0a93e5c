"""The served schema against the promised one, field by field."""

from pathlib import Path

import pytest
from graphql import build_schema, is_enum_type, is_input_object_type, is_object_type, is_scalar_type, is_union_type
from graphql.pyutils import Undefined

from api.app import SCHEMA

CONTRACT = build_schema(Path(__file__).with_name("contract.graphql").read_text(encoding="utf-8"))
SERVED = build_schema(SCHEMA.as_str())

# What a later issue serves; it takes its lines away here.
NOT_YET = {
    "ClassGroup.abilities",
    "ClassGroup.shortfalls",
    "ClassGroup.suggestedResources",
    # Types that only these fields reach.
    "CapabilityDistribution",
    "ClassShortfall",
}


def own(schema):
    """Return the types of a schema that the language does not bring itself."""
    builtin = {"Int", "Float", "String", "Boolean", "ID"}
    return {name: each for name, each in schema.type_map.items() if not name.startswith("__") and name not in builtin}


def described(field):
    """Return type and arguments of a field, as text."""
    arguments = {
        name: (str(each.type), "none" if each.default_value is Undefined else each.default_value)
        for name, each in getattr(field, "args", {}).items()
    }
    return str(field.type), arguments


def without_more(found, promise):
    """Return a field as it is served without arguments that were not promised and may be left out."""
    if not isinstance(found, tuple):
        return found
    kind, arguments = found
    return kind, {name: each for name, each in arguments.items() if name in promise[1] or each[0].endswith("!")}


def members(each):
    """Return what a type promises, by name."""
    if is_enum_type(each):
        return dict.fromkeys(each.values, "value")
    if is_union_type(each):
        return {member.name: "member" for member in each.types}
    if is_object_type(each) or is_input_object_type(each):
        return {name: described(field) for name, field in each.fields.items()}
    assert is_scalar_type(each)
    return {}


def missing():
    """Return the names of what is promised and not served."""
    served = own(SERVED)
    names = set()
    for name, promised in own(CONTRACT).items():
        if name not in served:
            names.add(name)
        else:
            names |= {f"{name}.{each}" for each in members(promised).keys() - members(served[name]).keys()}
    return names


@pytest.mark.parametrize("name", sorted(own(CONTRACT).keys() & own(SERVED).keys()))
def test_what_is_served_is_what_was_promised(name):
    """Would catch another name, nullability, argument or default than clients were promised."""
    promised, served = own(CONTRACT)[name], own(SERVED)[name]
    assert type(promised) is type(served)
    found, wanted = members(served), members(promised)
    both = {each: without_more(found[each], wanted[each]) for each in wanted.keys() & found.keys()}
    assert both == {each: promise for each, promise in wanted.items() if each in both}
    if is_enum_type(promised):
        assert members(promised) == found


def test_what_is_not_served_yet_is_known():
    """Would catch a promised field that was forgotten or lost, and a list of debts that was not kept."""
    assert missing() == NOT_YET


def test_the_first_chain_is_served():
    """Would catch the five answers of the first service being put off to a later one."""
    for field in ("student", "jobCluster", "skill", "resource"):
        assert field in SERVED.query_type.fields
    assert "chain" in SERVED.type_map["Student"].fields


def test_the_engine_of_recommendations_is_served():
    """Would catch a list, its explanation or the way back of feedback being put off to a later service."""
    assert {"stage", "recommendations", "excluded", "plan"} <= SERVED.type_map["Student"].fields.keys()
    assert {"recordFeedback", "withdrawFeedback"} == SERVED.mutation_type.fields.keys()
    assert {"EN", "ZH"} == SERVED.type_map["Explanation"].fields["sentences"].args["language"].type.values.keys()


def test_a_new_argument_may_be_left_out():
    """Would catch a check that lets through an argument which clients of the promise do not know and must give."""
    assert without_more(("T", {"a": ("Int", 1), "b": ("Int", "none")}), ("T", {"a": ("Int", 1)}))[1] == {
        "a": ("Int", 1)
    }
    assert "b" in without_more(("T", {"b": ("Int!", "none")}), ("T", {}))[1]
