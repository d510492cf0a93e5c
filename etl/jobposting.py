"""schema.org JobPosting (JSON-LD) to the fields of a posting. HTML is reduced to its text, lists to lines."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

_BLOCK = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr|/ul|/ol)\b[^>]*>", re.IGNORECASE)
_INLINE = re.compile(r"</?(?:b|i|u|em|strong|span|a|font|small|mark|sup|sub|wbr)\b[^<>]*>", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^>]*>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_NAMESPACE = re.compile(r".*[/:]")
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_LINES = re.compile(r"[ \t\xa0]*\n\s*")
_PERIODS = {"HOUR": "hour", "DAY": "day", "WEEK": "week", "MONTH": "month", "YEAR": "year", "ANNUAL": "year"}
_REQUIREMENTS = ("qualifications", "experienceRequirements", "requirements")
_ADDRESS = ("addressLocality", "addressRegion", "addressCountry")


def is_posting(cells: Mapping[str, Any]) -> bool:
    """True where a JSON object calls itself a JobPosting."""
    return any(_NAMESPACE.sub("", each) == "JobPosting" for each in _texts(cells.get("@type")))


def fields(cells: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a JobPosting as text, empty ones left out.

    Arguments:
        cells: the JSON object. Where it gives several values, the text has them all; of several places the first
            counts as the place.
    """
    given = {
        "code": _identifier(cells.get("identifier")),
        "title": plain(_first(cells.get("title")) or _first(cells.get("name"))),
        "responsibilities": _joined(cells, ("description", "responsibilities")),
        "requirements": _joined(cells, _REQUIREMENTS),
        "skills": "; ".join(plain(each) for each in _texts(cells.get("skills"))),
        "education": "; ".join(plain(each) for each in _texts(cells.get("educationRequirements"))),
        "industry": plain(_first(cells.get("industry"))),
        "location": _place(cells),
        "salary": _pay(cells),
        "released_on": _first(cells.get("datePosted")),
        "closes_on": _first(cells.get("validThrough")),
        "employer": plain(_first(cells.get("hiringOrganization"))),
        "headcount": _first(cells.get("totalJobOpenings")),
        "job_cluster": plain(_first(cells.get("occupationalCategory"))),
        "url": _first(cells.get("url")),
        "language": _first(cells.get("inLanguage"))[:2],
    }
    return {name: text.strip() for name, text in given.items() if text and text.strip()}


def plain(text: str) -> str:
    """Return HTML as text, a line for each block.

    >>> plain("<p>We seek:</p><ul><li>Python</li><li>SQL &amp; ETL</li></ul>")
    'We seek:\\n- Python\\n- SQL & ETL'
    """
    if "<" not in text and "&" not in text:
        return text.strip()
    if "&lt;" in text and "<" not in text:
        text = html.unescape(text)  # escaped once more, as many boards hand it out
    text = _HIDDEN.sub(" ", text)
    text = _ITEM.sub("\n- ", _BLOCK.sub("\n", _INLINE.sub("", text)))
    return _LINES.sub("\n", html.unescape(_TAG.sub(" ", text))).replace(" \n", "\n").strip()


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts in a value: itself, those of a list, or the name of a thing."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int | float):
        yield str(int(value)) if float(value).is_integer() else str(value)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, Mapping):
        for key in ("name", "credentialCategory", "value", "codeValue", "@value", "description", "@id"):
            if value.get(key) is not None:
                yield from _texts(value[key])
                return
        if value.get("monthsOfExperience") is not None:
            yield f"{value['monthsOfExperience']} months of experience"


def _first(value: Any) -> str:
    return next(_texts(value), "")


def _joined(cells: Mapping[str, Any], names: tuple[str, ...]) -> str:
    parts = (plain(each) for name in names for each in _texts(cells.get(name)))
    return "\n".join(dict.fromkeys(part for part in parts if part))


def _identifier(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, Mapping):
        return _first(value.get("value")) or _first(value.get("@id"))
    return _first(value)


def _place(cells: Mapping[str, Any]) -> str:
    places = cells.get("jobLocation")
    for place in places if isinstance(places, list) else [places]:
        address = place.get("address", place) if isinstance(place, Mapping) else place
        if isinstance(address, Mapping):
            text = ", ".join(part for part in (_first(address.get(name)) for name in _ADDRESS) if part)
            text = text or _first(address)
        else:
            text = _first(address)
        if text:
            return plain(text)
    return ""


def _pay(cells: Mapping[str, Any]) -> str:
    pay = cells.get("baseSalary") or cells.get("estimatedSalary")
    pay = pay[0] if isinstance(pay, list) and pay else pay
    if not isinstance(pay, Mapping):
        return _first(pay)
    value = pay.get("value", pay)
    value = value[0] if isinstance(value, list) and value else value
    currency = _first(pay.get("currency")) or _first(cells.get("salaryCurrency"))
    if not isinstance(value, Mapping):
        amounts, unit = _first(value), _first(pay.get("unitText"))
    else:
        low, high = _first(value.get("minValue")), _first(value.get("maxValue"))
        amounts = f"{low} - {high}" if low and high and low != high else low or high or _first(value.get("value"))
        unit = _first(value.get("unitText")) or _first(pay.get("unitText"))
    period = _PERIODS.get(unit.upper(), unit.lower())
    if not amounts:
        return ""
    return " ".join(part for part in (amounts, currency, f"per {period}" if period else "") if part)
