"""Addresses of registering a company, claiming an enterprise, and checking claims."""

from __future__ import annotations

from django.urls import URLPattern, path

from tidu.registry.views import claims, signing_up

urlpatterns: list[URLPattern] = [
    path("sign-up/", signing_up.register, name="sign-up"),
    path("my-claim/", signing_up.my_claim, name="my-claim"),
    path("my-claim/letter/", signing_up.letter, name="my-claim-letter"),
    path("my-claim/letter/download/", signing_up.own_letter, name="my-claim-letter-download"),
    path("my-claim/letter/template/", signing_up.template, name="my-claim-letter-template"),
    path("my-claim/withdraw/", signing_up.withdraw, name="my-claim-withdraw"),
    path("claims/", claims.claims, name="claims"),
    path("claims/<int:pk>/", claims.claim, name="claim"),
    path("claims/<int:pk>/letter/", claims.letter, name="claim-letter"),
    path("claims/<int:pk>/letter/<int:page>/", claims.letter_page, name="claim-letter-page"),
    path("claims/<int:pk>/accept/", claims.accept, name="claim-accept"),
    path("claims/<int:pk>/refuse/", claims.refuse, name="claim-refuse"),
]
