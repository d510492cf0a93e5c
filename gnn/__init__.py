"""Jobs that read the graph and write derived facts back: capability, gap and bridging (equations 14 to 16)."""
