"""Rendering a piece of template, for tests of components."""

from __future__ import annotations

from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler


def shown(source: str, path: str = "/", **values: object) -> str:
    """``source`` with its components, as a page at ``path`` would show it to a visitor."""
    request = RequestFactory().get(path)
    template = Template(CottonCompiler().process(source))
    context: Context = RequestContext(request, values)
    return template.render(context)
