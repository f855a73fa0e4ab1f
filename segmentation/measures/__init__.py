"""What is measured of customers: recency, frequency, money, features."""
