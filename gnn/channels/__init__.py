"""Channels of the demand model: what is known of a cluster, as vectors."""
