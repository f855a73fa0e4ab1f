"""Errors as a program reads them: a status of HTTP and a JSON body. Pages draw the same facts (``components/failures.py``)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from segmentation.errors import AppError, TooLargeError

STATUS: Mapping[str, HTTPStatus] = {
    "invalid": HTTPStatus.BAD_REQUEST,
    "forbidden": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "conflict": HTTPStatus.CONFLICT,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""What each kind of error is called on the web."""


def error_body(error: AppError, reference: str | None = None) -> dict[str, dict[str, str | None]]:
    """Return an error as plain JSON values."""
    return {"error": {"code": error.code, "title": error.title, "detail": error.detail, "fix": error.fix, "reference": reference}}


def our_mistake(reference: str) -> AppError:
    """Return what a person is told about a bug: nothing but where to look it up."""
    return AppError(
        "internal_error",
        "Something went wrong on our side.",
        f"Reference {reference}.",
        "Try again; if it happens again, give the reference to whoever runs this service.",
    )


def too_large(size: int | None, limit: int) -> TooLargeError:
    """Say that a body is over the limit; ``size`` where it was declared."""
    what = f"The file has {size / 1e6:,.0f} MB" if size is not None else "The file is larger than allowed"
    return TooLargeError(
        "file_too_large", f"{what}; at most {limit >> 20:,} MB can be sent.", "Nothing of it was kept.", "Split it, or leave columns out."
    )
