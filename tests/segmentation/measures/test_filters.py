from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.errors import InvalidInputError
from segmentation.measures.filters import (
    DAYS,
    Band,
    Condition,
    CustomerFilter,
    Days,
    filtered_columns,
    read_filter,
    write_choice,
    write_filter,
)

_TRICKY = st.text(alphabet="ab%:|;.2E3A7C5@é ", max_size=9)
_BANDS = st.builds(Band, st.floats(-1e12, 1e12), st.none() | st.floats(-1e12, 1e12))
_DAYS = st.builds(Days, st.dates(), st.none() | st.dates())


def conditions(columns, choices):
    pairs = st.tuples(columns, st.lists(choices, min_size=1, max_size=4, unique=True))
    return st.builds(lambda pair: Condition(pair[0], tuple(pair[1])), pairs)


_CONDITIONS = conditions(_TRICKY.filter(bool), _TRICKY | _BANDS) | conditions(st.just(DAYS), _DAYS)


@settings(max_examples=300, deadline=None)
@given(st.lists(_CONDITIONS, unique_by=lambda condition: condition.column))
def test_what_is_written_reads_back(chosen):
    wanted = CustomerFilter(tuple(chosen))
    assert read_filter(write_filter(wanted)) == wanted
    assert filtered_columns(write_filter(wanted)) == set(wanted.columns)
    for condition in wanted.conditions:
        for choice in condition.choices:
            assert write_choice(condition.column, choice) == write_filter(CustomerFilter((Condition(condition.column, (choice,)),)))


def test_it_reads_as_people_would_write_it():
    text = "country:France|Spain;age:25..35;@days:2011-01-01.."
    wanted = CustomerFilter(
        (
            Condition("country", ("France", "Spain")),
            Condition("age", (Band(25, 35),)),
            Condition(DAYS, (Days(date(2011, 1, 1), None),)),
        )
    )
    assert read_filter(text) == wanted
    assert write_filter(wanted) == text


@pytest.mark.parametrize(
    "text", ["country", ":France", "a:1;a:2", "age:..", "age:x..y", "age:nan..1", "@days:1..2", f"a:{'|'.join(map(str, range(201)))}"]
)
def test_what_cannot_be_read_says_so(text):
    with pytest.raises(InvalidInputError) as refused:
        read_filter(text)
    assert refused.value.code == "bad_filter"


def test_conditions_are_replaced_in_place():
    chosen = read_filter("a:1;b:2")
    assert write_filter(chosen.replacing(Condition("a", ("3",)))) == "a:3;b:2"
    assert write_filter(chosen.replacing(Condition("c", ("",)))) == "a:1;b:2;c:"
    assert write_filter(chosen.without({"a"})) == "b:2"
