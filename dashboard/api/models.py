"""What more than one route answers."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class ErrorFacts(BaseModel):
    """What went wrong, in plain words."""

    code: str
    title: str
    detail: str = ""
    fix: str = ""
    reference: str | None = None


class ErrorAnswer(BaseModel):
    """Every error."""

    error: ErrorFacts


class JobTicket(BaseModel):
    """The job that does it: ask for it at /api/v1/jobs/{job_id}."""

    job_id: str


class ReceiptLine(BaseModel):
    """One cleaning rule: rows_in - rows_out rows were set aside because of it, or so many values ``changed``; up to five examples."""

    rule: str
    rows_in: int
    rows_out: int
    why: str
    changed: int = 0
    examples: list[dict[str, Any]] = []


class Finding(BaseModel):
    """One thing noticed in the data. A question is one that a person should answer."""

    code: str
    severity: str
    message: str
    count: int
    examples: list[dict[str, Any]]


class Drift(BaseModel):
    """A column that looks otherwise than before: a median or a share (0 to 1) then and now, that of ``value`` for a category."""

    column: str
    label: str
    index: float
    kind: str
    before: float
    after: float
    value: str | None


class Changes(BaseModel):
    """What changed since the version before: customers, headers, columns that drifted (population stability index of 0.1 or more)."""

    n_before: int
    n_after: int
    n_new: int
    n_gone: int
    n_changed: int
    n_same: int
    columns_new: list[str]
    columns_gone: list[str]
    drifts: list[Drift]
