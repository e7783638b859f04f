"""``tidu packs``: what policy packs there are, what they say, and whether they are in order."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import click

from tidu.cli.usage import Group, Lazy

_COMMANDS: Final = MappingProxyType(
    {
        "list": Lazy("tidu.cli.packs.listing:list_packs", "列出全部政策包：地区、施行期间、状态、层级和数量"),
        "show": Lazy("tidu.cli.packs.showing:show", "一个政策包的全部内容，每一项带条款"),
        "check": Lazy(
            "tidu.cli.packs.checking:check", "检查文件夹里的政策包：每个错误给出文件、行号、键和改法"
        ),
        "test": Lazy("tidu.cli.packs.testing:test", "运行政策包自带的用例"),
        "schema": Lazy(
            "tidu.cli.packs.schema:schema", "pack.yaml 或 cases.yaml 的 JSON Schema，供编辑器补全"
        ),
        "attach": Lazy("tidu.cli.packs.attaching:attach", "附上政策原文，核对每一处引用的条款"),
    }
)


class _Packs(Group):
    """Without a command: the list."""

    lazy = _COMMANDS

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """``tidu packs`` and ``tidu packs --json`` mean ``tidu packs list``."""
        bare = not args or (args[0].startswith("-") and args[0] not in {"-h", "--help"})
        return super().parse_args(ctx, ["list", *args] if bare else args)


packs = _Packs(
    "packs",
    help="政策包：一份政策文件就是一个文件夹，内有 pack.yaml 和 cases.yaml。\n\n"
    "自己的政策包放在任何位置，由环境变量 TIDU_PACKS 指定其上一级文件夹，多个用冒号隔开。",
)
