"""What the commands of the record share: a hash kept elsewhere as an option, and the end of the chain as words."""

from __future__ import annotations

import re
from typing import Any, Final

import click

from tidu.core.audit.chain import Fault

_KEPT: Final = re.compile(r"(?P<number>[1-9][0-9]{0,17}):(?P<hash>[0-9a-f]{64})", re.ASCII)


class KeptHash(click.ParamType[tuple[int, str]]):
    """``number:hash`` of an event, as an earlier run has printed it."""

    name = "kept hash"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, str]:
        """Number and hash, or a usage error."""
        match = _KEPT.fullmatch(str(value))
        if match is None:
            raise click.BadParameter("应写作 序号:摘要，摘要是 64 位十六进制数", ctx, param)
        return int(match["number"]), match["hash"]


def fault_json(fault: Fault | None) -> dict[str, Any] | None:
    """A fault as ``--json`` prints it."""
    return None if fault is None else {"number": fault.number, "code": fault.code, "message": fault.message}
