"""What a person decided about a file before it is imported: checked here, whether it comes from a page or from a program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from dashboard.intake.reader import ReadOptions
from segmentation.dataset import ImportOptions
from segmentation.errors import InvalidInputError
from segmentation.intake.cleaning_rules import CleaningOptions, Gap, Repeats, Returns
from segmentation.intake.columns import ROLE_BY_NAME
from segmentation.intake.dates import DateOrder
from segmentation.intake.derived import DERIVATIONS
from segmentation.intake.parsing import DecimalMark

_STRICT = ConfigDict(strict=True, extra="forbid", frozen=True)


def _is_plain(text: str) -> str:
    if "\0" in text:
        raise ValueError("it holds a character that no text has")
    text.encode()  # half of a character is none
    return text


def _is_day(text: str | None) -> str | None:
    if text is not None:
        date.fromisoformat(text)
    return text


def _are_roles(roles: dict[str, str]) -> dict[str, str]:
    if unknown := sorted(set(roles) - set(ROLE_BY_NAME)):
        raise ValueError(f'"{unknown[0]}" is not a meaning a column can have')
    return roles


def _are_derivations(switches: dict[str, bool]) -> dict[str, bool]:
    if unknown := sorted(set(switches) - set(DERIVATIONS)):
        raise ValueError(f'"{unknown[0]}" is nothing that is worked out')
    return switches


_Header = Annotated[str, Field(max_length=2_000), AfterValidator(_is_plain)]
_Option = Annotated[str, Field(max_length=200), AfterValidator(_is_plain)]


class ReadChoices(BaseModel):
    """How to read the file; what is left out is guessed."""

    model_config = _STRICT

    sheet: _Option | None = None
    encoding: _Option | None = None
    delimiter: _Option | None = None
    header_row: Annotated[int | None, Field(ge=0, le=1_000_000)] = None


class Choices(BaseModel):
    """What columns mean and which rows count; what is left out is guessed.

    ``append_to`` and ``replaces`` name a dataset, ``details`` an upload whose columns are put beside the lines. ``recall``: read a file
    of a known shape as the last one of it was read.
    """

    model_config = _STRICT

    read: ReadChoices = ReadChoices()
    roles: Annotated[dict[str, _Header], AfterValidator(_are_roles)] = Field(default_factory=dict)
    customer: _Header | None = None
    decimal: DecimalMark | None = None
    date_order: DateOrder | None = None
    rules: dict[str, bool] = Field(default_factory=dict)
    returns: Returns = "drop"
    repeats: Repeats = "newest"
    gaps: dict[_Header, Gap] = Field(default_factory=dict)
    cap: dict[_Header, float] = Field(default_factory=dict)
    as_of: Annotated[str | None, AfterValidator(_is_day)] = None
    currency: Annotated[str | None, Field(pattern="^[A-Z]{3}$")] = None
    derived: Annotated[dict[str, bool], AfterValidator(_are_derivations)] = Field(default_factory=dict)
    leave_out: Annotated[list[_Header], Field(max_length=2_000)] = Field(default_factory=list)
    append_to: _Option | None = None
    replaces: _Option | None = None
    details: _Option | None = None
    recall: bool = True

    @model_validator(mode="after")
    def _has_one_place(self) -> Self:
        if self.append_to and self.replaces:
            raise ValueError("a file either continues a dataset or replaces it")
        return self

    @property
    def reading(self) -> ReadOptions:
        """The part for the reader."""
        return ReadOptions(**self.read.model_dump())

    @property
    def options(self) -> ImportOptions:
        """The part for what comes after it."""
        as_of = date.fromisoformat(self.as_of) if self.as_of else None
        return ImportOptions(
            roles=self.roles,
            customer=self.customer,
            decimal=self.decimal,
            date_order=self.date_order,
            rules=self.rules,
            returns=self.returns,
            repeats=self.repeats,
            gaps=self.gaps,
            cap=self.cap,
            as_of=as_of,
            currency=self.currency,
            derived=self.derived,
            leave_out=tuple(self.leave_out),
        )

    def as_json(self) -> dict[str, Any]:
        """Return what was decided, without what was left out."""
        return self.model_dump(exclude_defaults=True)


def check_choices(values: Mapping[str, Any]) -> Choices:
    """Read what a person decided; raise one error in plain words for what cannot be."""
    try:
        choices = Choices.model_validate(dict(values))
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise InvalidInputError(
            "bad_choice",
            f'The choice "{where}" cannot be used.' if where else "These choices cannot be used together.",
            f"{problem['msg'].removeprefix('Value error, ')}.",
            "Correct it or leave it out.",
        ) from None
    CleaningOptions(choices.rules, choices.returns, cap=choices.cap)
    return choices
