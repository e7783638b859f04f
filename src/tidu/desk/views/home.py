"""The home page of whoever is signed in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from tidu.core.requests import ActorRequest


def show(request: ActorRequest) -> HttpResponse:
    """What there is to do."""
    return render(request, "desk/home.html")
