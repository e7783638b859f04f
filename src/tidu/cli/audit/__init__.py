"""``tidu audit``: whether the record of everything done is whole, and the record as a file that proves itself."""

from __future__ import annotations

from types import MappingProxyType

from tidu.cli.usage import Group, Lazy


class _Audit(Group):
    lazy = MappingProxyType(
        {
            "verify": Lazy(
                "tidu.cli.audit.verifying:verify", "核验操作记录：逐条检查，指出第一处被改动的地方"
            ),
            "export": Lazy("tidu.cli.audit.exporting:export", "导出操作记录，附可以独立核验的清单"),
            "check-export": Lazy("tidu.cli.audit.exporting:check_export", "核验导出的文件，不需要数据库"),
        }
    )


audit = _Audit(
    "audit",
    help="操作记录：谁在何时以什么身份做了什么。每一条都带有前一条的 SM3 摘要，改动任何一处都会被发现。",
    no_args_is_help=True,
)
