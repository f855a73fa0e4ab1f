"""The election of the number of groups, from what the criteria measured, and its reason in a sentence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

# A segment below this share of customers is a handful: on Online Retail the "best" silhouette splits off 26 of 4,338 (0.6 %).
MIN_SHARE = 0.02
# Nor is a segment of fewer than ten customers worth a campaign; in lists below a hundred, a tenth of the list.
MIN_CUSTOMERS = 10
# Tibshirani & Walther (2005): the largest k with strength above 0.8.
STRENGTH_NEEDED = 0.8
# Below, less than half of the pairs of a group stay together in another half of the customers: the number is a matter of chance.
STRENGTH_USABLE = 0.5


@dataclass(frozen=True)
class KScore:
    """What the criteria say of one number of groups.

    Attributes
    ----------
    k : int
        Number of groups.
    inertia : float
        Summed squared distance to the own centre.
    silhouette : float
        Mean silhouette, -1 to 1, higher is better.
    silhouette_error : float
        Its standard error; 0.0 when every row was measured.
    calinski_harabasz : float
        Spread between over spread within (Calinski & Harabasz 1974), higher is better; infinite when groups have no spread.
    davies_bouldin : float
        Mean likeness of each group to the one most like it (Davies & Bouldin 1979), lower is better.
    prediction_strength : float
        0 to 1 (Tibshirani & Walther 2005); nan where the list is too short to be halved.
    smallest : int
        Customers in the smallest group.
    usable : int
        Groups that are no handful (see `smallest_allowed`).
    n_clumps : int
        Groups, those counted as one that have no sure gap between them (see `separation`): k when every two are apart.
    """

    k: int
    inertia: float
    silhouette: float
    silhouette_error: float
    calinski_harabasz: float
    davies_bouldin: float
    prediction_strength: float
    smallest: int
    usable: int
    n_clumps: int = 1

    def as_dict(self) -> dict[str, float | int | None]:
        """Return the scores as plain JSON values; what is not a finite number becomes None."""
        return {name: value if math.isfinite(value) else None for name, value in asdict(self).items()}


APART = "with a gap between every two segments"
LASTING = "whose groups come back in another half of the customers"
MOSTLY_LASTING = "whose groups mostly come back in another half of the customers"
STRONGEST = "whose groups come back best in another half of the customers"
WHOLE = "without a segment of a handful"


def _lasting(score: KScore) -> float:
    """Prefer the largest number of groups that come back (Tibshirani & Walther 2005)."""
    return score.k if score.prediction_strength > STRENGTH_NEEDED else -math.inf


# What each criterion prefers: the larger the better; minus infinity where it has no opinion.
CRITERIA: dict[str, Callable[[KScore], float]] = {
    "silhouette": lambda score: score.silhouette,
    "Calinski-Harabasz": lambda score: score.calinski_harabasz,
    "Davies-Bouldin": lambda score: -score.davies_bouldin,
    "prediction strength": _lasting,
}


def smallest_allowed(n: int, min_share: float = MIN_SHARE) -> int:
    """Return how many customers a segment needs so as not to be a handful.

    Parameters
    ----------
    n : int
        Customers in all.
    min_share : float
        Share of customers, 0 to 1.

    Returns
    -------
    int
        ``min_share`` of the customers, and at least MIN_CUSTOMERS, or a tenth of a list shorter than a hundred.
    """
    return max(1, math.ceil(min_share * n), min(MIN_CUSTOMERS, n // 10))


def decide(scores: Sequence[KScore], n: int) -> tuple[int, str]:
    """Elect the number of groups.

    Parameters
    ----------
    scores : sequence of KScore
        One for each k, ascending, at least one.
    n : int
        Customers in all.

    Returns
    -------
    k : int
        The largest k without a handful whose groups are all apart. Where there is none, each criterion gives two votes to its best k and
        one to its second best, among those that stand for election: k without a handful and with prediction strength above
        STRENGTH_NEEDED, else of at least STRENGTH_USABLE, else the one of the greatest strength (all where it cannot be measured); if
        there are none without a handful, those with at least two usable groups and the fewest handfuls; if there are none, all. Of equal
        votes the largest k with groups that come back wins, else the better silhouette.
    reason : str
        One plain sentence.
    """
    apart = [score for score in scores if score.usable == score.k == score.n_clumps]
    if apart:
        return apart[-1].k, f"{apart[-1].k} segments: {_first_of(apart)} {APART}, {_size(apart[-1], n)}."
    candidates, quality = _candidates(scores)
    votes: Counter[int] = Counter()
    for prefer in CRITERIA.values():
        for score, weight in zip(_ranked(candidates, prefer), (2, 1), strict=False):
            votes[score.k] += weight
    chosen = max(candidates, key=lambda score: (votes[score.k], _lasting(score), score.silhouette))
    if chosen.usable < chosen.k:
        return chosen.k, f"{chosen.k} segments: {_despite_handfuls(chosen, n)}"
    rivals = [score for score in scores if score.usable < score.k and score.silhouette > chosen.silhouette]
    return chosen.k, f"{chosen.k} segments: {_support(chosen, candidates, quality)}, {_size(chosen, n)}{_rejected(rivals, n)}."


def _first_of(apart: Sequence[KScore]) -> str:
    return "the only number" if len(apart) == 1 else f"of {_listed(apart)} the largest number"


def _candidates(scores: Sequence[KScore]) -> tuple[Sequence[KScore], str]:
    """Return the k that stand for election, and what the others lack ("" when all stand)."""
    whole = [score for score in scores if score.usable == score.k]
    several = [score for score in scores if score.usable > 1]
    for lasting, words in _strengths(whole):
        if lasting:
            return lasting, _quality(len(lasting), len(whole), len(scores), words)
    if whole:
        return whole, WHOLE if len(whole) < len(scores) else ""
    if several:
        fewest = min(score.k - score.usable for score in several)
        return [score for score in several if score.k - score.usable == fewest], WHOLE
    return scores, WHOLE


def _strengths(whole: Sequence[KScore]) -> list[tuple[Sequence[KScore], str]]:
    """Return those whose groups come back, those whose groups mostly do, and the one whose groups do best; nothing where nobody knows."""
    known = [score for score in whole if math.isfinite(score.prediction_strength)]
    lasting = [score for score in known if score.prediction_strength > STRENGTH_NEEDED]
    mostly = [score for score in known if score.prediction_strength >= STRENGTH_USABLE]
    return [(lasting, LASTING), (mostly, MOSTLY_LASTING), (sorted(known, key=lambda score: -score.prediction_strength)[:1], STRONGEST)]


def _quality(n_lasting: int, n_whole: int, n_scores: int, words: str) -> str:
    """Say what those that stand have and some others lack."""
    if n_lasting == n_scores:
        return ""
    return words if n_whole == n_scores else f"{WHOLE} {words}"


def _ranked(candidates: Sequence[KScore], prefer: Callable[[KScore], float]) -> list[KScore]:
    """Return those on which a criterion has an opinion, best first."""
    return sorted((score for score in candidates if prefer(score) > -math.inf), key=prefer, reverse=True)


def _support(chosen: KScore, candidates: Sequence[KScore], quality: str) -> str:
    """Say how the choice stands with the criteria, among those that stood for election."""
    if len(candidates) == 1:
        return f"the only number {quality}" if quality else "the only number that could be tried"
    places = 2 if len(candidates) > 3 else 1
    count = sum(chosen in _ranked(candidates, prefer)[:places] for prefer in CRITERIA.values())
    among = f"of {_listed(candidates)}, the numbers {quality}, it is " if quality else ""
    return f"{among}{'best or second best' if places == 2 else 'best'} on {count} of {len(CRITERIA)} criteria"


def _listed(candidates: Sequence[KScore]) -> str:
    names = [str(score.k) for score in candidates]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _size(chosen: KScore, n: int) -> str:
    """Say how large the smallest segment is."""
    return f"and the smallest still holds {_share(chosen.smallest, n)} of customers"


def _rejected(rivals: Sequence[KScore], n: int) -> str:
    """Say why a number with a better silhouette was not chosen."""
    if not rivals:
        return ""
    rival = max(rivals, key=lambda score: score.silhouette)
    return f"; {rival.k} would split off only {_customers(rival.smallest)} ({_share(rival.smallest, n)})"


def _despite_handfuls(chosen: KScore, n: int) -> str:
    """Say why a number with a handful was chosen, and what would help."""
    smallest = f"{_customers(chosen.smallest)} ({_share(chosen.smallest, n)})"
    if chosen.usable < 2:
        return f"no number tried gives two segments of a useful size; the smallest of these holds only {smallest}."
    return (
        f"every number tried splits off a handful of unusual customers; here {chosen.usable} segments are large enough to use "
        f"and the smallest holds only {smallest}. Capping extreme values or taking logarithms may help."
    )


def _customers(count: int) -> str:
    return "1 customer" if count == 1 else f"{count:,} customers"


def _share(count: int, n: int) -> str:
    """Return a share in per cent, with a decimal where it is small."""
    percent = 100 * count / n
    return f"{percent:.0f} %" if percent >= 9.95 else f"{percent:.1f} %"


def knee(scores: Sequence[KScore]) -> int | None:
    """Return the k at which the curve of inertia lies farthest below the line between its ends; None with fewer than three k.

    Parameters
    ----------
    scores : sequence of KScore
        Ascending by k.

    Returns
    -------
    int or None
        For the picture; it has no vote.
    """
    if len(scores) < 3:
        return None
    first, last = scores[0], scores[-1]
    slope = (last.inertia - first.inertia) / (last.k - first.k)
    return max(scores, key=lambda score: first.inertia + slope * (score.k - first.k) - score.inertia).k
