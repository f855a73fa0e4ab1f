"""The shape of what a page sends when something happens on it: Dash itself would stumble over any other, and anybody can post one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from segmentation.errors import InvalidInputError

_PLAIN = (str, int, float, bool)
_MANY = (["ALL"], ["ALLSMALLER"])
_ONE = ["MATCH"]


def check_dash_body(body: Any, callbacks: Mapping[str, Any]) -> None:
    """Refuse a body that does not fit the callback it names; ``callbacks`` is Dash's own map of them."""
    if not (_fits(body, callbacks) and _can_be_written(body)):
        raise InvalidInputError("bad_request", "The page sent something that does not fit.", fix="Reload the page.")


def _fits(body: Any, callbacks: Mapping[str, Any]) -> bool:
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        return False
    known = callbacks.get(body["output"])
    if known is None or "callback" not in known:  # without it, the browser does it alone
        return False
    changed = body.get("changedPropIds", [])
    return (
        _all_fit(body.get("inputs", []), known["inputs"])
        and _all_fit(body.get("state", []), known["state"])
        and _outputs_fit(body.get("outputs"), known)
        and isinstance(changed, list)
        and all(isinstance(name, str) for name in changed)
    )


def _outputs_fit(sent: Any, known: Mapping[str, Any]) -> bool:
    output = known["output"]
    if known["no_output"]:
        return sent is None or sent == []
    if isinstance(output, Sequence):
        return _all_fit(sent, [_place(each) for each in output])
    return _place_fits(sent, _place(output))


def _place(output: Any) -> dict[str, str]:
    return {"id": output.component_id_str(), "property": output.component_property}


def _all_fit(sent: Any, places: Sequence[Mapping[str, str]]) -> bool:
    return isinstance(sent, list) and len(sent) == len(places) and all(map(_place_fits, sent, places))


def _place_fits(sent: Any, place: Mapping[str, str]) -> bool:
    """Compare a sent component with the place it is for; a pattern for many takes a list of them."""
    pattern = json.loads(place["id"]) if place["id"].startswith("{") else place["id"]
    if isinstance(pattern, dict) and any(part in _MANY for part in pattern.values()):
        return isinstance(sent, list) and all(_one_fits(each, pattern, place["property"]) for each in sent)
    return _one_fits(sent, pattern, place["property"])


def _one_fits(sent: Any, pattern: Any, prop: str) -> bool:
    if not isinstance(sent, dict) or not isinstance(sent.get("property"), str) or sent["property"].partition("@")[0] != prop:
        return False  # after the "@" stands which of several callbacks writes there
    name = sent.get("id")
    if not isinstance(pattern, dict) or not isinstance(name, dict):
        return bool(name == pattern)
    return name.keys() == pattern.keys() and all(
        isinstance(part, _PLAIN) and (pattern[key] == _ONE or pattern[key] in _MANY or part == pattern[key]) for key, part in name.items()
    )


def _can_be_written(body: Any) -> bool:
    """Tell whether every text is one: half of a surrogate pair can be sent as JSON and kept nowhere."""
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True
