"""The plan document: a Plan becomes one, and one is read back from a file (contract sections 6 and 6a).

The document itself is a value of the core, so that every renderer takes the same one.
"""

from catalog_sync.planfile.writing import Provenance, document, fields, run_document, summary, timestamp, to_json

__all__ = ["Provenance", "document", "fields", "run_document", "summary", "timestamp", "to_json"]
