"""Certificates: their numbers, the codes by which anybody checks them, and what is printed on them."""
