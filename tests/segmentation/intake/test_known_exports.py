"""The header rows of the exports of shop, payment, mailing and sales systems, with two invented rows each and the roles they must give."""

# ruff: noqa: E501 - header rows as they stand in the files

from __future__ import annotations

import csv
import io

import numpy as np
import pyarrow as pa
import pytest

from segmentation.intake.columns import MEASURE_BY_NAME
from segmentation.intake.known_exports import KNOWN_EXPORTS
from segmentation.intake.mapping import ColumnMapping, header_words, map_columns, measure_headers
from segmentation.intake.table import Dialect, RawTable

_TEXT_FOR = {
    "email": ("ann@x.example", "bob@x.example"),
    "phone": ("+49 30 1234567", "+44 20 7946 0000"),
    "date": ("2024-01-02 10:00:00", "2024-02-13 11:30:00"),
    "money": ("12.50", "7.25"),
    "number": ("2", "3"),
}
"""What stands in a column, by a word of its header; everything else gets words."""
_WORDS = (
    ("email", ("mail", "email", "email address")),
    ("phone", ("phone", "mobile")),
    ("date", ("date", "created", "created at", "updated", "time", "since", "paid at", "visit", "registration", "sign up", "last active", "last open", "birthday", "birthdate", "created on", "date of birth")),
    ("number", ("quantity", "qty", "orders", "count", "rating", "quantity purchased", "number", "number of associated deals")),
    ("money", ("total", "grand total", "amount", "price", "sales", "revenue", "spend", "spent", "value", "aov", "subtotal", "tax", "fee", "discounts", "average order")),
)  # fmt: skip
_CELLS = {
    "id": ("1001", "1002"),
    "name": ("Ann Bell", "Bob Cole"),
    "time": ("10:00:00", "11:30:05"),
    "zip": ("10115", "01234"),
    "member rating": ("4", "5"),
    "timezone": ("Europe/Berlin", "Europe/London"),
    "time zone": ("Berlin", "London"),
    "country": ("DE", "GB"),
    "status": ("paid", "refunded"),
    "email marketing consent": ("SUBSCRIBED", "NEVER_SUBSCRIBED"),
    "accepts email marketing": ("yes", "no"),
    "email subscription status": ("yes", "no"),
    "email opt out": ("0", "1"),
    "accepts marketing": ("yes", "no"),
    "newsletter": ("1", "0"),
    "social title": ("Mr.", "Mrs."),
    "gender": ("Male", "Female"),
    "number of items": ("2", "3"),
    "order number": ("1001", "1002"),
    "phone number": ("+49 30 1234567", "+44 20 7946 0000"),
    "confirmed email": ("Confirmed", "Not"),
    "leid": ("123", "124"),
    "date shipped": ("2024-01-03", "2024-02-14"),
    "discount code": ("", "SPRING"),
}

EXPORTS = {
    "Shopify orders": (
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,"
        "Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,"
        "Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,"
        "Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,"
        "Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,"
        "Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,"
        "Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID",
        "transactions",
        "customer=Email,order=Name,date=Created at,amount=Total,product=Lineitem name,price=Lineitem price,quantity=Lineitem quantity,"
        "status=Financial Status,city=Billing City,zip=Billing Zip,country=Billing Country,payment=Payment Method,shipping=Shipping Method",
    ),
    "Shopify customers": (
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,Default Address Address2,"
        "Default Address City,Default Address Province Code,Default Address Country Code,Default Address Zip,Default Address Phone,Phone,"
        "Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags",
        "customers",
        "customer=Customer ID,first_name=First Name,last_name=Last Name,email=Email,consent=Accepts Email Marketing,city=Default Address City,"
        "zip=Default Address Zip,country=Default Address Country Code,phone=Phone,amount=Total Spent,frequency_orders=Total Orders",
    ),
    "WooCommerce orders": (
        "Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing),Company (Billing),Address 1&2 (Billing),"
        "City (Billing),State Code (Billing),Postcode (Billing),Country Code (Billing),Email (Billing),Phone (Billing),First Name (Shipping),"
        "Last Name (Shipping),Address 1&2 (Shipping),City (Shipping),State Code (Shipping),Postcode (Shipping),Country Code (Shipping),"
        "Payment Method Title,Cart Discount Amount,Order Subtotal Amount,Shipping Method Title,Order Shipping Amount,Order Refund Amount,"
        "Order Total Amount,Order Total Tax Amount,SKU,Item #,Item Name,Quantity,Item Cost,Coupon Code,Discount Amount",
        "transactions",
        "customer=Email (Billing),order=Order Number,status=Order Status,date=Order Date,first_name=First Name (Billing),city=City (Billing),"
        "zip=Postcode (Billing),country=Country Code (Billing),payment=Payment Method Title,amount=Order Total Amount,quantity=Quantity,product=SKU",
    ),
    "WooCommerce customers": (
        "Name,Username,Last active,Sign up,Email,Orders,Total spend,AOV,Country / Region,City,Region,Postal code",
        "customers",
        "customer=Email,signup_date=Sign up,frequency_orders=Orders,monetary_total=Total spend,order_value_mean=AOV,country=Country / Region,"
        "city=City,zip=Postal code",
    ),
    "Stripe payments": (
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Amount Refunded,Converted Currency,"
        "Decline Reason,Description,Fee,Refunded date (UTC),Statement Descriptor,Status,Seller Message,Taxes On Fee,Card ID,Customer ID,"
        "Customer Description,Customer Email,Invoice ID,Transfer",
        "transactions",
        "customer=Customer ID,order=id,date=Created date (UTC),amount=Amount,status=Status,email=Customer Email",
    ),
    "Stripe customers": (
        "id,Description,Email,Name,Created (UTC),Delinquent,Card ID,Card Last4,Card Brand,Plan,Status,Cancel At Period End,Account Balance,"
        "Currency,Total Spend,Payment Count,Average Order,Refunded Volume,Dispute Losses",
        "customers",
        "customer=id,email=Email,signup_date=Created (UTC),monetary_total=Total Spend,frequency_orders=Payment Count,order_value_mean=Average Order",
    ),
    "Klaviyo profiles": (
        "Email,Klaviyo ID,First Name,Last Name,Phone Number,Address,Address 2,City,State / Region,Country,Zip Code,IP Address,Organization,Title,"
        "Last Open,Last Click,Initial Source,Last Active,Profile Created On,Date Added,Email Marketing Consent,"
        "Historic Customer Lifetime Value,Historic Number Of Orders,Average Order Value",
        "customers",
        "customer=Klaviyo ID,email=Email,first_name=First Name,phone=Phone Number,city=City,region=State / Region,country=Country,zip=Zip Code,"
        "signup_date=Profile Created On,consent=Email Marketing Consent,monetary_total=Historic Customer Lifetime Value,"
        "frequency_orders=Historic Number Of Orders,order_value_mean=Average Order Value",
    ),
    "Mailchimp audience": (
        "Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,"
        "LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS",
        "customers",
        "customer=Email Address,first_name=First Name,last_name=Last Name,phone=Phone Number,rating=MEMBER_RATING,signup_date=OPTIN_TIME,region=REGION",
    ),
    "HubSpot contacts": (
        "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Last Activity Date,Lead Status,Marketing contact status,Create Date,"
        "Lifecycle Stage,Country/Region,City,Postal Code,Total Revenue,Number of Associated Deals,Recent Deal Close Date,Became a Customer Date",
        "customers",
        "customer=Record ID,first_name=First Name,email=Email,phone=Phone Number,country=Country/Region,city=City,zip=Postal Code,"
        "amount=Total Revenue,frequency_orders=Number of Associated Deals,last_order=Recent Deal Close Date,signup_date=Became a Customer Date",
    ),
    "Salesforce contacts": (
        "Contact ID,Salutation,First Name,Last Name,Title,Account Name,Mailing Street,Mailing City,Mailing State/Province,"
        "Mailing Zip/Postal Code,Mailing Country,Phone,Mobile,Email,Birthdate,Account Owner,Lead Source,Created Date,Email Opt Out",
        "customers",
        "customer=Contact ID,first_name=First Name,last_name=Last Name,city=Mailing City,country=Mailing Country,zip=Mailing Zip/Postal Code,"
        "email=Email,birth_date=Birthdate,signup_date=Created Date,phone=Phone",
    ),
    "Salesforce by its interface": (
        "Id,AccountId,LastName,FirstName,Salutation,MailingStreet,MailingCity,MailingState,MailingPostalCode,MailingCountry,Phone,MobilePhone,"
        "Email,Title,LeadSource,Birthdate,CreatedDate",
        "customers",
        "last_name=LastName,first_name=FirstName,city=MailingCity,country=MailingCountry,email=Email,birth_date=Birthdate,signup_date=CreatedDate",
    ),
    "Salesforce opportunities": (
        "Opportunity Owner,Account Name,Opportunity Name,Stage,Fiscal Period,Amount,Probability (%),Age,Close Date,Created Date,Next Step,"
        "Lead Source,Type",
        "transactions",
        "customer=Account Name,order=Opportunity Name,date=Close Date,amount=Amount,status=Stage",
    ),
    "Magento orders": (
        "ID,Purchase Point,Purchase Date,Bill-to Name,Ship-to Name,Grand Total (Base),Grand Total (Purchased),Status,Billing Address,"
        "Shipping Address,Shipping Information,Customer Email,Customer Group,Subtotal,Shipping and Handling,Customer Name,Payment Method,Total Refunded",
        "transactions",
        "customer=Customer Email,order=ID,date=Purchase Date,amount=Grand Total (Base),status=Status,payment=Payment Method",
    ),
    "Magento customers": (
        "ID,Name,Email,Group,Phone,ZIP,Country,State/Province,Customer Since,Web Site,Confirmed email,Account Created in,Date of Birth,Gender",
        "customers",
        "customer=ID,email=Email,phone=Phone,zip=ZIP,country=Country,signup_date=Customer Since,birth_date=Date of Birth,gender=Gender",
    ),
    "PrestaShop orders": (
        "ID,Reference,New client,Delivery,Customer,Total,Payment,Status,Date",
        "transactions",
        "customer=Customer,order=Reference,date=Date,amount=Total,payment=Payment,status=Status",
    ),
    "PrestaShop customers": (
        "ID,Social title,First name,Last name,Email address,Sales,Enabled,Newsletter,Partner offers,Registration,Last visit",
        "customers",
        "customer=ID,gender=Social title,first_name=First name,email=Email address,amount=Sales,signup_date=Registration",
    ),
    "Square sales": (
        "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Payment ID,"
        "Device Name,Notes,Event Type,Location,Customer ID,Customer Name",
        "transactions",
        "customer=Customer ID,order=Transaction ID,date=Date,time=Time,amount=Net Sales,product=Item,quantity=Qty,category=Category",
    ),
    "Square customers": (
        "Reference ID,First Name,Last Name,Email Address,Phone Number,Nickname,Company Name,City,State,Postal Code,Memo,Square Customer ID,"
        "Creation Source,First Visit,Last Visit,Transaction Count,Lifetime Spend,Email Subscription Status",
        "customers",
        "customer=Square Customer ID,email=Email Address,last_order=Last Visit,signup_date=First Visit,frequency_orders=Transaction Count,"
        "consent=Email Subscription Status",
    ),
    "Amazon orders": (
        "order-id,order-item-id,purchase-date,payments-date,buyer-email,buyer-name,buyer-phone-number,sku,product-name,quantity-purchased,currency,"
        "item-price,item-tax,shipping-price,ship-service-level,recipient-name,ship-city,ship-state,ship-postal-code,ship-country",
        "transactions",
        "customer=buyer-email,order=order-id,date=purchase-date,amount=item-price,quantity=quantity-purchased,product=sku,city=ship-city,"
        "country=ship-country,zip=ship-postal-code",
    ),
    "Etsy orders": (
        "Sale Date,Order ID,Buyer User ID,Full Name,First Name,Last Name,Number of Items,Payment Method,Date Shipped,Street 1,Ship City,Ship State,"
        "Ship Zipcode,Ship Country,Currency,Order Value,Coupon Code,Discount Amount,Shipping,Order Total,Status",
        "transactions",
        "customer=Buyer User ID,order=Order ID,date=Sale Date,amount=Order Value,quantity=Number of Items,payment=Payment Method,city=Ship City",
    ),
}  # fmt: skip


def _cells(header: str) -> tuple[str, str]:
    words = header_words(header)
    if words in _CELLS:
        return _CELLS[words]
    for kind, endings in _WORDS:
        if any(words == ending or words.endswith(f" {ending}") or words.startswith(f"{ending} ") for ending in endings):
            return _TEXT_FOR[kind]
    for word in ("status", "country", "zip", "postal code", "postcode"):
        if word in words:
            return _CELLS.get(word, _CELLS["zip"])
    return f"{words} one", f"{words} two"


def _table(headers: str) -> RawTable:
    """Return three rows; the customer of the first two is the same."""
    names = next(csv.reader(io.StringIO(headers)))
    rows = [[_cells(name)[0] for name in names], [_cells(name)[0] for name in names], [_cells(name)[1] for name in names]]
    for place, name in enumerate(names):
        if header_words(name) in ("id", "record id", "klaviyo id", "square customer id", "customer id") and "Lineitem name" not in names:
            rows[1][place] = "1003" if header_words(name) != "customer id" or "Tax Exempt" in names else rows[0][place]
    unique = [f"{name} ({place})" if names.index(name) != place else name for place, name in enumerate(names)]
    columns = [pa.array([row[place] for row in rows], pa.string()).dictionary_encode() for place in range(len(names))]
    return RawTable(pa.table(columns, names=unique), np.arange(3, dtype=np.int64) + 2, Dialect("utf-8", ","))


def _played(raw: RawTable, mapping: ColumnMapping) -> dict[str, str]:
    return {**measure_headers(raw, set(mapping.roles.values())), **mapping.roles}


@pytest.mark.parametrize("name", EXPORTS)
def test_the_columns_of_an_export_have_the_roles_that_its_maker_means(name: str) -> None:
    headers, _, expected = EXPORTS[name]
    raw = _table(headers)
    wanted = dict(pair.split("=") for pair in expected.split(","))
    played = _played(raw, map_columns(raw))
    assert {role: played.get(role) for role in wanted} == wanted


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_a_log_or_a_list(name: str) -> None:
    headers, kind, _ = EXPORTS[name]
    assert map_columns(_table(headers)).kind == kind


@pytest.mark.parametrize("name", EXPORTS)
def test_a_measure_is_no_role_twice(name: str) -> None:
    raw = _table(EXPORTS[name][0])
    played = _played(raw, map_columns(raw))
    doubled = [header for header in played.values() if list(played.values()).count(header) > 1]
    assert set(doubled) <= {played.get("customer")}


def test_every_known_export_is_named_by_one_of_these_files() -> None:
    said = set()
    for headers, _, _ in EXPORTS.values():
        raw = _table(headers)
        said |= {finding.message for finding in map_columns(raw).findings if finding.code == "known_export"}
    missing = {known.name for known in KNOWN_EXPORTS} - {message.split("looks like ")[1].split(";")[0] for message in said}
    assert not missing
    assert set(MEASURE_BY_NAME) >= {"frequency_orders", "monetary_total"}


def test_a_persons_choice_wins_over_the_maker() -> None:
    raw = _table(EXPORTS["Shopify orders"][0])
    mapping = map_columns(raw, {"amount": "Subtotal", "product": ""}, "Billing Name")
    assert (mapping.header("amount"), mapping.header("customer"), mapping.header("product")) == ("Subtotal", "Billing Name", None)
