"""Regions of the world: ISO 3166-1 countries, Chinese provinces and cities, US states, main cities elsewhere."""

from schema.vocabulary.regions.gazetteer import LINES, NAMES, NUMBERS, REGIONS, line
from schema.vocabulary.regions.region import Level, Region, folded

__all__ = ["LINES", "NAMES", "NUMBERS", "REGIONS", "Level", "Region", "folded", "line"]
