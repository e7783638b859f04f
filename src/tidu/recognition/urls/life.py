"""Addresses of the life of a title."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.recognition.views import (
    campaigns,
    cancellation_acts,
    cancellations,
    changes,
    recommendations,
    titles,
)

urlpatterns: list[URLPattern] = [
    path("titles/", titles.titles, name="titles"),
    path("titles/export/<str:form>/", titles.export, name="titles-export"),
    path("titles/<int:pk>/", titles.title, name="title"),
    path("titles/<int:pk>/changes/new/", changes.new, name="change-new"),
    path("own/titles/", titles.own, name="own-titles"),
    path("changes/", changes.changes, name="changes"),
    path("changes/<int:pk>/", changes.change, name="change"),
    path("changes/<int:pk>/opinion/", changes.opinion, name="change-opinion"),
    path("changes/<int:pk>/decide/", changes.decide, name="change-decide"),
    path("changes/<int:pk>/withdraw/", changes.withdraw, name="change-withdraw"),
    path("changes/<int:pk>/document/", changes.document, name="change-document"),
    path("changes/<int:pk>/papers/<int:number>/", changes.paper, name="change-paper"),
    path("re-reviews/", campaigns.campaigns, name="campaigns"),
    path("re-reviews/new/", campaigns.new, name="campaign-new"),
    path("re-reviews/<int:pk>/", campaigns.campaign, name="campaign"),
    path("re-reviews/<int:pk>/send/", campaigns.send, name="campaign-send"),
    path("re-reviews/<int:pk>/approve/", campaigns.approve, name="campaign-approve"),
    path("re-reviews/<int:pk>/extend/", campaigns.extend, name="campaign-extend"),
    path("re-reviews/<int:pk>/return/", campaigns.give_back, name="campaign-return"),
    path("re-reviews/<int:pk>/discard/", campaigns.discard, name="campaign-discard"),
    path("re-reviews/<int:pk>/titles/<int:title>/leave-out/", campaigns.leave, name="campaign-leave-out"),
    path("re-reviews/<int:pk>/document/", campaigns.document, name="campaign-document"),
    path("cancellations/", cancellations.cancellations, name="cancellations"),
    path("cancellations/new/", cancellations.new, name="cancellation-new"),
    path("cancellations/<int:pk>/", cancellations.cancellation, name="cancellation"),
    path("cancellations/<int:pk>/evidence/", cancellation_acts.evidence, name="cancellation-evidence"),
    path("cancellations/<int:pk>/draft/", cancellation_acts.draft, name="cancellation-draft"),
    path("cancellations/<int:pk>/notify/", cancellation_acts.notify, name="cancellation-notify"),
    path("cancellations/<int:pk>/reply/", cancellation_acts.state_reply, name="cancellation-reply"),
    path(
        "cancellations/<int:pk>/reply/withdraw/",
        cancellation_acts.take_reply_back,
        name="cancellation-reply-withdraw",
    ),
    path("cancellations/<int:pk>/propose/", cancellation_acts.put_proposal, name="cancellation-propose"),
    path("cancellations/<int:pk>/confirm/", cancellation_acts.confirm_proposal, name="cancellation-confirm"),
    path("cancellations/<int:pk>/return/", cancellation_acts.give_back, name="cancellation-return"),
    path("cancellations/<int:pk>/papers/<str:which>/", cancellations.paper, name="cancellation-paper"),
    path("cancellations/<int:pk>/files/<uuid:key>/", cancellations.file, name="cancellation-file"),
    path("recommendations/", recommendations.recommendations, name="recommendations"),
    path("recommendations/new/", recommendations.new, name="recommendation-new"),
    path("recommendations/<int:pk>/", recommendations.recommendation, name="recommendation"),
    path("recommendations/<int:pk>/xlsx/", recommendations.sheet, name="recommendation-xlsx"),
    path("recommendations/<int:pk>/draft/", recommendations.draft, name="recommendation-draft"),
    path("recommendations/<int:pk>/issue/", recommendations.issue, name="recommendation-issue"),
    path(
        "recommendations/<int:pk>/document/<str:form>/",
        recommendations.document,
        name="recommendation-document",
    ),
]
