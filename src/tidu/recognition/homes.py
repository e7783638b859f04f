"""What the home pages show of recognition."""

from __future__ import annotations

from tidu.core.roles import ENTERPRISE_ROLES, Role
from tidu.desk.figures import register_figures, register_panels, register_steps
from tidu.desk.queries import keep_events_from
from tidu.recognition.application_homes import application_steps
from tidu.recognition.call_homes import call_figures, closing_panel, running_panel
from tidu.recognition.expert_homes import expert_figures, expert_steps
from tidu.recognition.institution_homes import lookup_panel
from tidu.recognition.life_homes import OFFICERS as TITLE_OFFICERS
from tidu.recognition.life_homes import title_panel, title_steps
from tidu.recognition.objection_homes import objection_figures
from tidu.recognition.queries.avoidance import enterprises_avoided
from tidu.recognition.review_figures import batch_panels, review_figures

# the district's review
register_figures([Role.DISTRICT_OFFICER], review_figures, first=True)
register_panels([Role.DISTRICT_OFFICER], batch_panels, first=True)

# calls
register_figures([Role.CITY_OFFICER, Role.DISTRICT_OFFICER], call_figures)
register_panels([Role.DISTRICT_OFFICER], closing_panel)
register_panels([Role.CITY_OFFICER], running_panel, first=True)

# the experts' review
register_figures([Role.EXPERT], expert_figures)
register_steps([Role.EXPERT], expert_steps)

# banks and service bodies
register_panels([Role.INSTITUTION_OFFICER], lookup_panel)

# the life of titles
register_panels(TITLE_OFFICERS, title_panel)
register_steps(sorted(ENTERPRISE_ROLES), title_steps)

# applications of enterprises
register_steps(sorted(ENTERPRISE_ROLES), application_steps)

# objections to a notice
register_figures([Role.CITY_OFFICER], objection_figures)

# what officers have to avoid
keep_events_from(enterprises_avoided)
