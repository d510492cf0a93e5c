"""How well recommendations foretell what students did next, held against what others would recommend.

`facts` holds what is known, `hold_out` what is asked, `metrics` and `fairness` how answers are judged, `baselines` and
`ours` who answers, `session` runs it; `interactions` and `sequences` do the same on a plain log of users and items,
`simulation` follows lists and feedback week by week. Nothing is imported here: the parts need torch or not.
"""
