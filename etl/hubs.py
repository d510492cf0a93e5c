"""Regions and industries of the code lists as shared nodes, with the larger ones that they belong to."""

from functools import lru_cache

from etl.records import Edge, Hub
from schema.ids import code
from schema.vocabulary import industries
from schema.vocabulary.regions import LINES, REGIONS


def region_code(region: str) -> str:
    """Return the unified code of a region.

    >>> region_code("CN-410400")
    'region:CN-410400'
    """
    return code("region", region)


@lru_cache(maxsize=8192)
def region_hubs(region: str) -> tuple[Hub, ...]:
    """Return a region and all that it is part of, the narrowest first.

    Arguments:
        region: code of the list, such as ``CN-410400``.
    """
    return tuple(_region(each) for each in LINES[region])


def _region(region: str) -> Hub:
    entry = REGIONS[region]
    english = [alias for alias in entry.aliases if alias.isascii()]
    chinese = [entry.zh, *(alias for alias in entry.aliases if not alias.isascii())]
    properties = {"name": entry.name, "aliasesEn": english, "aliasesZh": chinese, "level": entry.level}
    edges = (Edge("PART_OF", "Region", region_code(entry.parent)),) if entry.parent else ()
    return Hub("Region", region_code(region), properties, edges)


@lru_cache(maxsize=256)
def industry_hubs(industry: str) -> tuple[Hub, ...]:
    """Return an industry of ISIC Rev.4 and, for a division, its section.

    Arguments:
        industry: code of the list, such as ``J62``.
    """
    entry = industries.INDUSTRIES[industry]
    properties = {"name": entry.name, "aliasesZh": [entry.zh]}
    if entry.section == entry.code:
        return (Hub("Industry", code("isic", entry.code), properties),)
    edges = (Edge("BROADER", "Industry", code("isic", entry.section)),)
    return (Hub("Industry", code("isic", entry.code), properties, edges), *industry_hubs(entry.section))
