"""Declarative sync of a WeChat shop's catalogue: plan, then apply."""

__version__ = "0.1.0"
