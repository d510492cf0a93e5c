"""Text to typed values: pay, dates, places, education, industries and numbers. All are pure functions of their text.

An empty cell, or one that says that nothing is stated, gives None. Text that should be such a value and is not raises
InputError, which says what was given and expected. Places and industries are written freely: what the code lists do
not know gives None.
"""

from etl.values.dates import parse_date, parse_instant
from etl.values.education import isced
from etl.values.industries import industry
from etl.values.numbers import Headcount, numeral, parse_headcount, parse_integer, parse_number
from etl.values.pay import LANGUAGE_DEFAULTS, Pay, annual, parse_pay
from etl.values.places import Place, place, region, region_code

__all__ = [
    "LANGUAGE_DEFAULTS",
    "Headcount",
    "Pay",
    "Place",
    "annual",
    "industry",
    "isced",
    "numeral",
    "parse_date",
    "parse_headcount",
    "parse_instant",
    "parse_integer",
    "parse_number",
    "parse_pay",
    "place",
    "region",
    "region_code",
]
