"""What every request passes before anything else sees it, and what every answer carries."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from dashboard.auth.dash_bodies import check_dash_body
from dashboard.auth.permissions import OWNER
from dashboard.errors import too_large
from dashboard.settings import Settings
from segmentation.errors import ForbiddenError, InvalidInputError

LARGEST_BODY = 1 << 20
"""Of a request that is not an upload."""
UPLOADS = "/api/v1/uploads"
CALLBACKS = "/_dash-update-component"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_LIBRARIES = ("/_dash-component-suites/", "/library/", "/assets/")


def is_loopback(host: str) -> bool:
    """Tell whether an address reaches only this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def install_guard(app: Flask, settings: Settings, script_hashes: Sequence[str], callbacks: Mapping[str, Any]) -> None:
    """Put the guard before every request and the headers on every answer; ``callbacks`` is Dash's own map of them."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    policy = _content_policy(script_hashes)

    @app.before_request
    def check() -> None:
        _check_host(settings)
        _check_origin()
        _check_size(settings)
        _check_shape(callbacks)
        g.actor = OWNER

    @app.after_request
    def protect(response: Response) -> Response:
        return _protect(response, policy)


def _check_host(settings: Settings) -> None:
    """Refuse a name that is not ours: a stranger's page could point its own name at this machine."""
    name = urlsplit(f"//{request.host}").hostname or ""
    ours = urlsplit(settings.public_url).hostname if settings.public_url else None
    if not is_loopback(name) and name != ours:
        raise InvalidInputError("wrong_host", f'This service does not answer to the name "{name}".', fix="Use the address that it printed.")


def _check_origin() -> None:
    """Let only our own pages change anything; a program sends neither header, a browser always one of them."""
    if request.method in _SAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_foreign = site is not None and site != "same-origin"
    if origin is not None:
        is_foreign = is_foreign or origin.partition("://")[2] != request.host
    if is_foreign:
        raise ForbiddenError("wrong_origin", "This request comes from another site.", fix="Do it on the pages of this service.")


def _check_size(settings: Settings) -> None:
    """Refuse by its declared size what is too large, before a byte of it is read; what is not declared is counted while it comes."""
    is_upload = request.path == UPLOADS and request.method == "POST"
    limit = settings.max_upload_mb << 20 if is_upload else LARGEST_BODY
    request.max_content_length = limit + 1  # one more, so that who counts an upload is the first to notice
    if request.content_length is not None and request.content_length > limit:
        raise too_large(request.content_length, limit)


def _check_shape(callbacks: Mapping[str, Any]) -> None:
    """Refuse what Dash would stumble over."""
    if request.path != CALLBACKS or request.method != "POST":
        return
    if len(request.get_data()) > LARGEST_BODY:
        raise too_large(None, LARGEST_BODY)
    try:
        check_dash_body(request.get_json(), callbacks)
    except RecursionError:
        raise InvalidInputError("bad_request", "The page sent something that is nested too deeply.", fix="Reload the page.") from None


def _content_policy(script_hashes: Sequence[str]) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {' '.join(script_hashes)}".strip(),
            "style-src 'self' 'unsafe-inline'",  # plotly and Dash set styles of elements
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _protect(response: Response, policy: str) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = policy
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if not request.path.startswith(_LIBRARIES):
        headers["Cache-Control"] = "no-store"
    return response
