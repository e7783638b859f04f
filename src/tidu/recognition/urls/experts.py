"""Addresses of panels and the experts' review."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.recognition.views import assignments, expert_pool, panel_draw, panels, sheets

urlpatterns: list[URLPattern] = [
    path("experts/", expert_pool.experts, name="experts"),
    path("experts/<int:pk>/", expert_pool.expert, name="expert"),
    path("own-interests/", expert_pool.own_interests, name="own-interests"),
    path("calls/<int:pk>/panels/", panels.panels, name="panels"),
    path("calls/<int:pk>/panels/draw/", panel_draw.draw, name="panel-draw"),
    path("panels/<int:pk>/", panels.panel, name="panel"),
    path("panels/<int:pk>/chair/", panels.chair, name="panel-chair"),
    path("panels/<int:pk>/fill/", panels.fill, name="panel-fill"),
    path("panels/<int:pk>/close/", panels.close, name="panel-close"),
    path("panels/<int:pk>/drawing.json", panel_draw.drawing, name="panel-drawing"),
    path("panels/<int:pk>/summary.pdf", panels.summary, name="panel-summary"),
    path("cases/<int:pk>/opinions/", panels.opinions, name="opinions"),
    path("assignments/", assignments.assignments, name="assignments"),
    path("assignments/<int:pk>/", sheets.assignment, name="assignment"),
    path("assignments/<int:pk>/declare/", assignments.declare, name="assignment-declare"),
    path("assignments/<int:pk>/avoid/", assignments.step_back, name="assignment-avoid"),
    path("assignments/<int:pk>/save/", sheets.save, name="assignment-save"),
    path("assignments/<int:pk>/submit/", sheets.submit, name="assignment-submit"),
    path("assignments/<int:pk>/sheet.pdf", sheets.paper, name="assignment-sheet"),
    path("assignments/<int:pk>/panel/", expert_pool.panel_opinion, name="assignment-panel"),
    path("assignments/<int:pk>/papers/<int:number>/<int:page>/", sheets.page, name="assignment-page"),
    path("assignments/<int:pk>/replace/", panels.replace, name="assignment-replace"),
]
