"""Random customer tables written in random dialects come back cell by cell."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from hypothesis import HealthCheck, event, given, seed, settings
from hypothesis import strategies as st

from tests.dashboard.intake.test_messy import read_here

HEADER = ("customer id", "name", "city", "joined", "amount", "note")
PLACES = {
    "cp1252": ["Köln", "Zürich", "Besançon", "Málaga", "Århus", "São Paulo", "Straße 5"],
    "cp1250": ["Příbram", "Plzeň", "Łódź", "Kraków", "Děčín", "České Budějovice", "Białystok"],
    "cp1251": ["Москва", "Тверь", "Казань", "Нижний Новгород", "Софія", "Варна"],
    "mac_roman": ["Forlì", "Cefalù", "Besançon", "Málaga", "Köln", "Orléans"],
    "cp932": ["東京都", "大阪市", "名古屋", "さいたま", "横浜市"],
}
UTF = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
PLAIN = ["Anna Berg", "Tom O'Neil", "Null", "NA", "-", "?", "Eva Long", "Li"]
any_text = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), max_size=12)
awkward = st.sampled_from(["a, b; c", "two\nlines", 'say "hi"', "tab\there", "a|b", "1,5", "", "", "plain", "  kept  ", "#1", "it's"])


@dataclass(frozen=True)
class Way:
    """How a table is written."""

    delimiter: str
    quoting: int
    is_escaped: bool
    encoding: str
    end: str
    above: tuple[str, ...]
    has_last_end: bool


@st.composite
def ways(draw: st.DrawFn) -> Way:
    """Return a dialect that programs write: a Mac file has Mac lines, only an escaped one has backslashes."""
    encoding = draw(st.sampled_from([*UTF, *PLACES]))
    end = "\r" if encoding == "mac_roman" else draw(st.sampled_from(["\n", "\r\n", "\r"] if encoding in UTF else ["\n", "\r\n"]))
    delimiter = draw(st.sampled_from(",;\t|"))
    above = draw(st.sampled_from([(), (), (), ("Customers of May", ""), ("Our customers",), (f"sep={delimiter}",)]))
    is_escaped = draw(st.booleans())
    is_plain = draw(st.booleans()) and not is_escaped and end != "\r"  # Python would leave a \n unquoted in a file of \r
    quoting = csv.QUOTE_MINIMAL if is_plain else csv.QUOTE_ALL
    return Way(delimiter, quoting, is_escaped, encoding, end, above, draw(st.booleans()))


@st.composite
def tables(draw: st.DrawFn, encoding: str) -> list[tuple[str, ...]]:
    """Return rows of customers whose letters the encoding has, with most of its places among them."""
    texts = st.one_of(any_text, awkward) if encoding in UTF else awkward
    places = PLACES.get(encoding, [*PLACES["cp1250"], *PLACES["cp932"], "🌻", "עברית"])
    ids = draw(st.lists(st.from_regex(r"\A(0{0,3}[1-9][0-9]{0,9}|[A-Z]{1,2}-[0-9]{3})\Z"), min_size=5, max_size=20, unique=True))
    mark = draw(st.sampled_from(".,"))
    return [
        (
            each,
            draw(st.sampled_from(PLAIN)),
            places[i % len(places)],
            str(draw(st.dates())) if draw(st.booleans()) else "",
            str(draw(st.decimals(-999, 9999, places=2))).replace(".", mark),
            draw(texts),
        )
        for i, each in enumerate(ids)
    ]


def write(rows: list[tuple[str, ...]], way: Way) -> bytes:
    """Write a table in a dialect."""
    out = io.StringIO()
    out.writelines(line + way.end for line in way.above)
    marks = {"doublequote": not way.is_escaped, "escapechar": "\\" if way.is_escaped else None}
    csv.writer(out, delimiter=way.delimiter, quoting=way.quoting, lineterminator=way.end, **marks).writerows([HEADER, *rows])
    text = out.getvalue() if way.has_last_end else out.getvalue().removesuffix(way.end)
    return text.encode(way.encoding)


@seed(5)
@settings(deadline=None, max_examples=200, database=None, suppress_health_check=list(HealthCheck))
@given(st.data(), ways())
def test_random_tables_in_random_dialects_come_back(tmp_path_factory, data, way):
    rows = data.draw(tables(way.encoding))
    event(way.encoding)
    folder = tmp_path_factory.mktemp("random")
    path = folder / "customers.csv"
    path.write_bytes(write(rows, way))
    table = read_here(path, folder / "answer")
    assert table.headers == HEADER
    assert [tuple(row.values()) for row in table.columns.to_pylist()] == rows
    assert table.unreadable == ()
    n_above = len(way.above)
    lines = 2 + n_above
    assert table.row_numbers.tolist() == list(range(lines, lines + len(rows)))
