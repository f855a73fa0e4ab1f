"""What the long steps say of themselves, and that nobody is disturbed by it."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pandas as pd
import pytest

from segmentation.clusters.choosing_k import choose_k
from segmentation.clusters.trust import judge
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn, Population
from segmentation.measures.recipe import Recipe
from segmentation.pipeline import segment_customers


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    draw = np.random.default_rng(3)
    return np.vstack([draw.normal(center, 0.3, (60, 2)) for center in ((0, 0), (3, 0), (0, 3))])


class Heard(list):
    def __call__(self, step: str, done: int, of: int) -> None:
        self.append((step, done, of))

    def parts(self, step: str) -> list[int]:
        assert len({of for name, _, of in self if name == step}) == 1
        return [done for name, done, _ in self if name == step]


@pytest.mark.parametrize("method", ["kmeans", "hierarchical"])
def test_choosing_tells_of_every_number_and_every_split(rows: np.ndarray, method: str) -> None:
    heard = Heard()
    told = choose_k(rows, 1, method, on_progress=heard)
    untold = choose_k(rows, 1, method)
    assert told.scores == untold.scores
    assert all((told.clusterings[k].labels == untold.clusterings[k].labels).all() for k in untold.clusterings)
    assert [step for step, _ in groupby(step for step, _, _ in heard)] == ["choose_k", "halves"]
    assert heard.parts("choose_k") == ([0, 1, 2, 3, 4, 5, 6, 7] if method == "kmeans" else [0, 7])
    assert heard.parts("halves") == [0, 1, 2, 3, 4]


def test_judging_tells_of_every_sample_and_every_reference(rows: np.ndarray) -> None:
    heard = Heard()
    labels = np.repeat([0, 1, 2], 60)
    assert judge(rows, labels, on_progress=heard) == judge(rows, labels)
    assert heard.parts("stability") == list(range(40))
    assert heard.parts("structure") == list(range(25))


def test_a_listener_can_stop_the_work(rows: np.ndarray) -> None:
    def stop(step: str, done: int, _: int) -> None:
        if (step, done) == ("stability", 3):
            raise InterruptedError

    with pytest.raises(InterruptedError):
        judge(rows, np.repeat([0, 1, 2], 60), on_progress=stop)


@pytest.mark.parametrize(
    ("k", "steps"),
    [
        (None, ["features", "choose_k", "halves", "stability", "structure", "profile"]),
        (3, ["features", "fit", "stability", "structure", "profile"]),
    ],
)
def test_every_step_is_named_as_it_begins(rows: np.ndarray, k: int | None, steps: list[str]) -> None:
    columns = tuple(CustomerColumn(name, name, name, "number") for name in ("one", "two"))
    ids = np.array([f"{number:03}" for number in range(len(rows))], dtype=object)
    people = Population("customers", ids, CustomerCatalogue(columns, pd.DataFrame(rows, columns=["one", "two"])))
    named: list[str] = []
    segment_customers(people, Recipe(n_clusters=k), named.append)
    assert named == steps
