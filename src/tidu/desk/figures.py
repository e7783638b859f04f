"""What applications put on the home pages: figures, next steps, and cards of their own.

Each is a provider registered for roles in ``AppConfig.ready``; it is called with the actor and answers in a constant
number of queries. ``None`` among the roles stands for somebody who has no role yet::

    register_figures([Role.DISTRICT_OFFICER], enterprise_figures)       # Actor -> Sequence[Kpi]
    register_steps([Role.ENTERPRISE_MANAGER], profile_steps)            # Actor -> Sequence[NextStep]
    register_panels([Role.SYSTEM_ADMINISTRATOR], job_panel)             # Actor -> Sequence[Panel]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tidu.core.actor import Actor
from tidu.core.roles import Role
from tidu.core.workspace import Kpi, Progress


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing that would help; those with a small ``order`` come first. ``progress`` is shown as a bar."""

    title: str
    url: str
    verb: str
    note: str = ""
    icon: str = "arrow-right"
    progress: Progress | None = None
    done: bool = False
    order: int = 50


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One line of a card: words, a remark at the right, and a state (a key of ``components.STATES``) with its word."""

    text: str
    note: str = ""
    url: str = ""
    state: str = ""
    word: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A card at the side of a home page: bars, lines, or the sentence that there is nothing."""

    id: str
    title: str
    cap: str = ""
    rows: tuple[PanelRow, ...] = ()
    bars: tuple[Progress, ...] = ()
    empty: str = ""
    empty_note: str = ""
    url: str = ""
    link: str = ""
    icon: str = "inbox"


Figures = Callable[[Actor], Sequence[Kpi]]
Steps = Callable[[Actor], Sequence[NextStep]]
Panels = Callable[[Actor], Sequence[Panel]]
Roles = Iterable[Role | None]

_figures: dict[Role | None, list[Figures]] = {}
_steps: dict[Role | None, list[Steps]] = {}
_panels: dict[Role | None, list[Panels]] = {}
_brand_lines: list[Callable[[Actor], str]] = []


def register_figures(roles: Roles, provider: Figures, *, first: bool = False) -> None:
    """Let ``provider`` add figures to the strip of these roles; ``first`` puts them before those of others."""
    for role in roles:
        providers = _figures.setdefault(role, [])
        providers.insert(0 if first else len(providers), provider)


def register_steps(roles: Roles, provider: Steps) -> None:
    """Let ``provider`` add next steps for these roles."""
    for role in roles:
        _steps.setdefault(role, []).append(provider)


def register_panels(roles: Roles, provider: Panels, *, first: bool = False) -> None:
    """Let ``provider`` add cards for these roles; ``first`` puts them above those of others."""
    for role in roles:
        providers = _panels.setdefault(role, [])
        providers.insert(0 if first else len(providers), provider)


def register_brand_line(provider: Callable[[Actor], str]) -> None:
    """Let ``provider`` say what stands below an enterprise's name in the header: its place and its code."""
    _brand_lines[:] = [provider]


def brand_line_for(actor: Actor) -> str:
    """The line below the name, or an empty text."""
    return _brand_lines[0](actor) if _brand_lines else ""


def figures_for(actor: Actor) -> list[Kpi]:
    """The figures that applications have for the actor, in the order of their registration."""
    return [kpi for provider in _figures.get(actor.role, []) for kpi in provider(actor)]


def steps_for(actor: Actor) -> list[NextStep]:
    """What the actor should do next; what is done comes last."""
    steps = [step for provider in _steps.get(actor.role, []) for step in provider(actor)]
    return sorted(steps, key=lambda step: (step.done, step.order))


def panels_for(actor: Actor) -> list[Panel]:
    """The cards that applications have for the actor."""
    return [panel for provider in _panels.get(actor.role, []) for panel in provider(actor)]
