"""A shop to try things on: seeded, invented people, orders with the dirt of a real export, and groups hidden in their behaviour."""

from segmentation.demo.shop import LAST_DAY, DemoShop, demo_log, demo_shop

__all__ = ["LAST_DAY", "DemoShop", "demo_log", "demo_shop"]
