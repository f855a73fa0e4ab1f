"""Names and actions: true of the numbers, different within a run, the same whatever the columns, units and labels are called."""

from __future__ import annotations

import operator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.portraits.facts import FACT_BY_KEY, FACTS, Claim, true_facts
from segmentation.portraits.kinds import KIND_RULES, KindRule, find_kind
from segmentation.portraits.naming import SegmentName, name_segments
from segmentation.portraits.playbook import PLAYBOOK, suggest_action
from segmentation.portraits.profiles import ProfileColumn, SegmentProfile, profile_segments

ROLES = tuple(dict.fromkeys(fact.role for fact in FACTS))


def role_column(role: str) -> ProfileColumn:
    return ProfileColumn(role, role.replace("_", " "), "number", role)


def random_customers(seed: int, n: int) -> tuple[pd.DataFrame, tuple[ProfileColumn, ...]]:
    """Customers with some known columns, skewed or even, and some unknown ones."""
    rng = np.random.default_rng(seed)
    roles = rng.choice(ROLES, rng.integers(0, 7), replace=False)
    level = rng.normal(size=n)
    frame = pd.DataFrame(index=range(n))
    for role in roles:
        mixed = rng.normal() * level + rng.normal(size=n)
        frame[role] = np.exp(mixed) if rng.random() < 0.5 else np.round(50 + 10 * mixed)
    for name in "xyz"[: rng.integers(0 if len(roles) else 1, 4)]:
        frame[name] = rng.normal() * level + rng.normal(size=n)
    columns = tuple(role_column(name) if name in roles else ProfileColumn(name, name, "number") for name in frame)
    return frame, columns


def random_segments(seed: int, frame: pd.DataFrame, k: int) -> np.ndarray:
    """Segments that follow a random direction, as clusters do."""
    rng = np.random.default_rng(seed + 1)
    points = frame.rank().to_numpy() / len(frame)
    centres = points[rng.choice(len(frame), k, replace=False)]
    nearest = np.argmin(((points[:, None] - centres) ** 2).sum(axis=2), axis=1) + 1
    return np.where(rng.random(len(frame)) < 0.05, 0, nearest)


def names_of(frame: pd.DataFrame, segments: np.ndarray, columns: tuple[ProfileColumn, ...]) -> tuple[SegmentName, ...]:
    return name_segments(profile_segments(frame, segments, columns, [column.name for column in columns], None), columns)


def one(values: dict[str, tuple[float, ...]], n: int = 40) -> tuple[tuple[SegmentProfile, ...], tuple[str, ...]]:
    """Profile and name segments of ``n`` customers each, with the given value of each role."""
    k = len(next(iter(values.values())))
    frame = pd.DataFrame({role: np.repeat(of_segments, n).astype(float) for role, of_segments in values.items()})
    columns = tuple(role_column(role) for role in values)
    profiles = profile_segments(frame, np.repeat(np.arange(1, k + 1), n), columns, list(values), None)
    return profiles, tuple(name.name for name in name_segments(profiles, columns))


def test_names_of_a_purchase_log() -> None:
    profiles, names = one(
        {
            "recency_days": (5, 12, 40, 250, 220),
            "frequency_orders": (60, 12, 4, 1, 8),
            "monetary_total": (120_000, 9000, 1200, 300, 20_000),
        }
    )
    assert names == ("Recent big spenders", "Recent regulars", "Seldom, low spend", "Quiet, low spend", "Regulars, now quiet")
    assert suggest_action(profiles[3]).kind == "lost"


def test_who_came_once_is_no_regular() -> None:
    values = {"recency_days": (5.0, 300, 320), "frequency_orders": (1.0, 1, 1), "monetary_total": (100.0, 100, 100)}
    assert not any("regular" in name.lower() for name in one(values)[1])
    _, names = one({**values, "frequency_orders": (1.0, 3, 8)})
    assert names[1:] == ("Regulars, now quiet", "Frequent buyers, now quiet")


def test_regulars_who_were_not_seen_for_longer_than_others_are_not_steady() -> None:
    recency = pd.Series(np.repeat([100.0, 40, 118], 40))
    orders = pd.Series(np.repeat([4.0, 1, 4], 40) + np.tile([0.0, 1], 60))
    frame = pd.DataFrame({"recency_days": recency, "frequency_orders": orders})
    names = [name.name for name in names_of(frame, np.repeat([1, 2, 3], 40), tuple(role_column(role) for role in frame))]
    assert "steady" not in names[2].lower()


def test_nearly_as_long_ago_as_everybody_is_not_recent() -> None:
    values = {"recency_days": (300.0, 450, 460, 470), "monetary_total": (900.0, 100, 100, 100)}
    assert one(values)[1][0] == "Big spenders"
    assert one({**values, "recency_days": (150.0, 450, 460, 470)})[1][0] == "Recent big spenders"


def test_a_customer_of_two_years_is_not_new_where_others_stay_three() -> None:
    values = {"tenure_days": (709.0, 1200, 1300), "recency_days": (40.0, 120, 200), "frequency_orders": (4.0, 6, 7)}
    assert not any("new" in name.lower() for name in one(values)[1])
    assert one({**values, "tenure_days": (90.0, 1200, 1300)})[1][0] == "New and promising"


def test_whales_regulars_and_lapsed() -> None:
    rng = np.random.default_rng(1)
    sizes = (13, 200, 3000, 1000)
    segments = np.repeat([1, 2, 3, 4], sizes)
    frame = pd.DataFrame(
        {
            "recency_days": rng.poisson(np.repeat([7, 15, 40, 250], sizes)),
            "frequency_orders": 1 + rng.poisson(np.repeat([80, 20, 2.7, 0.5], sizes)),
            "monetary_total": np.repeat([127_000, 12_000, 1350, 480], sizes) * rng.lognormal(0, 0.4, sum(sizes)),
        }
    )
    columns = tuple(role_column(role) for role in frame)
    profiles = profile_segments(frame, segments, columns, list(frame), "monetary_total")
    names = [name.name for name in name_segments(profiles, columns)]
    assert names == ["Recent top spenders", "Recent big spenders", "Steady regulars", "Quiet, low spend"]
    assert [suggest_action(profile).kind for profile in profiles] == ["best", "best", "steady", "lost"]
    assert all("only 13 customers" in sentence for sentence in profiles[0].differences)


def test_never_online_with_the_fewest_web_visits() -> None:
    """The classic failure: a segment is called online-first although nobody visits the website less."""
    values = {"web_purchases": (8, 4, 3), "store_purchases": (5, 6, 5), "web_visits": (2, 5, 7)}
    profiles, names = one(values)
    assert not any("online" in name.lower() for name in names)
    assert suggest_action(profiles[0]).kind != "online_first"
    profiles, names = one({**values, "web_visits": (7, 5, 2)})
    assert names[0] == "Often buying online"
    assert suggest_action(profiles[0]).kind == "online_first"
    profiles, names = one({"web_purchases": (8, 4, 3), "store_purchases": (16, 3, 2), "web_visits": (7, 5, 2)})
    assert names[0] != "Often buying online"  # the shop leads by more


def test_segments_of_one_kind_are_told_apart_by_a_true_difference() -> None:
    _, names = one({"monetary_total": (900, 880, 100, 110, 105), "age": (25, 60, 40, 41, 42)})
    assert names[:2] == ("Big spenders, younger", "Big spenders, older")
    _, names = one({"monetary_total": (900, 880, 100, 110, 105)})
    assert names[:2] == ("Big spenders, first by spend", "Big spenders, second by spend")
    _, names = one({"monetary_total": (900, 890, 880, 10, 9, 8, 7)})
    assert names[:3] == ("Big spenders, first by spend", "Big spenders, second by spend", "Big spenders, third by spend")


def test_equal_segments_differ_by_size_and_only_then_by_number() -> None:
    frame = pd.DataFrame({"monetary_total": [900.0] * 40 + [900.0] * 30 + [10.0] * 90})
    columns = (role_column("monetary_total"),)
    names = [name.name for name in names_of(frame, np.repeat([1, 2, 3], (40, 30, 90)), columns)]
    assert names == ["Big spenders, first by size", "Big spenders, second by size", "Low spenders"]
    names = [name.name for name in names_of(frame, np.repeat([1, 2, 3], (35, 35, 90)), columns)]
    assert names[:2] == ["Big spenders, 1", "Big spenders, 2"]


def test_columns_of_unknown_meaning_never_lend_their_header() -> None:
    sizes = (40, 40, 20, 40)
    frame = pd.DataFrame({"x": np.repeat([1.0, 3, 3, 2], sizes), "y": np.repeat([1.0, 3, 1, 2], sizes)})
    columns = tuple(ProfileColumn(name, name, "number") for name in frame)
    profiles = profile_segments(frame, np.repeat([1, 2, 3, 4], sizes), columns, ["x", "y"], None)
    assert [name.name for name in name_segments(profiles, columns)] == ["Low values", "High values", "Mixed values", "Near average"]
    assert {suggest_action(profile).kind for profile in profiles} == {"unknown"}


def test_who_they_are_and_what_is_unknown() -> None:
    values = {"age": np.repeat([25.0, 60, 40], 40), "income": np.repeat([50.0, 30, 70], 40), "Points": np.repeat([9.0, 1, 5], 40)}
    columns = (role_column("age"), role_column("income"), ProfileColumn("Points", "Points", "number"))
    names = [name.name for name in names_of(pd.DataFrame(values), np.repeat([1, 2, 3], 40), columns)]
    assert names == ["Younger, high values", "Older, smaller budgets", "Larger budgets, near average"]


def test_a_spending_score_speaks_of_spending() -> None:
    values = {"income": (87, 26, 55, 88, 26), "spending_score": (82, 79, 50, 17, 21)}
    profiles, names = one(values)
    assert names == (
        "Keen spenders, larger budgets",
        "Keen spenders, smaller budgets",
        "Average spenders",
        "Careful spenders, larger budgets",
        "Careful spenders, smaller budgets",
    )
    assert [suggest_action(profile).kind for profile in profiles] == ["best", "best", "steady", "low_spend", "low_spend"]


def test_where_they_buy_tells_apart_but_who_they_are_by_law_does_not() -> None:
    frame = pd.DataFrame(
        {
            "monetary_total": np.repeat([900.0, 900, 10, 10], 40),
            "channel": np.repeat(["web", "shop", "web", "shop"], 40),
            "gender": np.repeat(["f", "m", "m", "f"], 40),
        }
    )
    columns = (role_column("monetary_total"), *(ProfileColumn(role, role, "category", role) for role in ("channel", "gender")))
    names = [name.name for name in names_of(frame, np.repeat([1, 2, 3, 4], 40), columns)]
    assert names == ["Big spenders, mostly web", "Big spenders, mostly shop", "Low spenders, mostly web", "Low spenders, mostly shop"]
    names = [name.name for name in names_of(frame, np.repeat([1, 2, 3, 4], 40), columns[::2])]
    assert names == ["Big spenders, 1", "Big spenders, 2", "Low spenders, 1", "Low spenders, 2"]


def test_one_segment() -> None:
    frame = pd.DataFrame({"monetary_total": [1.0, 2.0]})
    columns = (role_column("monetary_total"),)
    profiles = profile_segments(frame, np.array([1, 1]), columns, ["monetary_total"], None)
    assert [name.name for name in name_segments(profiles, columns)] == ["All customers"]
    assert suggest_action(profiles[0]).kind in PLAYBOOK


def test_a_column_that_is_left_out_is_not_spoken_of() -> None:
    frame = pd.DataFrame({"monetary_total": np.repeat([900.0, 880, 10, 8], 40), "age": np.repeat([25.0, 60, 40, 41], 40)})
    columns = tuple(role_column(role) for role in frame)
    profiles = profile_segments(frame, np.repeat([1, 2, 3, 4], 40), columns, list(frame), None)
    assert [name.name for name in name_segments(profiles, columns)][:2] == ["Big spenders, younger", "Big spenders, older"]
    assert [name.name for name in name_segments(profiles, columns[:1])][:2] == [
        "Big spenders, first by spend",
        "Big spenders, second by spend",
    ]


def test_the_tables_name_only_what_exists() -> None:
    for rule in KIND_RULES:
        assert set(rule.facts) | set(rule.unless) <= set(FACT_BY_KEY)
        assert rule.kind in PLAYBOOK
        assert 2 <= len(rule.name.replace(",", "").split()) <= 4
    assert len(FACT_BY_KEY) == len(FACTS)


def recomputed(frame: pd.DataFrame, segments: np.ndarray, segment_id: int, column: str | None, statistic: str) -> float:
    """The number behind a claim, by another way than the product's."""
    inside = frame[segments > 0]
    is_member = segments[segments > 0] == segment_id
    if column is None:
        return float(is_member.mean())
    values = inside[column]
    own, others = values[is_member], values[~is_member]
    if statistic == "index":
        return 100 * own.mean() / values.mean()
    if statistic == "median_rank":
        return (values.rank()[is_member].median() - 0.5) / len(values)
    if statistic == "effect":
        return float(np.sign(own.to_numpy()[:, None] - others.to_numpy()[None, :]).mean())
    if statistic == "times_least":
        return own.median() / values[values > 0].min()
    assert statistic == "mean"
    return own.mean()


COMPARE = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 1_000_000), st.integers(20, 200), st.integers(2, 9))
def test_every_name_is_true_and_its_own(seed: int, n: int, k: int) -> None:
    frame, columns = random_customers(seed, n)
    segments = random_segments(seed, frame, k)
    profiles = profile_segments(frame, segments, columns, [column.name for column in columns], None)
    names = name_segments(profiles, columns)
    assert len({name.name for name in names}) == len(profiles) == len(names)
    for profile, name in zip(profiles, names, strict=True):
        assert name.because
        for claim in name.claims:
            assert claim.words.lower() in name.name.lower()
            assert claim.holds(profile)
            for limit in claim.thresholds:
                number = recomputed(frame, segments, profile.segment_id, claim.column, limit.statistic)
                assert COMPARE[limit.comparison](number, limit.value) or number == pytest.approx(limit.value, rel=1e-6, abs=1e-9)
        rule, _ = find_kind(true_facts(profile))
        assert suggest_action(profile).kind == (rule.kind if rule else "unknown")
        assert not rule or len(names) == 1 or name.name.startswith(rule.name)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 1_000_000))
def test_a_purchase_log_is_rarely_without_words(seed: int) -> None:
    rng = np.random.default_rng(seed)
    level = rng.normal(size=300)
    frame = pd.DataFrame(
        {
            "recency_days": rng.integers(0, 365, 300),
            "frequency_orders": 1 + rng.poisson(np.exp(0.7 * level)),
            "monetary_total": np.exp(level + rng.normal(size=300)),
        }
    )
    segments = random_segments(seed, frame, 4)
    columns = tuple(role_column(role) for role in frame)
    profiles = profile_segments(frame, segments, columns, list(frame), None)
    assert sum(suggest_action(profile).kind == "unknown" for profile in profiles) <= 1


@pytest.mark.parametrize("rule", KIND_RULES, ids=lambda rule: "-".join(rule.facts))
def test_every_rule_of_the_table_can_be_reached_and_kept_away(rule: KindRule) -> None:
    facts = {key: (Claim("", key, ()),) for key in rule.facts}
    found, claims = find_kind(facts)
    assert found == rule
    assert [(claim.words, claim.column) for claim in claims] == [(rule.name, key) for key in rule.facts]
    for key in rule.unless:
        assert find_kind({**facts, key: (Claim("", key, ()),)})[0] != rule


def test_no_rule_for_no_facts() -> None:
    assert find_kind({}) == (None, ())


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 1_000_000), st.integers(30, 150), st.integers(2, 7))
def test_names_do_not_depend_on_headers_units_labels_or_rows(seed: int, n: int, k: int) -> None:
    frame, columns = random_customers(seed, n)
    segments = random_segments(seed, frame, k)
    names = [name.name for name in names_of(frame, segments, columns)]
    if any(name[-1].isdigit() for name in names):
        return  # nothing true tells two of them apart, and a number must go by position
    new_names = {column.name: f"Spalte {at}" for at, column in enumerate(columns)}
    renamed = tuple(replace(column, name=new_names[column.name], label=f"Wert {at}") for at, column in enumerate(columns))
    assert [name.name for name in names_of(frame.rename(columns=new_names), segments, renamed)] == names
    for column in columns:
        scaled = frame.assign(**{column.name: frame[column.name] * 1000})
        assert [name.name for name in names_of(scaled, segments, columns)] == names
    order = np.random.default_rng(seed).permutation(n)
    assert [name.name for name in names_of(frame.iloc[order], segments[order], columns)] == names
    n_named = len(names)
    relabelled = np.where(segments > 0, segments.max() + 1 - segments, 0)
    assert [name.name for name in names_of(frame, relabelled, columns)] == names[::-1][:n_named]


def test_a_name_tells_its_thresholds() -> None:
    frame = pd.DataFrame({"monetary_total": np.repeat([900.0, 100], 40), "recency_days": np.repeat([5.0, 95], 40)})
    columns = tuple(role_column(role) for role in frame)
    first, _ = names_of(frame, np.repeat([1, 2], 40), columns)
    assert first.name == "Recent big spenders"
    assert first.because == (
        "Recent big spenders: monetary total, mean 180 % of the average (at least 150 %), middle customer above 75 % of customers "
        "(at least 60 %); recency days, mean 10 % of the average (at most 67 %), middle customer above 25 % of customers (at most 40 %)."
    )


@pytest.mark.parametrize("kind", PLAYBOOK)
def test_each_play_says_for_whom_and_what(kind: str) -> None:
    play = PLAYBOOK[kind]  # type: ignore[index]
    assert play.meant_for
    assert play.text.endswith(".")
