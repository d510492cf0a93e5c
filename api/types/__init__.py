"""The types of the contract, each module with those that belong together."""
