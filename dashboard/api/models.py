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
    """One cleaning rule: rows_in - rows_out rows were set aside because of it."""

    rule: str
    rows_in: int
    rows_out: int
    why: str


class Finding(BaseModel):
    """One thing noticed in the data. A question is one that a person should answer."""

    code: str
    severity: str
    message: str
    count: int
    examples: list[dict[str, Any]]
