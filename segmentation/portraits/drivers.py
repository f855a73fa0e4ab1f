"""What goes with a column (spend, a response, a cancellation): which others predict it, how well, in which direction and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from segmentation.errors import InvalidInputError
from segmentation.measures.catalogue import CustomerColumn
from segmentation.portraits.person import value_text

FEWEST_CUSTOMERS = 100
MOST_CUSTOMERS = 4_000
"""A larger sample would tell the same."""
FOLDS = 5
SHUFFLES = 3
FEWEST_OF_EACH = 30
LEAST_SKILL = 0.02
"""Below this share of the differences explained (or of the way from guessing to certainty) nothing predicts the column."""
_LEAST_WORTH = 0.005
_SURE = 2.0
"""A driver's worth must be this many standard errors (over the folds) above nothing."""
MOST_DRIVERS = 6


@dataclass(frozen=True)
class Driver:
    """One column that helps to predict another.

    Attributes
    ----------
    name, label : str
    worth : float
        How much worse the prediction of unseen customers gets when the column is shuffled, on the scale of the skill.
    error : float
        Standard error of that over the folds.
    direction : {"more", "less", "unclear"}
        What a high value (upper against lower quartile, all else as it is) does to the prediction.
    effect : float or None
        By how much, in the unit of the target, or as a share (0..1) for a yes or no; None for words.
    sentence : str
    """

    name: str
    label: str
    worth: float
    error: float
    direction: Literal["more", "less", "unclear"]
    effect: float | None
    sentence: str


@dataclass(frozen=True)
class Drivers:
    """What goes with a column.

    Attributes
    ----------
    target : str
        Its label.
    kind : {"number", "yes or no"}
    n : int
        Customers with a value.
    skill : float
        On customers that the model had not seen: share of the variance explained (R squared), or 2 AUC - 1 for a yes or no.
        0 is what guessing reaches, 1 is certainty; below 0 is worse than guessing.
    error : float
        Standard error of the skill over the folds; for a yes or no at least that of guessing.
    drivers : tuple of Driver
        The strongest first; empty where nothing predicts the column.
    sentences : tuple of str
    """

    target: str
    kind: Literal["number", "yes or no"]
    n: int
    skill: float
    error: float
    drivers: tuple[Driver, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class _Task:
    """Target and columns as numbers; categories as codes, gaps as NaN."""

    y: np.ndarray
    X: np.ndarray
    columns: tuple[CustomerColumn, ...]
    is_flag: bool


def find_drivers(frame: pd.DataFrame, columns: Sequence[CustomerColumn], target: CustomerColumn, seed: int = 0) -> Drivers:
    """Find what goes with a column: a small gradient-boosted model, judged on customers that it has not seen.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, columns)
    columns : sequence of CustomerColumn
        Candidates; the target and what the target was worked out from are for the caller to leave out.
    target : CustomerColumn
        A number, or a column with two different values.
    seed : int

    Returns
    -------
    Drivers

    Raises
    ------
    InvalidInputError
        ``too_few_customers`` below 100, ``not_predictable`` (words with more than two values), ``all_equal``, ``too_few_of_each``,
        ``nothing_to_compare`` without candidates.

    Notes
    -----
    Worth is permutation importance (Breiman 2001) on held-out folds. It says what goes together, not what causes what; of two columns that
    say the same either may get the worth.
    """
    task, positive = _prepare(frame, columns, target, seed)
    skills, losses, shifts = _judge(task, seed)
    skill, error = float(skills.mean()), max(_standard_error(skills), _error_of_guessing(task))
    unit = target.label if positive is None else f"{target.label} {positive}".strip()
    drivers = _drivers(task, losses, shifts, unit) if skill >= max(LEAST_SKILL, _SURE * error) else ()
    n = int(frame[target.name].notna().sum())
    kind: Literal["number", "yes or no"] = "yes or no" if task.is_flag else "number"
    return Drivers(target.label, kind, n, skill, error, drivers, _say(unit, task.is_flag, n, skill, drivers))


def _prepare(frame: pd.DataFrame, columns: Sequence[CustomerColumn], target: CustomerColumn, seed: int) -> tuple[_Task, str | None]:
    """Return the task, and the value that counts as yes."""
    wanted = frame[target.name]
    is_known = wanted.notna().to_numpy() & (np.isfinite(wanted.to_numpy(np.float64)) if target.kind == "number" else True)
    if is_known.sum() < FEWEST_CUSTOMERS:
        raise InvalidInputError(
            "too_few_customers",
            f"Only {int(is_known.sum()):,} customers have a value for {target.label}.",
            f"Below {FEWEST_CUSTOMERS} an answer would be guesswork.",
        )
    y, positive, is_flag = _read_target(wanted[is_known], target)
    known = frame.loc[is_known]
    usable = tuple(each for each in columns if each.kind != "text" and each.name != target.name and _varies(known[each.name]))
    if not usable:
        raise InvalidInputError("nothing_to_compare", f"There is no other column that {target.label} could go with.")
    X = np.column_stack([_as_numbers(known[each.name], each) for each in usable])
    order = np.lexsort(np.nan_to_num(np.column_stack([X, y]), nan=-np.inf).T)  # the order of the file has no say in the folds
    if order.size > MOST_CUSTOMERS:
        order = order[np.sort(np.random.default_rng(seed).choice(order.size, MOST_CUSTOMERS, replace=False))]
    return _Task(y[order], X[order], usable, is_flag), positive


def _read_target(values: pd.Series, target: CustomerColumn) -> tuple[np.ndarray, str | None, bool]:
    levels = sorted(values.unique().tolist())
    if len(levels) < 2:
        raise InvalidInputError("all_equal", f"{target.label} is the same for all customers.", fix="Choose another column.")
    if len(levels) == 2:
        y = (values == levels[1]).to_numpy().astype(np.float64)
        if min(y.sum(), y.size - y.sum()) < FEWEST_OF_EACH:
            title = f"Fewer than {FEWEST_OF_EACH} customers have one of the two values of {target.label}."
            raise InvalidInputError("too_few_of_each", title, fix="Choose another column.")
        is_plain = target.kind == "number" and levels[1] == 1
        return y, "" if is_plain else value_text(levels[1]), True
    if target.kind != "number":
        title = f"{target.label} has {len(levels)} different values; only numbers and columns with two values can be predicted."
        raise InvalidInputError("not_predictable", title, fix="Choose a number or a column with two values.")
    return values.to_numpy(np.float64), None, False


def _varies(values: pd.Series) -> bool:
    return len(values.dropna().unique()) > 1


def _as_numbers(values: pd.Series, column: CustomerColumn) -> np.ndarray:
    if column.kind == "number":
        return values.to_numpy(np.float64)
    codes = pd.Categorical(values.astype("object"), categories=sorted(values.dropna().unique(), key=str)).codes.astype(np.float64)
    return np.where(codes < 0, np.nan, codes)


def _model(task: _Task, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    is_category = [each.kind == "category" and np.nanmax(task.X[:, place]) < 255 for place, each in enumerate(task.columns)]
    kind = HistGradientBoostingClassifier if task.is_flag else HistGradientBoostingRegressor
    leaf = max(10, task.y.size // 100)
    return kind(
        max_iter=80, learning_rate=0.08, max_leaf_nodes=8, min_samples_leaf=leaf, early_stopping=False,
        categorical_features=is_category, random_state=seed,
    )  # fmt: skip


def _judge(task: _Task, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return by fold: the skill, what shuffling each column costs, and what its upper instead of lower quartile does to the prediction."""
    from sklearn.model_selection import KFold, StratifiedKFold
    from threadpoolctl import threadpool_limits

    folds = (StratifiedKFold if task.is_flag else KFold)(FOLDS, shuffle=True, random_state=seed)
    rng, d = np.random.default_rng(seed), task.X.shape[1]
    skills, losses, shifts = np.zeros(FOLDS), np.zeros((FOLDS, d)), np.zeros((FOLDS, d))
    quartiles = np.nanquantile(task.X, (0.25, 0.75), axis=0)
    flat = quartiles[0] == quartiles[1]
    quartiles[:, flat] = np.stack([np.nanmin(task.X, axis=0), np.nanmax(task.X, axis=0)])[:, flat]
    with threadpool_limits(1):
        for fold, (learn, unseen) in enumerate(folds.split(task.X, task.y)):
            model = _model(task, seed).fit(task.X[learn], task.y[learn])
            X, y = task.X[unseen], task.y[unseen]
            base = float(task.y[learn].mean())
            skills[fold] = _skill(y, _predict(model, X), base, task.is_flag)
            for place in range(d):
                variants = [X[rng.permutation(y.size), place] for _ in range(SHUFFLES)] + [
                    np.full(y.size, end) for end in quartiles[:, place]
                ]
                *shuffled, low, high = _predict_each(model, X, place, variants)
                losses[fold, place] = skills[fold] - np.mean([_skill(y, each, base, task.is_flag) for each in shuffled])
                shifts[fold, place] = float((high - low).mean())
    return skills, losses, shifts


def _predict_each(model: Any, X: np.ndarray, place: int, variants: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Predict with each of several other columns at a place; all at once, since a call costs more than its rows."""
    changed = np.tile(X, (len(variants), 1))
    changed[:, place] = np.concatenate(variants)
    return np.split(_predict(model, changed), len(variants))


def _predict(model: Any, X: np.ndarray) -> np.ndarray:
    return model.predict_proba(X)[:, 1] if hasattr(model, "predict_proba") else model.predict(X)


def _skill(y: np.ndarray, predicted: np.ndarray, base: float, is_flag: bool) -> float:
    """Return R squared against the mean of the customers learnt from, or 2 AUC - 1."""
    if is_flag:
        from scipy.stats import rankdata

        n_yes = y.sum()
        u = rankdata(predicted)[y == 1].sum() - n_yes * (n_yes + 1) / 2
        return float(2 * u / (n_yes * (y.size - n_yes)) - 1)
    return float(1 - ((y - predicted) ** 2).sum() / ((y - base) ** 2).sum())


def _standard_error(by_fold: np.ndarray) -> float:
    return float(by_fold.std(ddof=1) / np.sqrt(by_fold.size))


def _error_of_guessing(task: _Task) -> float:
    """Return how far a guess at a yes or no scatters around 0 (Mann & Whitney 1947): with few of one value folds alone seem too sure."""
    if not task.is_flag:
        return 0.0
    n_yes = float(task.y.sum())
    n_no = task.y.size - n_yes
    return float(2 * np.sqrt((task.y.size + 1) / (12 * n_yes * n_no)))


def _drivers(task: _Task, losses: np.ndarray, shifts: np.ndarray, unit: str) -> tuple[Driver, ...]:
    found = []
    for place, column in enumerate(task.columns):
        worth, error = float(losses[:, place].mean()), _standard_error(losses[:, place])
        if worth < max(_LEAST_WORTH, _SURE * error):
            continue
        shift = float(shifts[:, place].mean())
        is_clear = column.kind == "number" and abs(shift) > _SURE * _standard_error(shifts[:, place]) and shift != 0
        direction: Literal["more", "less", "unclear"] = "unclear" if not is_clear else "more" if shift > 0 else "less"
        sentence = _driver_sentence(task, place, shift, direction, unit)
        effect = shift if column.kind == "number" else None
        found.append(Driver(column.name, column.label, worth, error, direction, effect, sentence))
    return tuple(sorted(found, key=lambda each: (-each.worth, each.name))[:MOST_DRIVERS])


def _driver_sentence(task: _Task, place: int, shift: float, direction: str, unit: str) -> str:
    column, values = task.columns[place], task.X[:, place]
    subject = f"{column.label[:1].upper()}{column.label[1:]}"
    if column.kind == "category":
        return f"{subject} goes with {unit}: it differs from group to group."
    if direction == "unclear":
        return f"{subject} goes with {unit}, but neither simply more nor less: it depends on the other columns or goes up and down."
    low, high = np.nanquantile(values, (0.25, 0.75))
    if low == high:
        low, high = np.nanmin(values), np.nanmax(values)
    ends = f"{value_text(float(high))} rather than {value_text(float(low))}"
    if task.is_flag:
        size = f"{100 * abs(shift):.1f} percentage points"
        return f"With {column.label} of {ends}, {unit} is {size} {direction} likely, other things equal."
    return f"{subject} of {ends} goes with {value_text(abs(shift))} {direction} {unit} on average, other things equal."


def _say(unit: str, is_flag: bool, n: int, skill: float, drivers: Sequence[Driver]) -> tuple[str, ...]:
    if not drivers:
        return (f"Nothing in this file predicts {unit} better than guessing (n = {n:,}; tried on customers that the model had not seen).",)
    if is_flag:
        right = 100 * (skill + 1) / 2
        first = f"The other columns predict {unit}: of two customers, one with and one without,"
        first += f" they point to the right one in {right:.0f} of 100 cases (guessing: 50)"
    else:
        first = f"The other columns explain {100 * skill:.0f} % of the differences in {unit}"
    told = f"{first}, tried on customers that the model had not seen (n = {n:,})."
    return (told, *(driver.sentence for driver in drivers), "This says what goes together, not what causes what.")
