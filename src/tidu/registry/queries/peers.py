"""What the middle one of an enterprise's peers reaches, from the last run over their place that was stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from tidu.core.typed_values import shown_place
from tidu.policy.assess.assessment import Assessment
from tidu.registry.models import Enterprise, Evaluation


@dataclass(frozen=True, slots=True)
class Peers:
    """The medians of those in a place that hold the same tier, by dimension, and the day that they are of."""

    place: str
    as_of: dt.date
    medians: Mapping[str, tuple[float, int]]

    def share(self, dimension: str) -> float | None:
        """The median of a dimension, if enough enterprises are known."""
        return self.medians[dimension][0] if dimension in self.medians else None

    @property
    def number(self) -> int:
        """Of how many enterprises something is known."""
        return max((number for _, number in self.medians.values()), default=0)


def peers_of(enterprise: Enterprise, assessment: Assessment) -> Peers | None:
    """The peers under the rule of ``assessment``, as it is now; ``None`` where no run was stored. One query."""
    runs = Evaluation.objects.filter(
        place__in=[code for code in (enterprise.city_id, enterprise.district_id) if code],
        pack=assessment.pack.id,
        pack_digest=assessment.pack.digest,
        tier=assessment.tier,
        state=Evaluation.State.DONE,
    )
    run = runs.only("place_id", "as_of", "counts").order_by("-pk").first()
    if run is None:
        return None
    medians = run.counts.get("peers", {}).get(enterprise.tier, {})
    return Peers(shown_place(run.place_id), run.as_of, medians)
