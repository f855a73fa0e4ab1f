"""The exports of shop, payment, mailing and sales systems: told by their headers, read as their makers mean them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class KnownExport:
    """One kind of file of one system.

    Attributes
    ----------
    name : str
        What it is, for a sentence.
    signature : frozenset of str
        Headers (as :func:`~segmentation.intake.mapping.header_words` leaves them) that together only this file has.
    roles : tuple of (str, str)
        Role and header where the general rules would err; an empty header: nothing plays this role.
    """

    name: str
    signature: frozenset[str]
    roles: tuple[tuple[str, str], ...]


def _export(name: str, signature: str, roles: str) -> KnownExport:
    pairs = [part.split("=") for part in roles.split(",")]
    return KnownExport(
        name, frozenset(part.strip() for part in signature.split(",")), tuple((role.strip(), header.strip()) for role, header in pairs)
    )


KNOWN_EXPORTS: tuple[KnownExport, ...] = (
    _export(
        "the orders of Shopify",
        "name, financial status, lineitem name, lineitem quantity",
        "customer=email, order=name, date=created at, amount=total, product=lineitem name, price=lineitem price, shipping=shipping method, "
        "status=financial status, payment=payment method, channel=source, brand=vendor, consent=accepts marketing, phone=phone",
    ),
    _export(
        "the customers of Shopify",
        "accepts email marketing, default address zip, total spent",
        "customer=customer id, phone=phone, consent=accepts email marketing",
    ),
    _export(
        "the customers of WooCommerce",
        "sign up, last active, total spend, aov",
        "customer=email, signup_date=sign up, country=country region",
    ),
    _export(
        "the payments of Stripe",
        "id, created date, amount refunded, customer email, status",
        "customer=customer id, order=id, date=created date, amount=amount, product=, payment=payment source type, phone=customer phone",
    ),
    _export(
        "the payments of Stripe",
        "id, created, amount refunded, customer email, status",
        "customer=customer id, order=id, date=created, amount=amount, product=, payment=payment source type, phone=customer phone",
    ),
    _export("the customers of Stripe", "id, email, created, delinquent", "customer=id, signup_date=created, date=, product=, status="),
    _export(
        "the profiles of Klaviyo",
        "email, klaviyo id",
        "customer=klaviyo id, consent=email marketing consent, signup_date=profile created on",
    ),
    _export(
        "the audience of Mailchimp",
        "email address, leid, euid",
        "customer=email address, signup_date=optin time, country=cc, rating=member rating",
    ),
    _export(
        "the contacts of HubSpot",
        "record id, lifecycle stage",
        "customer=record id, amount=total revenue, country=country region, date=, status=",
    ),
    _export(
        "the contacts of HubSpot",
        "record id, contact owner",
        "customer=record id, amount=total revenue, country=country region, date=, status=",
    ),
    _export(
        "the opportunities of Salesforce",
        "opportunity name, account name, stage, close date",
        "customer=account name, order=opportunity name, date=close date, amount=amount, status=stage",
    ),
    _export(
        "the contacts of Salesforce",
        "mailing city, mailing country, last name, email",
        "signup_date=created date, date=, country=mailing country, region=mailing state province, city=mailing city, "
        "zip=mailing zip postal code, order=, channel=",
    ),
    _export(
        "the orders of Magento",
        "id, purchase point, purchase date, customer email",
        "customer=customer email, order=id, date=purchase date, amount=grand total, payment=payment method, shipping=shipping information, "
        "channel=purchase point",
    ),
    _export("the customers of Magento", "id, name, email, group, customer since", "customer=id, signup_date=customer since, channel="),
    _export(
        "the orders of PrestaShop",
        "id, reference, new client, customer, payment",
        "customer=customer, order=reference, date=date, amount=total, shipping=",
    ),
    _export(
        "the customers of PrestaShop",
        "id, social title, first name, newsletter, registration",
        "customer=id, gender=social title, amount=sales, signup_date=registration, consent=newsletter",
    ),
    _export(
        "the sales of Square",
        "date, time, gross sales, net sales, transaction id",
        "customer=customer id, order=transaction id, date=date, time=time, amount=net sales, status=event type, category=category, "
        "channel=location, quantity=qty, product=item, region=, payment=card brand",
    ),
    _export(
        "the customers of Square",
        "square customer id, transaction count",
        "customer=square customer id, last_order=last visit, amount=lifetime spend, signup_date=first visit, order=, "
        "consent=email subscription status",
    ),
    _export(
        "the orders of Amazon",
        "order id, order item id, purchase date, buyer email",
        "customer=buyer email, order=order id, date=purchase date, amount=item price, price=, product=sku, shipping=ship service level, "
        "phone=buyer phone number",
    ),
    _export(
        "the orders of Amazon",
        "amazon order id, purchase date, order status, item price",
        "order=amazon order id, date=purchase date, amount=item price, price=, product=sku, shipping=ship service level",
    ),
    _export(
        "the orders of Etsy",
        "sale date, order id, buyer user id, order value",
        "customer=buyer user id, order=order id, date=sale date, amount=order value, payment=payment method, "
        "city=ship city, country=ship country",
    ),
)
"""More telling signatures first."""


def find_known_export(words: Collection[str]) -> KnownExport | None:
    """Return the export whose headers a file has.

    Parameters
    ----------
    words : collection of str
        The headers of the file as words.

    Returns
    -------
    KnownExport or None
    """
    return next((export for export in KNOWN_EXPORTS if export.signature <= set(words)), None)
