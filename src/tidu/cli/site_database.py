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
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from tidu.site.starting import set_up

    try:
        set_up()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise InputError(
                Problem("数据库还没有更新到这一版本", remedy="先运行 tidu serve，或 python manage.py migrate")
            )
        yield
    except ImproperlyConfigured as error:
        raise InputError(Problem(f"设置有误：{error}", remedy="检查 TIDU_ 开头的环境变量")) from error
    except DatabaseError as error:
        raise InputError(unusable(error)) from error


def unusable(error: Exception) -> Problem:
    """What is wrong with the database, where it is, and what helps."""
    from django.db import connection

    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    where = connection.settings_dict["NAME"]
    if any(words in said for words in ("no such table", "no such column", "does not exist")):
        remedy = "库里的表不是这一版程序建的：用 TIDU_DATA 或 DATABASE_URL 另指一个空的，或从备份恢复"
    else:
        remedy = "检查 DATABASE_URL，或 TIDU_DATA 的权限和磁盘空间"
    return Problem(f"数据库 {where} 不能使用：{said}", remedy=remedy)
