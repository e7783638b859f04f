"""Addresses of the district's review."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.recognition.views import district_list, district_review, district_tables

urlpatterns: list[URLPattern] = [
    path("reviews/", district_list.reviews, name="reviews"),
    path("reviews/act/", district_list.act, name="reviews-act"),
    path("reviews/recommend/", district_list.recommend_many, name="reviews-recommend"),
    path("reviews/tables/", district_tables.tables, name="recommendation-tables"),
    path(
        "reviews/tables/<int:call>/<str:district>/",
        district_tables.table,
        name="recommendation-table",
    ),
    path(
        "reviews/tables/<int:call>/<str:district>/workbook/",
        district_tables.table_workbook,
        name="recommendation-table-workbook",
    ),
    path(
        "reviews/tables/<int:call>/<str:district>/draft/",
        district_tables.draft,
        name="recommendation-table-draft",
    ),
    path("reviews/tables/issue/<int:pk>/", district_tables.issue, name="recommendation-table-issue"),
    path(
        "reviews/tables/document/<int:pk>.<str:form>",
        district_tables.document,
        name="recommendation-table-document",
    ),
    path("reviews/<int:pk>/", district_review.review, name="review"),
    path(
        "reviews/<int:pk>/papers/<int:number>/<int:page>/",
        district_review.paper_page,
        name="review-paper",
    ),
    path("reviews/<int:pk>/finding/", district_review.finding, name="review-finding"),
    path("reviews/<int:pk>/accept/", district_review.accept, name="review-accept"),
    path("reviews/<int:pk>/ask/", district_review.ask, name="review-ask"),
    path("reviews/<int:pk>/return/", district_review.return_, name="review-return"),
    path("reviews/<int:pk>/recommend/", district_review.recommend_one, name="review-recommend"),
    path("reviews/<int:pk>/refuse/", district_review.refuse, name="review-refuse"),
]
