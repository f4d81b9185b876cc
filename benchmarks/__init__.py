"""How fast catalog-sync is, measured beside others: `make bench`, `make bench-quick` (docs/performance.md)."""
