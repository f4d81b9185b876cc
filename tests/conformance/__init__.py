"""The conformance suite: what a system must do before its users may trust it, from the first list to SIGKILL.

A further system is one class (`system.System`) and one line in `conftest.SYSTEMS`.
`docs/add-a-system.md` has the order.
"""
