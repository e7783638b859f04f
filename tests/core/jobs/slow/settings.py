"""The site with the slow work of tests."""

from tidu.site.settings import *  # noqa: F403
from tidu.site.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.core.jobs.slow"]
