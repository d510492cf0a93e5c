"""The vocabulary itself, one module for each field of study or work."""

from schema.vocabulary.fields import (
    business,
    construction,
    data,
    design,
    education,
    electronics,
    finance,
    health,
    law,
    marketing,
    mechanics,
    networks,
    science,
    services,
    software,
    transversal,
)

FIELDS = (
    software.FIELD,
    data.FIELD,
    networks.FIELD,
    electronics.FIELD,
    mechanics.FIELD,
    construction.FIELD,
    science.FIELD,
    business.FIELD,
    finance.FIELD,
    marketing.FIELD,
    law.FIELD,
    education.FIELD,
    health.FIELD,
    design.FIELD,
    services.FIELD,
    transversal.FIELD,
)

__all__ = ["FIELDS"]
