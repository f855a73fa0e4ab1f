"""What goes with a column: found where it was planted, with its sign and size; nothing where there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from segmentation.errors import InvalidInputError
from segmentation.measures.catalogue import CustomerColumn
from segmentation.portraits.drivers import Drivers, _skill, find_drivers


def column(name: str, kind: str = "number") -> CustomerColumn:
    return CustomerColumn(name, name, name.replace("_", " "), kind)  # type: ignore[arg-type]


def shop(n: int = 600, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    income, age, noise = rng.uniform(20, 80, n), rng.uniform(20, 70, n), rng.normal(size=n)
    town = rng.choice(np.array(["Bath", "York", "Ely"], dtype=object), n)
    spend = 10 * income - 4 * age + 200 * (town == "York") + rng.normal(0, 40, n)
    answered = (spend + rng.normal(0, 60, n) > np.median(spend)).astype(float)
    return pd.DataFrame({"income": income, "age": age, "noise": noise, "town": town, "spend": spend, "answered": answered})


CANDIDATES = [column("income"), column("age"), column("noise"), column("town", "category")]


@pytest.fixture(scope="module")
def spend() -> Drivers:
    return find_drivers(shop(), CANDIDATES, column("spend"))


def test_what_was_planted_is_found_with_its_sign_and_size(spend: Drivers) -> None:
    found = {driver.name: driver for driver in spend.drivers}
    assert spend.skill > 0.85
    assert list(found) == ["income", "town", "age"]
    quartiles = shop()[["income", "age"]].quantile([0.25, 0.75]).diff().iloc[1]
    assert found["income"].direction == "more"
    assert found["income"].effect == pytest.approx(10 * quartiles["income"], rel=0.15)
    assert found["age"].direction == "less"
    assert found["age"].effect == pytest.approx(-4 * quartiles["age"], rel=0.3)
    assert "n = 600" in spend.sentences[0]
    assert "less spend" in found["age"].sentence


def test_a_yes_or_no_is_told_in_percentage_points() -> None:
    found = find_drivers(shop(), CANDIDATES, column("answered"))
    assert found.kind == "yes or no"
    assert found.skill > 0.7
    assert found.drivers[0].name == "income"
    assert "percentage points" in found.drivers[0].sentence
    words = shop().assign(answered=lambda frame: np.where(frame["answered"] == 1, "yes", "no").astype(object))
    assert find_drivers(words, CANDIDATES, column("answered", "category")).skill == pytest.approx(found.skill)


def test_nothing_is_said_to_be_nothing() -> None:
    frame = shop().assign(target=np.random.default_rng(9).normal(size=600))
    found = find_drivers(frame, CANDIDATES, column("target"))
    assert found.drivers == ()
    assert found.skill < 0.02
    assert "Nothing in this file predicts target" in found.sentences[0]


def test_the_order_of_customers_has_no_say(spend: Drivers) -> None:
    order = np.random.default_rng(1).permutation(600)
    again = find_drivers(shop().iloc[order].reset_index(drop=True), CANDIDATES, column("spend"))
    assert again.skill == pytest.approx(spend.skill)
    assert [driver.worth for driver in again.drivers] == pytest.approx([driver.worth for driver in spend.drivers])


def test_skill_is_r_squared_and_that_of_the_area_under_the_curve() -> None:
    from sklearn.metrics import r2_score, roc_auc_score

    rng = np.random.default_rng(2)
    y, guess = rng.normal(size=50), rng.normal(size=50)
    assert _skill(y, y + guess, float(y.mean()), is_flag=False) == pytest.approx(r2_score(y, y + guess))
    flags = (y > 0).astype(float)
    assert _skill(flags, y + guess, 0.5, is_flag=True) == pytest.approx(2 * roc_auc_score(flags, y + guess) - 1)


@pytest.mark.parametrize(
    ("change", "target", "code"),
    [
        (lambda frame: frame.head(99), column("spend"), "too_few_customers"),
        (lambda frame: frame.assign(spend=7.0), column("spend"), "all_equal"),
        (lambda frame: frame, column("town", "category"), "not_predictable"),
        (lambda frame: frame.assign(answered=(np.arange(600) < 29) * 1.0), column("answered"), "too_few_of_each"),
        (lambda frame: frame.assign(income=1.0, age=1.0, noise=1.0, town="York"), column("spend"), "nothing_to_compare"),
    ],
)
def test_what_cannot_be_answered_is_refused(change: Callable[[pd.DataFrame], pd.DataFrame], target: CustomerColumn, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        find_drivers(change(shop()), CANDIDATES, target)
    assert refused.value.code == code


def test_response_to_the_campaign(real_data: Callable[[str], Path]) -> None:
    raw = pd.read_csv(real_data("marketing_campaign.csv"), sep="\t")
    names = ["Income", "Recency", "NumWebVisitsMonth", "MntWines", "MntMeatProducts", "Kidhome", "Teenhome", "AcceptedCmp5", "AcceptedCmp3"]
    found = find_drivers(raw[[*names, "Response"]].astype(float), [column(name) for name in names], column("Response"))
    assert 0.5 < found.skill < 0.9
    told = {driver.name: driver.direction for driver in found.drivers}
    assert told["Recency"] == "less", "who bought long ago answers less"
    assert told["AcceptedCmp5"] == told["AcceptedCmp3"] == "more"
