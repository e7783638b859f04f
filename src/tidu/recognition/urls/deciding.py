"""Addresses of the city's table, its proposals, notices and recognition."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.recognition.views import consolidated, notices, proposals, recognising

urlpatterns: list[URLPattern] = [
    path("calls/<int:pk>/applications/", consolidated.consolidated, name="consolidated"),
    path("calls/<int:pk>/applications/<str:form>/", consolidated.export, name="consolidated-export"),
    path("calls/<int:pk>/proposals/new/", proposals.new, name="proposal-new"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/save/", proposals.save, name="proposal-save"),
    path("proposals/<int:pk>/arrived/", proposals.arrived, name="proposal-arrived"),
    path("proposals/<int:pk>/material/", proposals.material, name="proposal-material"),
    path("proposals/<int:pk>/document/<str:form>/", proposals.document, name="proposal-document"),
    path("proposals/<int:pk>/propose/", proposals.propose_list, name="proposal-propose"),
    path("proposals/<int:pk>/confirm/", proposals.confirm, name="proposal-confirm"),
    path("proposals/<int:pk>/return/", proposals.send_back, name="proposal-return"),
    path("proposals/<int:pk>/drop/", proposals.drop, name="proposal-drop"),
    path("proposals/<int:pk>/clear/", proposals.clear, name="proposal-clear"),
    path("proposals/<int:pk>/minutes/", proposals.minutes, name="proposal-minutes"),
    path("proposals/<int:pk>/publish/", notices.publish, name="notice-publish"),
    path("notices/<int:pk>/recall/", notices.recall, name="notice-recall"),
    path("notices/<int:pk>/document/<str:form>/", notices.document, name="notice-letter"),
    path("calls/<int:pk>/recognise/", recognising.recognise, name="recognise"),
    path("recognitions/<int:pk>/issue/", recognising.issue, name="recognition-issue"),
    path("recognitions/<int:pk>/drop/", recognising.drop, name="recognition-drop"),
    path("recognitions/<int:pk>/document/<str:form>/", recognising.document, name="recognition-document"),
    path("recognitions/<int:pk>/plaques/", recognising.plaques, name="recognition-plaques"),
    path("applications/<int:pk>/result/", recognising.result_letter, name="result-letter"),
]
