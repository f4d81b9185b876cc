"""The campaign: a shop lives through whatever a network, a platform, a runner and an operator do, drawn from a seed.

`python -m tests.campaign --seed N --rounds M` is the long form; `test_campaign` and `test_machine` the short ones.
"""
