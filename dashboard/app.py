"""The web application: ``create_app`` makes one; importing this module does nothing."""

from __future__ import annotations

import ipaddress
import shutil
from datetime import timedelta

from flask import Flask, Response, jsonify

from dashboard.context import Context, now, open_context
from dashboard.settings import Settings
from database.engine import read
from database.workers import list_workers
from segmentation.errors import AppError, ForbiddenError

WORKER_SILENT_AFTER = timedelta(seconds=60)
LEAST_FREE_BYTES = 200 << 20
_HOME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Clientele</title><meta name="viewport" content="width=device-width"></head>
<body><h1>Clientele</h1>
<p>The service runs. Its pages are not part of this version; the work is done on the command line:</p>
<ul><li><code>python -m dashboard segment FILE --store --out labelled.csv</code> segments the customers of a file and remembers them;</li>
<li><code>python -m dashboard inspect FILE</code> says what a file seems to be;</li>
<li><code>python -m dashboard doctor</code> checks this installation.</li></ul>
<p>Is it alive: <a href="healthz">healthz</a>. Can it work: <a href="readyz">readyz</a>.</p></body></html>"""


def check_address(settings: Settings) -> None:
    """Refuse to listen where others could reach it: there is no login yet."""
    try:
        is_own = settings.host == "localhost" or ipaddress.ip_address(settings.host).is_loopback
    except ValueError:
        is_own = False
    if not is_own:
        raise ForbiddenError(
            "public_without_login",
            f"Listening on {settings.host} would let others in, and this version has no login.",
            fix="Leave CLIENTELE_HOST at 127.0.0.1.",
        )


def create_app(settings: Settings) -> Flask:
    """Make the application of one web process."""
    check_address(settings)
    context = open_context(settings)
    app = Flask("dashboard", static_folder=None)
    app.extensions["clientele"] = context
    app.add_url_rule("/", "home", lambda: Response(_HOME, mimetype="text/html"))
    app.add_url_rule("/healthz", "healthz", lambda: jsonify(status="alive"))
    app.add_url_rule("/readyz", "readyz", lambda: _readiness(context))
    app.after_request(_protect)
    return app


def _readiness(context: Context) -> Response:
    checks = check_readiness(context)
    response = jsonify(status="ready" if all(checks.values()) else "not ready", **checks)
    response.status_code = 200 if all(checks.values()) else 503
    return response


def check_readiness(context: Context) -> dict[str, bool]:
    """Tell whether the store answers, the disk has room, and a worker lives."""
    try:
        with read(context.engine) as conn:
            has_worker, has_store = bool(list_workers(conn, now() - WORKER_SILENT_AFTER)), True
    except AppError:
        has_worker = has_store = False
    return {
        "database": has_store,
        "disk": shutil.disk_usage(context.settings.data_dir).free >= LEAST_FREE_BYTES,
        "worker": has_worker,
    }


def _protect(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
