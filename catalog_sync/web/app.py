"""The application: which page is where, who may see it, and what a browser may do with it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from catalog_sync.core.errors import CatalogSyncError, CatalogueInvalid, UsageError
from catalog_sync.fleet.target import Target
from catalog_sync.listening import is_loopback
from catalog_sync.planfile import timestamp
from catalog_sync.report.diagnostics import diagnostic_lines
from catalog_sync.report.html import page_policy
from catalog_sync.report.width import safe
from catalog_sync.web import pages
from catalog_sync.web.shops import PAGE, Shops

try:
    from flask import Flask, Response, abort, render_template, request
    from jinja2 import StrictUndefined
    from werkzeug.exceptions import HTTPException
except ImportError:
    raise UsageError("the pages need Flask, which is not installed", hint="pip install 'catalog-sync[web]'") from None

_OURS = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'"
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_EVERYBODY = re.compile(
    r"host|user-agent|accept.*|connection|keep-alive|cookie|content-.*|referer|origin|sec-.*|upgrade.*|te|dnt|date|"
    r"cache-control|pragma|priority|range|if-.*|x-requested-with|"
    r"via|forwarded|x-forwarded-(for|host|port|proto|server)|x-real-ip",
    re.IGNORECASE,
)
"""What browsers send by themselves, and what a proxy tells of everybody, let in or not."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")


def check_header(name: str) -> str:
    """The name of a header that only a proxy sets. Raises `UsageError`."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"--auth-header takes the name of a header (found {name[:80]!r})", hint="X-Forwarded-User")
    if _EVERYBODY.fullmatch(name):
        raise UsageError(
            f"--auth-header {name}: browsers send that, or proxies set it for everybody",
            hint="name one that the proxy sets after it let somebody in, such as X-Forwarded-User",
        )
    return name


def create_app(shops: Shops, auth_header: str | None) -> Flask:
    """The pages over these shops. With `auth_header` only requests that have it are answered; without, only those that
    a browser on this machine means for this machine."""
    app = Flask("catalog_sync.web", template_folder="templates", static_folder=None)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {"safe_text": safe, "age": pages.age, "timestamp": timestamp}

    @app.before_request
    def _let_in() -> None:
        if auth_header is None:
            # A name of another site's that leads to this machine makes these pages that site's own, to read.
            if not is_loopback(re.sub(r":[0-9]*$", "", request.host).strip("[]")):
                abort(400, "This page is for this machine alone: go to it as 127.0.0.1 or localhost.")
        elif not request.headers.get(auth_header, "").strip():
            abort(403, "This page is behind a proxy that says who you are. Go there by the proxy's address.")

    @app.after_request
    def _guard(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", _OURS)
        answer.headers["Content-Security-Policy"] += "; frame-ancestors 'none'"
        answer.headers.update(_HEADERS)
        return answer

    @app.errorhandler(HTTPException)
    def _refused(error: HTTPException) -> tuple[str, int]:
        return render_template("problem.html", title=error.name, lines=[error.description or ""]), error.code or 500

    @app.errorhandler(CatalogSyncError)
    def _broken(error: CatalogSyncError) -> tuple[str, int]:
        lines = [*diagnostic_lines(error.diagnostics)] if isinstance(error, CatalogueInvalid) else []
        return render_template("problem.html", title=error.message, lines=[*lines, error.hint]), 503

    _add_pages(app, shops)
    return app


def _add_pages(app: Flask, shops: Shops) -> None:
    def page(path: str, view: Callable[..., str | Response]) -> None:
        app.add_url_rule(path, view.__name__, view, methods=["GET"], provide_automatic_options=False)

    def known(name: str) -> Target:
        return shops.file.named(name) or abort(404, "There is no shop of this name in the fleet's file.")

    def all_shops() -> str:
        words = request.args.get("q", "")[:200]
        found = shops.found(words)
        last = max(1, -(-len(found) // PAGE))
        number = min(max(1, request.args.get("page", 1, type=int)), last)
        rows = shops.rows(found[(number - 1) * PAGE : number * PAGE])
        return render_template(
            "shops.html", rows=rows, words=words, count=len(found), number=number, last=last,
            now=time.time(), mood=pages.mood, tightest=pages.tightest, path=shops.file.path,
        )  # fmt: skip

    def shop(name: str) -> str:
        target = known(name)
        seen = shops.overview(target)
        return render_template("shop.html", target=target, seen=seen, pages=pages)

    def plan(name: str) -> Response:
        answer = Response(shops.plan_page(known(name)), mimetype="text/html")
        answer.headers["Content-Security-Policy"] = page_policy()
        return answer

    def style() -> Response:
        return Response((Path(__file__).parent / "web.css").read_bytes(), mimetype="text/css")

    page("/", all_shops)
    page("/shops/<name>", shop)
    page("/shops/<name>/plan", plan)
    page("/web.css", style)
