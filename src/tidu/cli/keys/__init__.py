"""``tidu keys``: the keys of encrypted fields."""

from __future__ import annotations

from types import MappingProxyType

from tidu.cli.usage import Group, Lazy


class _Keys(Group):
    lazy = MappingProxyType(
        {
            "list": Lazy("tidu.cli.keys.ring:list_keys", "列出密钥的名称，以及各自加密着多少内容"),
            "add": Lazy("tidu.cli.keys.ring:add", "新增一个密钥，此后用它加密"),
            "rotate": Lazy(
                "tidu.cli.keys.ring:rotate", "把旧密钥加密的内容全部换成最新的密钥，可中断、可续做"
            ),
            "drop": Lazy("tidu.cli.keys.ring:drop", "移除不再使用的密钥；还在使用的不能移除"),
        }
    )


keys = _Keys(
    "keys",
    help="手机号、身份证号、收款账号等字段加密存放（SM4-GCM），密钥不在数据库里。\n\n"
    "更换密钥：tidu keys add，tidu keys rotate，确认备份也已更新后 tidu keys drop。",
    no_args_is_help=True,
)
