"""What a person answers on the page, control by control, as choices about their file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmentation.intake.cleaning_rules import ALL_DETAILS

NO_LIMIT = "none"
_OF_READING = ("encoding", "delimiter", "sheet", "header_row")
_PLAIN = ("decimal", "date_order", "returns", "repeats", "as_of", "customer", "currency", "details")
_SWITCHES = {"rule": "rules", "derived": "derived"}
_NOTHING = (None, "", "auto")
_NO_ROLE, _LEFT_OUT = "none", "leave-out"
_DEFAULTS = {"returns": "drop", "repeats": "newest"}


def answer(choices: Mapping[str, Any], found: Mapping[str, Any] | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the choices with the answers of the controls in them; an empty answer takes a choice back.

    Names are ``read.encoding`` and the like, ``column.0`` (the role of the first column), ``rule.cancelled``, ``derived.age`` (what is
    worked out), ``gap.0`` and ``limit.0`` (missing and very large values of the first detail), ``bring_back`` (a column left out), or
    plain ones.
    """
    changed = {
        **choices,
        "read": dict(choices.get("read", {})),
        "roles": dict(choices.get("roles", {})),
        "rules": dict(choices.get("rules", {})),
        "derived": dict(choices.get("derived", {})),
        "leave_out": list(choices.get("leave_out", ())),
        "gaps": dict(choices.get("gaps", {})),
        "cap": dict(choices.get("cap", {})),
    }
    for name, value in values.items():
        part, _, rest = name.partition(".")
        if part == "read" and rest in _OF_READING:
            _set(changed["read"], rest, _row_number(value) if rest == "header_row" else value)
        elif part in _SWITCHES:
            _set(changed[_SWITCHES[part]], rest, None if value else False)
        elif name == "gaps":
            _set(changed["gaps"], ALL_DETAILS, None if value == "leave" else value)
        elif name == "bring_back":
            changed["leave_out"] = [header for header in changed["leave_out"] if header != value]
        elif name == "into":
            _set_place(changed, value)
        elif (name, value) == ("recall", "no"):
            changed = {"read": changed["read"], "roles": {}, "rules": {}, "derived": {}, "leave_out": [], "recall": False}
            changed |= {"gaps": {}, "cap": {}}
        elif name in _PLAIN:
            _set(changed, name, None if value == _DEFAULTS.get(name) else value)
    _set_details(changed, choices, found, values)
    for place, column in enumerate(found["columns"] if found else ()):
        _set_role(changed, column, values.get(f"column.{place}", column["role"]))
    return {name: value for name, value in changed.items() if value not in ({}, [], None)}


def gap_of(choices: Mapping[str, Any], detail: Mapping[str, Any]) -> str:
    """Return what becomes of the gaps of a column: as chosen for it, else as for all details if it is one."""
    gaps = choices.get("gaps", {})
    return str(gaps.get(detail["header"]) or (gaps.get(ALL_DETAILS) if detail["is_asked"] else None) or "leave")


def limit_of(choices: Mapping[str, Any], detail: Mapping[str, Any]) -> str:
    """Return the quantile that larger values of a column count as, or "none"."""
    return f"{quantile:g}" if (quantile := choices.get("cap", {}).get(detail["name"])) else NO_LIMIT


def _set_details(changed: dict[str, Any], choices: Mapping[str, Any], found: Mapping[str, Any] | None, values: Mapping[str, Any]) -> None:
    for place, detail in enumerate(((found or {}).get("outcome") or {}).get("details", ())):
        _set_gap(changed, choices, detail, values.get(f"gap.{place}"))
        _set_limit(changed, choices, detail, values.get(f"limit.{place}"))


def _set_gap(changed: dict[str, Any], choices: Mapping[str, Any], detail: Mapping[str, Any], value: Any) -> None:
    """Choose for one column; what all details have needs no choice of its own."""
    if value in (None, gap_of(choices, detail)):
        return
    changed["gaps"].pop(detail["header"], None)
    if value != gap_of(changed, detail):
        changed["gaps"][detail["header"]] = value


def _set_limit(changed: dict[str, Any], choices: Mapping[str, Any], detail: Mapping[str, Any], value: Any) -> None:
    if value not in (None, limit_of(choices, detail)):
        _set(changed["cap"], detail["name"], None if value == NO_LIMIT else float(value))


def _set_place(choices: dict[str, Any], value: Any) -> None:
    """Say what becomes of the file: ``append:ID``, ``replace:ID``, or a dataset of its own."""
    way, _, dataset_id = str(value or "").partition(":")
    _set(choices, "append_to", dataset_id if way == "append" else None)
    _set(choices, "replaces", dataset_id if way == "replace" else None)


def _set(target: dict[str, Any], name: str, value: Any) -> None:
    if value in _NOTHING:
        target.pop(name, None)
    else:
        target[name] = value


def _row_number(value: Any) -> int | None:
    return int(value) if str(value or "").isdecimal() else None


def _set_role(choices: dict[str, Any], column: Mapping[str, Any], role: str | None) -> None:
    """Let a column play another role; the role it played is then nobody's, until another column is given it."""
    before, role, roles = column["role"] or "", "" if role in (None, _NO_ROLE) else role, choices["roles"]
    if role == _LEFT_OUT:
        _leave_out(choices, column["header"])
        return
    if role == before:
        return
    if before and roles.get(before, column["header"]) == column["header"]:
        roles[before] = ""
    if role:
        roles[role] = column["header"]
    if "customer" in (role, before):
        choices.pop("customer", None)


def _leave_out(choices: dict[str, Any], header: str) -> None:
    """Let a column be kept nowhere; what it was chosen for is open again."""
    choices["leave_out"].append(header)
    choices["roles"] = {role: chosen for role, chosen in choices["roles"].items() if chosen != header}
    if choices.get("customer") == header:
        choices.pop("customer")
