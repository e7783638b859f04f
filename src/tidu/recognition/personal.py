"""The personal data that recognition keeps, sealed: who an objection is from."""

from __future__ import annotations
