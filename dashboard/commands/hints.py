"""How to follow an advice on the command line: the sentences themselves are for people at a page as well."""

from __future__ import annotations

from collections.abc import Mapping

_OPTIONS: Mapping[str, str] = {
    "no_customer_column": "--customer HEADER, or --customer row",
    "customer_by_person": "--customer HEADER, --customer HEADER+HEADER, or --customer row",
    "customer_by_content": "--customer HEADER, or --customer row",
    "ambiguous_dates": "--date-order",
    "ambiguous_decimal_mark": "--decimal",
    "age_needs_a_day": "--as-of",
    "key_of_several_people": "--customer HEADER+HEADER",
    "nobody_to_segment": "--missing median",
    "feature_is_text": "--method mixed",
    "no_features": "--features",
    "scenario_impossible": "--features",
    "rfm_needs_purchases": "--method kmeans",
    "no_such_sheet": "--sheet",
    "other_sheets": "--sheet",
}


def with_option(code: str, sentence: str) -> str:
    """Return a sentence with the option that does what it advises."""
    option = _OPTIONS.get(code)
    return f"{sentence} (Here: {option}.)" if option else sentence
