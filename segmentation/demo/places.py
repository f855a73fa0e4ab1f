"""Countries of the demo shop: real cities, invented people, telephone numbers that regulators keep for fiction."""

from __future__ import annotations

from dataclasses import dataclass

# Syllables make family names that sound right and belong to nobody in particular.
_GERMAN = (("Linden", "Stein", "Wald", "Eichen", "Berg", "Rosen", "Korn", "Silber"), ("bach", "feld", "hofer", "müller", "brand", "thal"))
_ENGLISH = (("Ash", "Thorn", "Wood", "Lang", "Hart", "Green", "Fair", "Mill"), ("combe", "field", "worth", "ley", "brook", "shaw"))
_FRENCH = (("Beau", "Mont", "Clair", "Belle", "Haut", "Val", "Grand", "Sainte"), ("fort", "mont", "champ", "rivière", "bois", "lieu"))
_SWEDISH = (("Lind", "Sjö", "Berg", "Ek", "Björk", "Ny", "Sand", "Öst"), ("gård", "ström", "kvist", "dal", "lund", "mark"))

_GERMAN_FIRST = (
    ("Anna", "Lena", "Katharina", "Sabine", "Jana", "Mareike", "Ute", "Frieda", "Heike", "Leonie", "Nele", "Birgit"),
    ("Lukas", "Jonas", "Stefan", "Matthias", "Jürgen", "Felix", "Uwe", "Tobias", "Moritz", "Karsten", "Emil", "Bernd"),
)
_ENGLISH_FIRST = (
    ("Emily", "Grace", "Charlotte", "Hannah", "Ruth", "Olivia", "Megan", "Alice", "Joan", "Freya", "Priya", "Zoe"),
    ("Oliver", "Thomas", "George", "Callum", "Peter", "Samuel", "Owen", "Harry", "Ian", "Noah", "Arjun", "Leo"),
)
_FRENCH_FIRST = (
    ("Camille", "Léa", "Chloé", "Manon", "Élodie", "Sylvie", "Inès", "Margaux", "Hélène", "Juliette", "Brigitte", "Noémie"),
    ("Hugo", "Louis", "Gabriel", "Étienne", "Mathieu", "Rémi", "Pascal", "Antoine", "François", "Jules", "Gérard", "Théo"),
)
_SWEDISH_FIRST = (
    ("Elsa", "Astrid", "Maja", "Ingrid", "Åsa", "Linnéa", "Karin", "Ebba", "Birgitta", "Saga", "Alva", "Sofia"),
    ("Erik", "Lars", "Oskar", "Björn", "Nils", "Gustav", "Håkan", "Axel", "Sven", "Elias", "Viktor", "Göran"),
)


@dataclass(frozen=True)
class City:
    """A city with its region and the pattern of its postal codes (# a digit, @ a letter) and a weight."""

    name: str
    region: str
    zip_pattern: str
    weight: int


@dataclass(frozen=True)
class Country:
    """A country of customers.

    Attributes
    ----------
    name : str
    weight : int
        How many customers come from here, against the others.
    first_names : tuple of two tuples
        Of women, of men.
    syllables : tuple of two tuples
        Beginnings and ends of family names.
    phones : tuple of str
        Patterns (# a digit) of numbers reserved for fiction; the source stands beside them.
    cities : tuple of City
    """

    name: str
    weight: int
    first_names: tuple[tuple[str, ...], tuple[str, ...]]
    syllables: tuple[tuple[str, ...], tuple[str, ...]]
    phones: tuple[str, ...]
    cities: tuple[City, ...]


# North American Numbering Plan: 555-0100 to 555-0199 of every area.
_US_AREAS = (206, 212, 213, 303, 305, 312, 404, 415, 503, 512, 602, 612, 617, 702, 713, 718, 773, 808, 917, 919)
_CANADIAN_AREAS = (204, 403, 416, 418, 438, 514, 519, 604, 613, 647, 778, 902)

COUNTRIES: tuple[Country, ...] = (
    Country(
        "Germany",
        30,
        _GERMAN_FIRST,
        _GERMAN,
        # Bundesnetzagentur, Mitteilung 148/2021
        ("+49 30 23125###", "+49 69 90009###", "+49 40 66969###", "+49 221 4710###", "+49 89 99998###"),
        (
            City("Berlin", "Berlin", "10###", 6),
            City("Hamburg", "Hamburg", "20###", 4),
            City("München", "Bavaria", "80###", 4),
            City("Köln", "North Rhine-Westphalia", "50###", 3),
            City("Leipzig", "Saxony", "04###", 2),
            City("Dresden", "Saxony", "01###", 2),
        ),
    ),
    Country(
        "United Kingdom",
        24,
        _ENGLISH_FIRST,
        _ENGLISH,
        # Ofcom, telephone numbers for use in TV and radio drama programmes
        ("+44 7700 900###", "+44 20 79460###", "+44 161 4960###", "+44 131 4960###", "+44 117 4960###", "+44 1632 960###"),
        (
            City("London", "England", "SW# #@@", 6),
            City("Manchester", "England", "M# #@@", 3),
            City("Bristol", "England", "BS# #@@", 2),
            City("Edinburgh", "Scotland", "EH# #@@", 2),
            City("Cardiff", "Wales", "CF# #@@", 1),
        ),
    ),
    Country(
        "France",
        16,
        _FRENCH_FIRST,
        _FRENCH,
        # Arcep, numéros pour les œuvres audiovisuelles
        ("+33 1 99 00 ## ##", "+33 2 61 91 ## ##", "+33 3 53 01 ## ##", "+33 4 65 71 ## ##", "+33 5 36 49 ## ##", "+33 6 39 98 ## ##"),
        (
            City("Paris", "Île-de-France", "7500#", 6),
            City("Lyon", "Auvergne-Rhône-Alpes", "6900#", 3),
            City("Marseille", "Provence-Alpes-Côte d'Azur", "1300#", 2),
            City("Nice", "Provence-Alpes-Côte d'Azur", "06#00", 1),
        ),
    ),
    Country(
        "United States",
        14,
        _ENGLISH_FIRST,
        _ENGLISH,
        tuple(f"+1 {area} 555 01##" for area in _US_AREAS),
        (
            City("New York", "New York", "100##", 4),
            City("Boston", "Massachusetts", "021##", 3),
            City("Chicago", "Illinois", "606##", 3),
            City("Seattle", "Washington", "981##", 2),
        ),
    ),
    Country(
        "Ireland",
        5,
        _ENGLISH_FIRST,
        _ENGLISH,
        ("+353 20 91#####",),  # ComReg, numbers for drama
        (City("Dublin", "Leinster", "D0# @#@#", 4), City("Cork", "Munster", "T12 @#@#", 2)),
    ),
    Country(
        "Canada",
        5,
        _ENGLISH_FIRST,
        _ENGLISH,
        tuple(f"+1 {area} 555 01##" for area in _CANADIAN_AREAS),
        (City("Toronto", "Ontario", "M5@ #@#", 4), City("Vancouver", "British Columbia", "V6@ #@#", 2)),
    ),
    Country(
        "Sweden",
        3,
        _SWEDISH_FIRST,
        _SWEDISH,
        ("+46 8 465004##", "+46 31 39006##", "+46 40 62804##"),  # Post- och telestyrelsen, telefonnummer för film och böcker
        (City("Stockholm", "Stockholm", "11# ##", 3), City("Göteborg", "Västra Götaland", "41# ##", 2)),
    ),
    Country(
        "Australia",
        3,
        _ENGLISH_FIRST,
        _ENGLISH,
        ("+61 2 5550 ####", "+61 3 5550 ####", "+61 7 5550 ####"),  # ACMA, numbers for use in TV shows, films and creative works
        (City("Sydney", "New South Wales", "20##", 3), City("Melbourne", "Victoria", "30##", 2)),
    ),
)
