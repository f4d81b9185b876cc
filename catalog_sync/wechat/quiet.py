"""Keeps urllib3 from writing queries, and the tokens in them, into logs."""

from __future__ import annotations

import logging
import re


class _WithoutQueries(logging.Filter):
    """urllib3 logs whole request lines, some of them as warnings."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = re.sub(r"\?[^\s\"')]*", "?…", record.getMessage())
        record.args = ()
        record.exc_info = None
        return True


_WITHOUT_QUERIES = _WithoutQueries()


def hide_queries() -> None:
    """From now on urllib3's messages show no query. May be called often."""
    # A filter works for its own logger only, not for those below it; adding it again changes nothing.
    for name in ("connection", "connectionpool", "poolmanager", "response", "util.retry"):
        logging.getLogger(f"urllib3.{name}").addFilter(_WITHOUT_QUERIES)
