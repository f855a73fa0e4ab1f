"""How dates are written: the patterns of ``dates`` with the names of months in eight languages."""

from __future__ import annotations

_MONTH_NAMES = (
    "jan january janvier januar enero ene janv jän jänner januari gennaio gen janeiro styczeń stycznia sty",
    "feb february fevrier février februar febrero fev févr fevr fév februari febbraio fevereiro luty lutego lut feber",
    "mar march mars märz maerz marzo mrz mär maart mrt março marco marzec marca",
    "apr april avril abril avr abr aprile kwiecień kwietnia kwi",
    "may mai mayo mei maggio mag maio maj maja",
    "jun june juin juni junio giugno giu junho czerwiec czerwca cze jui",
    "jul july juillet juli julio juil luglio lug julho lipiec lipca lip",
    "aug august aout août agosto ago augustus sierpień sierpnia sie",
    "sep september septembre septiembre sept set settembre setembro wrzesień września wrz setiembre",
    "oct october octobre oktober octubre okt ottobre ott outubro out październik października paź",
    "nov november novembre noviembre novembro listopad listopada lis",
    "dec december decembre décembre dezember diciembre dez dic déc dicembre dezembro grudzień grudnia gru",
)
MONTHS: dict[str, int] = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
"""Month by its lower-case name or abbreviation in English, German, French, Spanish, Dutch, Italian, Portuguese and Polish."""

_ZONE_NAMES = "z|utc|gmt|cet|cest|mez|mesz|eet|eest|wet|west|bst|ist|msk|jst|est|edt|cst|cdt|mst|mdt|pst|pdt|aest|aedt|brt|sgt"
_ZONE = rf"\s*(?P<zone>(?:{_ZONE_NAMES})?(?:\s?[+-]\d{{1,2}}(?::?\d{{2}})?)?)(?:\s*[(\[][^)\]]*[)\]])?"
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?:[:.m](?P<second>\d{2})s?(?:[.,:]\d+)?)?)?"
    r"\s*(?:uhr|hrs?)?\s*(?P<half>[ap]\.?\s?m\.?)?"
)
_TIME = rf"(?:(?:t|[ ,]+(?:at |um |à |a las )?)\s*{_CLOCK}{_ZONE})?"
_WEEKDAY = r"(?:\pL+\.?,?\s+)?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_YEAR4 = r"(?P<year>(?:19|20)\d{2})"

NUMERIC = rf"^{_WEEKDAY}(?P<first>\d{{1,4}})[-/._ ]+(?P<middle>\d{{1,2}})[-/._ ]+(?P<last>\d{{1,4}})\.?{_TIME}$"
"""Three numbers: which of them is the day, the column decides."""
PLAIN_NUMERIC = (
    r"^(?P<first>\d{1,4})[-/.](?P<middle>\d{1,2})[-/.](?P<last>\d{1,4})(?:[t ](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?$"
)
"""What most columns have throughout, three times as fast to match."""

NAMED = (
    rf"^{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|er|º|ª)?[-/ .,]*(?:de |of )?(?P<month>\pL+)\.?[-/ ,.']*(?:de |del )?{_YEAR}{_TIME}$",
    rf"^{_WEEKDAY}(?P<month>\pL+)\.?[-/ .]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-/ ,]+{_YEAR}{_TIME}$",
    rf"^(?P<year>\d{{4}})[-/ .]*(?P<month>\pL+)\.?[-/ .]*(?P<day>\d{{1,2}}){_TIME}$",
    rf"^{_WEEKDAY}(?P<month>\pL+)\s+(?P<day>\d{{1,2}})\s+{_CLOCK}{_ZONE}\s+(?P<year>\d{{4}})$",
)
"""A month by its name, with a day."""

COMPACT = rf"^{_YEAR4}(?P<month>\d{{2}})(?P<day>\d{{2}})(?:[t ]?(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})?z?|\.0+)?$"
EXCEL_SERIAL = r"^(?P<days>[1-6]\d{4})(?:[.,](?P<part>\d+))?$"
"""Days since 1899-12-30 from 1927 to 2091; other numbers of five digits are no dates of a customer."""
EPOCH = r"^(?P<seconds>\d{9,10})(?:\d{3}|\d{6}|\d{9})?(?:\.\d+)?$"
"""Seconds since 1970, or the same in thousandths, millionths or billionths."""

MONTH_ONLY = (
    rf"^{_YEAR4}[-/. ](?P<month>\d{{1,2}})$",
    rf"^{_YEAR4}(?P<month>\d{{2}})(?:\.0+)?$",
    rf"^(?P<month>\d{{1,2}})[-/. ]{_YEAR4}$",
)
NAMED_MONTH_ONLY = (
    r"^(?P<month>\pL+)\.?[-/ ,.']*(?:de |del )?(?P<year>\d{4}|\d{2})$",
    r"^(?P<year>\d{4})[-/ .]*(?P<month>\pL+)\.?$",
)
QUARTER = (
    r"^(?P<year>\d{4})[-/ .]*[qt](?P<quarter>[1-4])$",
    r"^[qt](?P<quarter>[1-4])[-/ .']*(?P<year>\d{4}|\d{2})$",
    r"^(?P<quarter>[1-4])\. ?quartal (?P<year>\d{4})$",
)
WEEK = r"^(?P<year>\d{4})[- ]?(?:w|kw|s)[- ]?(?P<week>\d{1,2})(?:-?(?P<weekday>[1-7]))?$"
"""Week of ISO 8601, with or without its day."""

TIME_OF_DAY = rf"^{_CLOCK}{_ZONE}$"
