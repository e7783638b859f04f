"""One self-check: a visitor's draft held against one tier of one policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from tidu.core.tier_questions import Form, form_of
from tidu.policy.assess.assessment import Assessment, assess
from tidu.policy.documents.library import Library
from tidu.policy.documents.pack import Pack
from tidu.policy.vocabulary.vocabulary import Vocabulary
from tidu.portal.self_check_answers import Answers, answers_of, in_view
from tidu.portal.self_check_draft import Draft
from tidu.portal.self_check_questions import FormView, form_view


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """A tier, the readings chosen for it, the draft and what it says."""

    pack: Pack
    tier: str
    settings: Mapping[str, str]
    draft: Draft
    answers: Answers
    vocabulary: Vocabulary

    @classmethod
    def of(cls, library: Library, pack: Pack, tier: str, draft: Draft) -> SelfCheck:
        """Read ``draft`` for a tier, today where the visitor named no other day."""
        vocabulary = in_view(library)
        answers = answers_of(draft, vocabulary, today=timezone.localdate())
        return cls(pack, tier, draft.chosen(library, pack.id), draft, answers, vocabulary)

    @property
    def form(self) -> Form:
        """The questions of the tier."""
        return form_of(self.pack, self.tier, self.settings)

    def view(self) -> FormView:
        """The form with the answers in it."""
        return form_view(self.form, self.draft, self.answers, self.vocabulary)

    def assess(self) -> Assessment:
        """The verdict on what has been said so far. Raises :class:`~tidu.policy.errors.InputError`."""
        return assess(
            self.pack,
            self.answers.facts,
            tier=self.tier,
            as_of=self.answers.as_of,
            base_year=self.answers.base_year,
            settings=self.settings,
        )

    def address(self, page: str = "self-check-form") -> str:
        """The address of one of the pages of this self-check."""
        return reverse(f"portal:{page}", args=[self.pack.id, self.tier])
