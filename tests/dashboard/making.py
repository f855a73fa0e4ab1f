"""Settings and small files to try the service with."""

from __future__ import annotations

import random
from pathlib import Path

from dashboard.settings import Settings


def settings_for(folder: Path, address: str | None = None) -> Settings:
    """Return settings that take nothing from the environment of the tests."""
    values = {"CLIENTELE_DATA_DIR": folder, "DATABASE_URL": address, "CLIENTELE_JOB_LEASE_S": 60}
    return Settings(**{name: value for name, value in values.items() if value is not None})


def small_log(customers: int = 60, seed: int = 1) -> str:
    """A log of three sorts of customers, with a few rows that will not be kept and cells that are easily changed by accident."""
    draw = random.Random(seed)
    lines = ["Order,Date,Customer,Product,Quantity,Unit price,Country,Points"]
    for number in range(customers):
        sort = number % 3
        for order in range((1, 4, 9)[sort]):
            day = f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
            price = f"{draw.randint(100, 900) * (sort + 1) / 100:.2f}"
            country = ("France", "Côte d'Ivoire", "007")[number % 3]
            for product in range(draw.randint(1, 3)):
                quantity = draw.randint(1, 5 * (sort + 1))
                lines.append(f"{number}-{order},{day},{number:04},p{product},{quantity},{price},{country},{number * 1.5:g}")
    lines += ["x-1,2024-01-01,,p1,1,2.00,France,", "x-2,2024-01-01,0001,p1,0,2.00,France,1.5", "x-3,not a day,0001,p1,1,2.00,France,1.5"]
    return "\n".join(lines) + "\n"


def small_list(customers: int = 60) -> str:
    """A list with gaps, numbers in several spellings and codes with leading zeros."""
    rows = ["ID;Age;Spend;Income;Zip;City;Level"]
    for number in range(customers):
        income = "" if number % 10 == 3 else f"{20_000 + number * 731},50"
        spend = f"{(number % 3) * 1000 + number}"
        rows.append(f"c{number:03};{20 + number % 40};{spend};{income};{number:05};Town {number % 4};{number % 5}.{number % 2}")
    return "\n".join(rows) + "\n"
