"""Enterprises, what is known about them, and how it came to be known."""

from tidu.registry.models.claims import Claim, ClaimState
from tidu.registry.models.confirmations import ConfirmationItem, ConfirmationList
from tidu.registry.models.enterprises import ClusterTag, Contact, Enterprise, EnterpriseStatus
from tidu.registry.models.evaluations import Evaluation, EvaluationResult
from tidu.registry.models.facts import Evidence, Fact, Source
from tidu.registry.models.imports import DuplicateProposal, Import, ImportRow
from tidu.registry.models.particulars import Certificate, IntellectualProperty, Platform, Product
from tidu.registry.models.searches import SavedFilter
from tidu.registry.models.standing import Incident, Title
from tidu.registry.models.typed_texts import TypedText

__all__ = [
    "Certificate",
    "Claim",
    "ClaimState",
    "ClusterTag",
    "ConfirmationItem",
    "ConfirmationList",
    "Contact",
    "DuplicateProposal",
    "Enterprise",
    "EnterpriseStatus",
    "Evaluation",
    "EvaluationResult",
    "Evidence",
    "Fact",
    "Import",
    "ImportRow",
    "Incident",
    "IntellectualProperty",
    "Platform",
    "Product",
    "SavedFilter",
    "Source",
    "Title",
    "TypedText",
]
