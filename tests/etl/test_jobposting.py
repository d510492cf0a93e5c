"""schema.org JobPosting to fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.jobposting import fields, is_posting, plain


@pytest.mark.parametrize(
    "kind", ["JobPosting", "https://schema.org/JobPosting", "schema:JobPosting", ["Thing", "JobPosting"]]
)
def test_a_posting_is_known_by_its_type(kind):
    """Catches a prefix or a list of types that hides a posting."""
    assert is_posting({"@type": kind})
    assert not is_posting({"@type": "Organization"})


@pytest.mark.parametrize(
    ("pay", "text"),
    [
        ({"currency": "USD", "value": {"minValue": 20, "maxValue": 30, "unitText": "HOUR"}}, "20 - 30 USD per hour"),
        ({"currency": "EUR", "value": {"value": 50000.0, "unitText": "YEAR"}}, "50000 EUR per year"),
        ({"currency": "EUR", "value": 3000, "unitText": "MONTH"}, "3000 EUR per month"),
        ({"currency": "GBP", "minValue": 10, "maxValue": 10, "unitText": "HOUR"}, "10 GBP per hour"),
        ("$40,000 a year", "$40,000 a year"),
        ({"currency": "USD"}, None),
    ],
)
def test_pay_in_every_shape(pay, text):
    """Catches a shape of MonetaryAmount whose amount or unit is lost."""
    assert fields({"@type": "JobPosting", "baseSalary": pay}).get("salary") == text


def test_all_other_fields():
    """Catches an object that is printed instead of read, and requirements that are taken twice."""
    posting = {
        "title": "Nurse",
        "identifier": {"value": 17},
        "description": "Care &lt;b&gt;for&lt;/b&gt; people",
        "qualifications": "Licence",
        "experienceRequirements": {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": 24},
        "skills": ["First aid", {"name": "Triage"}],
        "educationRequirements": {"credentialCategory": "bachelor degree"},
        "industry": "Hospitals",
        "jobLocation": [
            {"address": {"addressLocality": "Leeds", "addressCountry": {"name": "GB"}}},
            {"address": "York"},
        ],
        "hiringOrganization": "NHS",
        "totalJobOpenings": 3,
        "occupationalCategory": "29-1141.00",
        "url": "https://example.org/17",
        "validThrough": "2025-01-01",
    }
    assert fields(posting) == {
        "code": "17",
        "title": "Nurse",
        "responsibilities": "Care for people",
        "requirements": "Licence\n24 months of experience",
        "skills": "First aid; Triage",
        "education": "bachelor degree",
        "industry": "Hospitals",
        "location": "Leeds, GB",
        "employer": "NHS",
        "headcount": "3",
        "job_cluster": "29-1141.00",
        "url": "https://example.org/17",
        "closes_on": "2025-01-01",
    }


def test_scripts_and_comments_are_no_text():
    """Catches code of the page that would be read for skills."""
    assert plain("<p>Join us<!-- java --><script>var python = 1;</script></p>") == "Join us"
    assert plain("a < b and c > d") == "a < b and c > d"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "value", "@id", "address"]), inner)
    ),
    max_leaves=6,
)
NAMES = [
    "title",
    "identifier",
    "description",
    "skills",
    "jobLocation",
    "baseSalary",
    "hiringOrganization",
    "datePosted",
]


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_no_json_breaks_it(posting):
    """Catches a shape of value that stops a load."""
    assert all(isinstance(text, str) and text for text in fields(posting).values())
