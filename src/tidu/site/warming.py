"""What the first visitors would otherwise wait for, all at once, is made before anybody comes."""

from __future__ import annotations

import gc
from contextlib import suppress
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse

from tidu.core.readings import syllables
from tidu.policy.errors import InputError
from tidu.registry.vocabulary import vocabulary_in_view


def warm() -> None:
    """Read addresses, packs, the components of pages and the dictionary of readings: forked processes share them.

    What is there by then stays to the end, so that no collection of garbage looks at it again.
    """
    reverse(settings.LOGIN_URL)
    with suppress(InputError):  # the pages that need a pack say what is wrong with it
        vocabulary_in_view()
    templates = Path(apps.get_app_config("core").path) / "templates"
    for path in sorted(templates.rglob("*.html")):
        get_template(str(path.relative_to(templates)))
    syllables("梯度")
    gc.collect()
    gc.freeze()
