"""The site's database for commands that work in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tidu.policy.errors import InputError, Problem


@contextmanager
def site_database() -> Iterator[None]:
    """Load the site's settings and let the body use its database.

    Raises :class:`InputError` where the settings are wrong, the database cannot be reached, or it still has to be
    brought up to date: a command that reads or writes half-known tables would only do harm.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.site.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        django.setup()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise InputError(
                Problem("数据库还没有更新到这一版本", remedy="先运行 tidu serve，或 python manage.py migrate")
            )
        yield
    except ImproperlyConfigured as error:
        raise InputError(Problem(f"设置有误：{error}", remedy="检查 TIDU_ 开头的环境变量")) from error
    except DatabaseError as error:
        said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise InputError(
            Problem(f"数据库不能使用：{said}", remedy="检查 DATABASE_URL，或 TIDU_DATA 的权限和磁盘空间")
        ) from error
