"""Forecasters to hold the demand model against: naive rules, regression, boosted trees and plain networks."""
