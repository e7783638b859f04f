"""How much an import takes. Larger tables are refused with what to do instead, before they are laid out in memory."""

from __future__ import annotations

from typing import Final

from tidu.policy.errors import InputError, Problem

MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 400
#: Remarks of one kind that are kept with their place; all are counted.
MOST_REMARKS: Final = 20_000


def too_many_rows(shown: str) -> InputError:
    """A table is too long."""
    return InputError(
        Problem(
            f"一次最多导入 {MOST_ROWS:,} 行，这张表更长",
            shown,
            remedy="按旗县区或批次分成几张表；表尾有空行格式的，删去多余的行",
        )
    )


def too_many_columns(shown: str, found: int) -> InputError:
    """A table is too wide."""
    return InputError(
        Problem(f"一张表最多 {MOST_COLUMNS} 列，这张表有 {found} 列", shown, remedy="删去表格以外的列")
    )
