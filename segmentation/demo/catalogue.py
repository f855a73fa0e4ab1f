"""What the demo shop sells. Brands and products are invented."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# category: (brands from the low to the high price tier, {product: price of the middle tier in whole units})
_RANGE: dict[str, tuple[tuple[str, str, str], dict[str, int]]] = {
    "Home": (
        ("Basiko", "Nordhem", "Maison Velle"),
        {"desk lamp": 39, "cotton towel set": 25, "cast-iron pan": 49, "wall clock": 35, "wool blanket": 69, "side table": 119},
    ),
    "Clothing": (
        ("Plain Day", "Ravelin", "Atelier Oster"),
        {"cotton shirt": 35, "denim trousers": 59, "rain jacket": 89, "wool jumper": 65, "leather belt": 29, "summer dress": 55},
    ),
    "Electronics": (
        ("Voltino", "Lumenka", "Auralis"),
        {"wireless headphones": 79, "power bank": 35, "smart plug": 19, "bedside radio": 59, "fitness watch": 129, "reading tablet": 149},
    ),
    "Beauty": (
        ("Pure Leaf", "Dermia", "Oro Bianco"),
        {"day cream": 22, "shampoo bar": 9, "eau de toilette": 49, "lip balm": 6, "face serum": 32, "hand soap": 8},
    ),
    "Sports": (
        ("Gogo", "Trailfox", "Summitra"),
        {"yoga mat": 29, "running shirt": 35, "water bottle": 15, "hiking rucksack": 79, "cycling gloves": 25, "resistance bands": 19},
    ),
    "Books": (
        ("Pocket Owl", "Fern Press", "Folio Nine"),
        {"crime novel": 14, "cookery book": 26, "picture book": 16, "travel guide": 19, "notebook": 9, "wall calendar": 17},
    ),
    "Toys": (
        ("Tumbli", "Brickadoo", "Holzwerk"),
        {"building set": 39, "board game": 32, "soft bear": 22, "wooden train": 45, "jigsaw puzzle": 17, "craft kit": 19},
    ),
    "Food": (
        ("Daily Sack", "Greenlane", "Casa Fino"),
        {"ground coffee": 9, "olive oil": 12, "chocolate box": 11, "herbal tea": 6, "pasta selection": 14, "fruit preserve": 5},
    ),
}
_TIER_FACTORS = (0.65, 1.0, 2.1)

CATEGORIES = tuple(_RANGE)
N_TIERS = len(_TIER_FACTORS)
PRODUCTS_PER_BRAND = 6


@dataclass(frozen=True)
class Catalogue:
    """All products, ordered by category, price tier and product; every column has one entry a product."""

    category: tuple[str, ...]
    brand: tuple[str, ...]
    product_id: tuple[str, ...]
    product: tuple[str, ...]
    price_cents: np.ndarray


def build_catalogue() -> Catalogue:
    """Return the products: 8 categories x 3 brands x 6 products, with list prices in cents that end in 9."""
    rows = [
        (category, brand, f"{category[:3].upper()}-{tier + 1}{number:02d}", product, 10 * round(10 * price * _TIER_FACTORS[tier]) - 1)
        for category, (brands, products) in _RANGE.items()
        for tier, brand in enumerate(brands)
        for number, (product, price) in enumerate(products.items(), start=1)
    ]
    category, brand, product_id, product, cents = zip(*rows, strict=True)
    return Catalogue(category, brand, product_id, product, np.array(cents, dtype=np.int64))
