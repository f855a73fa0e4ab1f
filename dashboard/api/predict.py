"""A run's model put to use: whom it labels and why, what drives a column, how groups differ, how far segmentations agree."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

from dashboard.api.models import JobTicket
from dashboard.api.routes import Asked, Query, Routes, author
from dashboard.context import Context
from dashboard.queries.drivers import load_agreement, load_drivers, load_effect
from dashboard.queries.predict import explain_customer, predict
from dashboard.workflows.scoring import request_scoring

routes = Routes()
MOST_CUSTOMERS = 200
_Text = Annotated[str, Field(min_length=1, max_length=2_000, pattern=r"^[^\x00]*$")]


class PredictOrder(Asked):
    """Customers by the features of the run: ``{"income": 52000, "age": 41}``, ``customer_id`` if you like. More than 200: as a file."""

    customers: Annotated[list[dict[_Text, Any]], Field(min_length=1, max_length=MOST_CUSTOMERS)]


class ScoreOrder(Asked):
    """The file that was sent, to be labelled with the run."""

    upload_id: _Text


class ColumnQuery(Query):
    """The column to be explained, by its header or canonical name."""

    column: _Text


class EffectQuery(Query):
    """A column that puts customers in groups, and a column of numbers."""

    category: _Text
    number: _Text


class Distance(BaseModel):
    """How far the middle of a segment is, on the features' scale."""

    segment_id: int
    name: str
    distance: float


class Beside(BaseModel):
    """A feature of the customer beside the averages (the commonest value for words)."""

    name: str
    label: str
    value: float | str | None
    segment: float | str | None
    everyone: float | str | None
    unit: str | None


class MoveAnswer(BaseModel):
    """The smallest change of one feature that would move the customer, and where to."""

    feature: str
    value: float | str | None
    needed: float | str
    segment_id: int
    colour: str
    name: str
    sentence: str


class ExplainedCustomer(BaseModel):
    """A customer with the segment and why; ``reason`` says why there is none where ``segment_id`` is null.

    ``unusual``: in which way they are unlike all customers of the run, empty for most. ``currency``: of money in ``beside``.
    """

    customer_id: str | None
    segment_id: int | None
    colour: str | None
    name: str | None
    action: str | None
    verdict: str | None
    stability: float | None
    currency: str | None
    reason: str | None
    sureness: str | None
    sentence: str
    next_segment_id: int | None
    next_name: str | None
    next_colour: str | None
    distances: list[Distance]
    why: list[str]
    unusual: list[str]
    beside: list[Beside]
    moves: list[MoveAnswer]


class CustomerAnswer(ExplainedCustomer):
    """A customer of a run."""

    run_id: str


class PredictAnswer(BaseModel):
    """The customers in their order. ``returned``: share of the run's own customers whom the model places in their own segment."""

    run_id: str
    returned: float
    customers: list[ExplainedCustomer]


class DriverAnswer(BaseModel):
    """A column that helps to predict; ``worth`` on the scale of the skill, ``effect`` in the unit of the target or as a share."""

    name: str
    label: str
    worth: float
    error: float
    direction: str
    effect: float | None
    sentence: str


class DriversAnswer(BaseModel):
    """What goes with a column. ``skill``: R squared, or 2 AUC - 1 for a yes or no, on unseen customers; 0 is guessing, 1 is certainty."""

    dataset_id: str
    column: str
    left_out: list[str]
    target: str
    kind: str
    n: int
    skill: float
    error: float
    drivers: list[DriverAnswer]
    sentences: list[str]


class GroupAnswer(BaseModel):
    """One group, with the ends of the 95 % interval of its middle (see ``middle``)."""

    name: str
    n: int
    mean: float
    median: float
    low_end: float
    high_end: float


class PairAnswer(BaseModel):
    """By how much a group exceeds another, the ends of the 95 % interval, and p corrected for the number of pairs."""

    high: str
    low: str
    difference: float
    low_end: float
    high_end: float
    p: float


class EffectAnswer(BaseModel):
    """How a number differs between groups."""

    dataset_id: str
    category: str
    number: str
    test: str
    middle: str
    statistic: float
    p: float
    effect: float
    size: str
    groups: list[GroupAnswer]
    left_out: int
    pairs: list[PairAnswer]
    sentences: list[str]


class ComparedRun(BaseModel):
    """A run in the order of the matrix."""

    run_id: str
    method: str
    features: list[str]
    n_clusters: int | None
    seed: int


class AgreementAnswer(BaseModel):
    """Adjusted Rand index of each pair of runs: 1 is the same, 0 is chance, null without common customers."""

    dataset_id: str
    runs: list[ComparedRun]
    matrix: list[list[float | None]]
    sentence: str


@routes.add("POST /runs/<run_id>/predict", "The segment of customers you describe, and why", "see", {PredictAnswer: 200})
def predict_customers(context: Context, run_id: str, body: PredictOrder) -> PredictAnswer:
    """Return segment, distances, reasons and what would move each customer; nothing is stored."""
    return PredictAnswer.model_validate(predict(context, run_id, body.customers))


@routes.add("POST /runs/<run_id>/score", "Label the customers of a file that was sent", "run", {JobTicket: 202})
def score_file(context: Context, run_id: str, body: ScoreOrder) -> JobTicket:
    """Queue it; the job's result has the file_id of the labelled file and how unlike its customers are to those of the run."""
    return JobTicket(job_id=request_scoring(context, run_id, body.upload_id, author()).id)


@routes.add("GET /runs/<run_id>/customers/<path:customer_id>", "A customer of a run, explained", "see", {CustomerAnswer: 200})
def get_customer(context: Context, run_id: str, customer_id: str) -> CustomerAnswer:
    """Return why a customer is in their segment and what would move them."""
    return CustomerAnswer.model_validate(explain_customer(context, run_id, customer_id))


@routes.add("GET /datasets/<dataset_id>/drivers", "What goes with a column", "see", {DriversAnswer: 200})
def get_drivers(context: Context, dataset_id: str, query: ColumnQuery) -> DriversAnswer:
    """Return which columns predict another one, how well and in which direction."""
    return DriversAnswer.model_validate(load_drivers(context, dataset_id, query.column))


@routes.add("GET /datasets/<dataset_id>/effects", "How a number differs between groups", "see", {EffectAnswer: 200})
def get_effects(context: Context, dataset_id: str, query: EffectQuery) -> EffectAnswer:
    """Return test, size, and the differences between the groups with their intervals."""
    return EffectAnswer.model_validate(load_effect(context, dataset_id, query.category, query.number))


@routes.add("GET /datasets/<dataset_id>/agreement", "How far the runs of a dataset agree", "see", {AgreementAnswer: 200})
def get_agreement(context: Context, dataset_id: str) -> AgreementAnswer:
    """Return the adjusted Rand index of each pair of its newest runs."""
    return AgreementAnswer.model_validate(load_agreement(context, dataset_id))
