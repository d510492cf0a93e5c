"""Forecasting which skills an occupation will ask for in the next half-year, on two public industries (Pre-DyGAE).

`release` reads what the publisher hands out, `features` and `network` forecast, `ranking` measures, `bench` makes the
table. Nothing here touches the graph database: it is the relation channel's check on data that others measured on.
"""
