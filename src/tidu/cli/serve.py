"""``tidu serve``: the web site on this machine, with everything it needs made ready first."""

from __future__ import annotations

import errno
import hashlib
import ipaddress
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tidu.cli import demo, options
from tidu.cli.companion import Companion
from tidu.cli.failures import write_json
from tidu.cli.screen import Paragraph, progress, screen
from tidu.cli.site_database import unusable
from tidu.cli.usage import Command
from tidu.policy.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

_THREADS: Final = 4
_MOST_WORKERS: Final = 64
_SECONDS: Final = 60
_STAMP: Final = ".collected"


@click.command(
    "serve",
    cls=Command,
    help="在本机启动网站，显示网址，按 Ctrl+C 停止。数据库和静态文件有变化时先自动更新。"
    "同时办理后台任务，每分钟办理一次定期工作。\n\n"
    "数据放在 TIDU_DATA（默认 ~/.local/share/tidu）。只在本机访问时不用 HTTPS；"
    "--host 写成别的地址时按对外服务处理：要放在 HTTPS 代理之后，并用 TIDU_HOSTS 写明域名。",
)
@click.option(
    "--host", metavar="地址", default="127.0.0.1", help="监听的地址；默认 127.0.0.1，只有本机能访问"
)
@click.option("--port", metavar="端口", type=options.PORT, default=8000, help="监听的端口；默认 8000")
@click.option(
    "--workers",
    metavar="个数",
    type=options.Whole(1, _MOST_WORKERS),
    default=2,
    help="工作进程的个数；默认 2",
)
@click.option(
    "--web-only",
    is_flag=True,
    help="只启动网站；后台任务和定期工作另由 tidu worker、tidu tick 办理",
)
@click.option(
    "--demo",
    "demonstration",
    is_flag=True,
    help="演示：数据库是空的就先载入两市的虚构数据，开放演示账号；只能在本机使用",
)
@click.option("--fresh", is_flag=True, help="与 --demo 合用：先清空演示数据，重新载入")
@options.json_option
def serve(
    *,
    host: str,
    port: int,
    workers: int,
    web_only: bool,
    demonstration: bool,
    fresh: bool,
    as_json: bool,
) -> None:
    """Run ``tidu serve``. Raises :class:`InputError` when the address or the data folder cannot be used."""
    local = _is_local(host)
    if demonstration:
        _check_demonstration(local=local)
    if local:
        os.environ.setdefault(
            "TIDU_HTTPS", "false"
        )  # the safe default of the settings is TLS, which nobody speaks here
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.site.settings")
    _check_address(host, port)
    _prepare()
    demonstration = demo.prepare(wanted=demonstration, fresh=fresh)
    accounts = demo.accounts() if demonstration else None

    def ready() -> None:
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        if as_json:
            write_json({"address": address, "workers": workers, "demonstration": demonstration})
            return
        if accounts is not None:
            screen().print(accounts)
        screen().print(Paragraph(f"网站已启动：{address}　按 Ctrl+C 停止"))
        if not local:
            screen().print(Paragraph("对外服务：请经 HTTPS 代理访问，并用 TIDU_HOSTS 写明域名。", "yellow"))

    companion = None if web_only else Companion()
    _application(host, port, workers, ready, companion).run()


def _check_demonstration(*, local: bool) -> None:
    """Accounts whose password everybody knows are for this machine alone."""
    if not local:
        raise InputError(
            Problem("演示账号的口令是公开的，演示只能在本机使用", remedy="去掉 --demo，或去掉 --host")
        )
    os.environ["TIDU_DEMONSTRATION"] = "true"


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_address(host: str, port: int) -> None:
    """Refuse an address in words before the server refuses it in its log."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(where)
    except (OSError, UnicodeError) as error:
        number = error.errno if isinstance(error, OSError) else None
        if number == errno.EADDRINUSE:
            raise InputError(
                Problem(f"端口 {port} 已被占用", remedy=f"换一个端口，例如 --port {port % 65535 + 1}")
            ) from error
        if number == errno.EACCES:
            raise InputError(Problem(f"没有权限使用端口 {port}", remedy="换一个 1024 以上的端口")) from error
        raise InputError(
            Problem(f"不能在地址“{host}”上监听", remedy="用 127.0.0.1，或本机网卡上的地址")
        ) from error


def _prepare() -> None:
    """Bring the database and the collected static files up to date. Raises :class:`InputError`."""
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import call_command
        from django.db import DatabaseError, connection, connections
        from django.db.migrations.exceptions import InconsistentMigrationHistory
        from django.db.migrations.executor import MigrationExecutor

        from tidu.site.starting import set_up
    except ImportError as error:
        raise InputError(Problem(f"缺少组件 {error.name}", remedy="按说明重新安装 tidu")) from error
    with progress("准备", 2) as steps:
        try:
            set_up()
            steps.step("检查数据库", 0, 2)
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                steps.step("更新数据库", 0, 2)
                call_command("migrate", verbosity=0, interactive=False)
            _seed()
            steps.step("检查静态文件", 1, 2)
            _collect(call_command)
            connections.close_all()  # the workers that are forked next open their own
        except ImproperlyConfigured as error:
            raise InputError(Problem(f"设置有误：{error}", remedy="检查 TIDU_ 开头的环境变量")) from error
        except InconsistentMigrationHistory as error:
            remedy = "演示数据可以删去这个数据库再启动，或用 TIDU_DATA 另指一个空文件夹；正式数据请用原来的版本打开"
            where = connection.settings_dict["NAME"]
            problem = Problem(f"数据库 {where} 是另一版程序建立的，不能接着用", remedy=remedy)
            raise InputError(problem) from error
        except DatabaseError as error:
            raise InputError(unusable(error)) from error


def _seed() -> None:
    """Bring what comes as files into the tables: the program may be newer, or files were put there by hand."""
    from tidu.core.calendar.published import seed_missing_years
    from tidu.core.places.seeding import seed

    seed()
    seed_missing_years()


def _collect(call_command: Callable[..., object]) -> None:
    """Collect static files when any of them changed since the last time; hashing and compressing takes seconds."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    if settings.DEBUG:
        return
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / _STAMP
    if stamp.is_file() and stamp.read_text(encoding="ascii") == digest.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest.hexdigest(), encoding="ascii")


def _application(
    host: str, port: int, workers: int, ready: Callable[[], None], companion: Companion | None
) -> BaseApplication:
    from gunicorn.app.base import BaseApplication

    class _Site(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
        """Gunicorn around the site: threads, so that a slow reader does not hold a process."""

        def load_config(self) -> None:
            chosen = {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "workers": workers,
                "worker_class": "gthread",
                "threads": _THREADS,
                "timeout": _SECONDS,
                "preload_app": True,
                "control_socket_disable": True,  # it would open a socket in the home folder
                "proc_name": "tidu",
                "loglevel": "warning",
                "when_ready": lambda _server: ready(),
                "on_exit": lambda _server: None if companion is None else companion.end(),
            }
            for name, value in chosen.items():
                self.cfg.set(name, value)

        def load(self) -> object:
            from tidu.site.wsgi import application

            return application

    return _Site()
