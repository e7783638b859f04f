"""``tidu keys list``, ``add``, ``rotate`` and ``drop``. No command ever prints a key that is in use."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from tidu.cli import options
from tidu.cli.failures import write_json
from tidu.cli.screen import Paragraph, progress, screen, verdict, whole
from tidu.cli.site_database import site_database
from tidu.cli.usage import Command
from tidu.core.crypto.key_ring import Keys, fresh_key, is_name, next_name, read_keys, write_keys
from tidu.policy.errors import InputError, Problem


@click.command(
    "list", cls=Command, help="列出密钥的名称，最新的在前，以及各自加密着多少项内容。不显示密钥本身。"
)
@options.json_option
def list_keys(*, as_json: bool) -> None:
    """Run ``tidu keys list``."""
    with site_database():
        from django.conf import settings

        from tidu.core.crypto.rotation import texts_by_key
        from tidu.core.crypto.sealing import key_names

        counts, known = texts_by_key(), key_names()
        file: Path | None = settings.FIELD_KEY_FILE
    lost = sorted(set(counts) - set(known))
    if as_json:
        write_json(
            {
                "source": "TIDU_FIELD_KEYS" if file is None else str(file),
                "keys": [
                    {"name": name, "newest": place == 0, "texts": counts[name]}
                    for place, name in enumerate(known)
                ],
                "missing": [{"name": name, "texts": counts[name]} for name in lost],
            }
        )
        return
    out = screen()
    out.print(Paragraph(f"来源　{'环境变量 TIDU_FIELD_KEYS' if file is None else file}"))
    for place, name in enumerate(known):
        now = "　现用于加密" if place == 0 else ""
        out.print(Paragraph(f"{name}　{counts[name]} 项{now}"))
    for name in lost:
        out.print(verdict(False, f"{name}　{counts[name]} 项：没有这个密钥，这些内容无法读取。请找回密钥。"))


@click.command(
    "add",
    cls=Command,
    help="新增一个密钥，放在最前，此后用它加密；旧密钥仍能读取。\n\n"
    "密钥在数据文件夹里时直接写入，正在运行的网站随即认得；在环境变量 TIDU_FIELD_KEYS 里时，"
    "显示应写入的一项，由管理员加在最前并重新启动。",
)
@click.option("--name", metavar="名称", help="小写字母、数字和短横线；默认 k2、k3 ……")
@options.json_option
def add(*, name: str | None, as_json: bool) -> None:
    """Run ``tidu keys add``."""
    with site_database():
        from django.conf import settings

        from tidu.core.actor import SYSTEM
        from tidu.core.audit.recording import record

        keys = _present()
        name = name or next_name(keys)
        if not is_name(name):
            raise InputError(
                Problem(f"“{name[:40]}”不能作密钥名称", remedy="用 1 到 20 个小写字母、数字或短横线")
            )
        if name in {known for known, _ in keys}:
            raise InputError(Problem(f"已有名为“{name}”的密钥", remedy="换一个名称"))
        fresh = (name, fresh_key())
        file: Path | None = settings.FIELD_KEY_FILE
        if file is not None:
            _replace(file, [fresh, *keys])
            record(actor=SYSTEM, action="core.keys.added", subject_label=name, detail={"key": name})
    if as_json:
        write_json({"name": name, "written": file is not None, "pair": None if file else ":".join(fresh)})
        return
    if file is not None:
        screen().print(verdict(True, f"已新增密钥 {name}，写入 {file}。接着运行 tidu keys rotate。"))
        return
    screen().print(
        Paragraph("请把下面这一项加在 TIDU_FIELD_KEYS 的最前面，用逗号与原有的隔开，再重新启动网站：")
    )
    screen().print(whole(":".join(fresh)))


@click.command(
    "rotate",
    cls=Command,
    help="把旧密钥加密的内容逐批换成最新的密钥。随时可以中断，再运行一次就接着做；网站可以照常使用。",
)
@options.json_option
def rotate(*, as_json: bool) -> None:
    """Run ``tidu keys rotate``."""
    with site_database():
        from tidu.core.actor import SYSTEM
        from tidu.core.crypto.rotation import rotate as seal_anew
        from tidu.core.crypto.sealing import SealBroken, newest_key

        try:
            with progress("更换密钥") as steps:
                rows = seal_anew(
                    actor=SYSTEM, progress=lambda done, total: steps.step("更换密钥", done, total)
                )
        except SealBroken as error:
            raise InputError(
                Problem(str(error), remedy="用 tidu keys list 查看缺少哪个密钥，找回后再运行")
            ) from error
        name = newest_key()
    if as_json:
        write_json({"key": name, "rows": rows})
        return
    screen().print(
        verdict(True, f"已有 {rows} 行改用密钥 {name}。" if rows else f"全部内容都已使用密钥 {name}。")
    )


@click.command(
    "drop",
    cls=Command,
    help="从密钥文件中移除一个密钥。还有内容用它加密时拒绝。\n\n较早的备份仍要用它才能读取，请把它连同备份另行保管。",
)
@click.argument("name", metavar="NAME", help="密钥的名称，见 tidu keys list")
@options.json_option
def drop(*, name: str, as_json: bool) -> None:
    """Run ``tidu keys drop``."""
    with site_database():
        from django.conf import settings

        from tidu.core.actor import SYSTEM
        from tidu.core.audit.recording import record
        from tidu.core.crypto.key_uses import uses_of
        from tidu.core.crypto.rotation import texts_by_key
        from tidu.core.crypto.sealing import newest_key

        keys = _present()
        file: Path | None = settings.FIELD_KEY_FILE
        if name not in {known for known, _ in keys}:
            raise InputError(Problem(f"没有名为“{name[:40]}”的密钥", remedy="用 tidu keys list 查看"))
        if name == newest_key():
            raise InputError(
                Problem(f"密钥 {name} 正用于加密，不能移除", remedy="先用 tidu keys add 新增一个")
            )
        if used := texts_by_key()[name]:
            raise InputError(
                Problem(f"还有 {used} 项内容用密钥 {name} 加密，不能移除", remedy="先运行 tidu keys rotate")
            )
        if resting := uses_of(name):
            raise InputError(
                Problem(
                    f"还有 {'、'.join(resting)}依靠密钥 {name}，不能移除",
                    remedy="已经印在纸上的核验码换不了密钥，请把它留在密钥文件里",
                )
            )
        if file is not None:
            _replace(file, [pair for pair in keys if pair[0] != name])
            record(actor=SYSTEM, action="core.keys.dropped", subject_label=name, detail={"key": name})
    if as_json:
        write_json({"name": name, "written": file is not None})
    elif file is not None:
        screen().print(verdict(True, f"已移除密钥 {name}。较早的备份仍要用它才能读取。"))
    else:
        screen().print(
            Paragraph(f"没有内容再用密钥 {name}：可以从 TIDU_FIELD_KEYS 中去掉它，再重新启动网站。")
        )


def _present() -> Keys:
    from django.conf import settings

    file: Path | None = settings.FIELD_KEY_FILE
    return list(settings.FIELD_KEYS) if file is None else read_keys(file.read_text(encoding="ascii"))


def _replace(file: Path, keys: Keys) -> None:
    """Write the key file so that at every moment either the old or the new one is there, whole."""
    text = write_keys(keys)
    if read_keys(text) != keys:
        raise ValueError("keys do not survive being written")
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(file)
