"""``tidu packs test``: the worked examples beside each pack, and the rules that have none on one side."""

from __future__ import annotations

from typing import Any

import click
from rich.console import Console

from tidu.cli import options
from tidu.cli.failures import BAD_INPUT, DONE, FAILED_CASES, problem_json, report, write_json
from tidu.cli.screen import Paragraph, heading, progress, screen, verdict
from tidu.cli.usage import Command
from tidu.policy.assess.cases import CaseReport, run_cases
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import CASES_FILE, Pack
from tidu.policy.errors import InputError, Problem


@click.command(
    "test",
    cls=Command,
    help="运行政策包旁 cases.yaml 里的用例，列出没有通过的用例，以及还缺用例的规则。\n\n"
    "给出标识时逐个列出用例。全部通过且没有遗漏时退出码为 0，否则为 1；用例文件读不懂时为 2。",
)
@click.argument("pack_id", metavar="[ID]", required=False, help="政策包的标识；不写则运行全部")
@options.json_option
@click.pass_context
def test(ctx: click.Context, *, pack_id: str | None, as_json: bool) -> None:
    """Run ``tidu packs test``."""
    library = load_library()
    wanted = list(library) if pack_id is None else [library.get(pack_id)]
    reports: list[tuple[Pack, CaseReport]] = []
    problems: list[Problem] = []
    with progress("运行用例", len(wanted)) as steps:
        for place, pack in enumerate(wanted):
            steps.step("运行用例", place, len(wanted))
            try:
                reports.append((pack, run_cases(pack)))
            except InputError as error:
                problems.extend(error.problems)
    if as_json:
        write_json(_json(reports, problems))
    else:
        _show(reports, screen(), every=pack_id is not None)
    if problems:
        report(problems, as_json=False)
    passed = all(result.passed for _, result in reports)
    ctx.exit(BAD_INPUT if problems else DONE if passed else FAILED_CASES)


def _json(reports: list[tuple[Pack, CaseReport]], problems: list[Problem]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "passed": not problems and all(result.passed for _, result in reports),
        "packs": [
            {
                "pack": result.pack,
                "passed": result.passed,
                "cases": [
                    {
                        "name": case.name,
                        "line": case.line,
                        "passed": not case.faults,
                        "faults": list(case.faults),
                    }
                    for case in result.results
                ],
                "uncovered": list(result.uncovered),
            }
            for _, result in reports
        ],
    }
    return data | ({"errors": [problem_json(problem) for problem in problems]} if problems else {})


def _show(reports: list[tuple[Pack, CaseReport]], to: Console, *, every: bool) -> None:
    for pack, result in reports:
        failed = [case for case in result.results if case.faults]
        said = f"{len(result.results)} 个用例"
        said += f"，{len(failed)} 个没有通过" if failed else "，全部通过"
        if result.uncovered:
            said += f"，{len(result.uncovered)} 处还缺用例"
        to.print(verdict(result.passed, f"{pack.id}　{said}"))
        for case in result.results if every else failed:
            place = f"{CASES_FILE}:{case.line}" if case.line else CASES_FILE
            to.print(verdict(not case.faults, f"  {place}　{case.name}"))
            for fault in case.faults:
                to.print(Paragraph(f"      {fault}"))
        if result.uncovered:
            to.print(heading("还缺用例"))
            for rule in result.uncovered:
                to.print(Paragraph(f"· {rule}", "yellow"))
            to.print()
