"""Numbers that a workbook shows with leading zeros, by their format alone: 1234 shown as 01234."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from segmentation.findings import Finding

_FORMAT = re.compile(rb"<numFmt\s[^>]*>")
_IDENTIFIER = re.compile(rb'numFmtId="(\d+)"')
_ZEROS = re.compile(rb'formatCode="0{2,}"')
_STYLES = re.compile(rb"<cellXfs.*?</cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<xf\s[^>]*>")
_PIECE = 1 << 20
_OVERLAP = 64


def zero_findings(path: Path) -> list[Finding]:
    """Say that leading zeros of number formats are not part of what is read, where a sheet has such cells."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        styles = _zero_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else []
        sheets = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        if not styles or not any(_uses(archive, sheet, styles) for sheet in sheets):
            return []
    message = "Some numbers are only shown with leading zeros (format 00000) and were read without them; store such codes as text."
    return [Finding("leading_zeros_shown", "warning", message, 1)]


def _zero_styles(xml: bytes) -> list[bytes]:
    """Return the numbers of the cell styles whose format is nothing but zeros."""
    identifiers = {found[1] for each in _FORMAT.findall(xml) if _ZEROS.search(each) and (found := _IDENTIFIER.search(each))}
    block = _STYLES.search(xml)
    styles = _STYLE.findall(block[0]) if block else []
    return [b"%d" % i for i, each in enumerate(styles) if (found := _IDENTIFIER.search(each)) and found[1] in identifiers]


def _uses(archive: zipfile.ZipFile, sheet: str, styles: list[bytes]) -> bool:
    """Tell whether a cell of a sheet, which may be large, has one of the styles."""
    pattern = re.compile(rb'<c\s[^>]*\bs="(?:' + b"|".join(styles) + rb')"')
    rest = b""
    with archive.open(sheet) as file:
        while piece := file.read(_PIECE):
            if pattern.search(rest + piece):
                return True
            rest = piece[-_OVERLAP:]
    return False
