"""The words of a call: the text that is proposed, and the official document with its annexes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from django.utils import timezone

from tidu.core.documents.words import Annex, Cited, Column, Heading, Letter, Paragraph, Table
from tidu.core.moments import end_in_words, moment_in_words
from tidu.core.typed_values import shown_place
from tidu.policy.assess.assessment import names_of
from tidu.policy.assess.rendering import requirement_text
from tidu.policy.documents.criteria import Criterion
from tidu.policy.documents.pack import Pack
from tidu.policy.documents.route import Route
from tidu.policy.vocabulary.places import load_places
from tidu.recognition.calling.limits import limit_rows, limits_under
from tidu.recognition.calling.materials import materials_of
from tidu.recognition.models import Call
from tidu.recognition.process.rules import pack_of, recognition_of, route_of_call, settings_of
from tidu.recognition.process.window import pack_state

_HEADING: Final = re.compile(r"[一二三四五六七八九十]{1,3}、")
_SUBHEADING: Final = re.compile(r"（[一二三四五六七八九十]{1,3}）[^。；]{1,24}")
_NUMERALS: Final = "一二三四五六七八九十"


def default_text(call: Call) -> str:
    """The text that is proposed for a call, made from its pack and its own settings."""
    pack, recognition, route = pack_of(call), recognition_of(call), route_of_call(call)
    document = pack.document
    number = f"（{document.document_no}）" if document.document_no else ""
    lines = [
        f"根据《{document.title}》{number}，现组织申报{call.batch_name}{recognition.title}，有关事项通知如下。",
        "一、申报条件",
        (
            f"{recognition.summary or '符合文件规定的各项条件。'}逐条条件和所依据的条款见附件1。"
            f"涉及年度数据的，以{call.base_year}年度为基准年度。"
        ),
        "二、受理范围和时间",
        (
            f"受理{_districts(call)}的企业申报，自{moment_in_words(call.opens_at)}起，至{end_in_words(call.closes_at)}止。"
            "截止以后系统不再接受提交。"
        ),
        "三、申报方式",
        (
            "企业登录本平台在线填报、上传材料，由企业负责人声明真实后提交。平台已有的数据和材料自动带入，核对无误即可。"
            "提交成功以系统出具的回执为准。申报不收取任何费用，也没有委托任何机构代办。"
        ),
        "四、办理程序",
        *_steps(route),
        "五、申报材料",
        "应交材料见附件2，能够通过数据共享核实的，不要求企业重复提交。材料应真实、完整、清晰，与填报的数据一致。",
        "六、有关要求",
        "（一）企业对申报内容和材料的真实性负责。弄虚作假的，取消本次申报；已经认定的，取消称号。",
        *_duties(call, route),
    ]
    if call.quota:
        lines.append(f"本次认定不超过{call.quota}家。")
    return "\n".join(lines)


def letter_of(call: Call) -> Letter:
    """The call as an official document: its text, the conditions, the materials, the limits and the readings."""
    pack = pack_of(call)
    annexes = [
        Annex("申报条件", (_criteria_table(call, pack),)),
        Annex("申报材料", (_materials_table(call, pack),)),
        Annex("办理时限", (_limits_table(call),)),
    ]
    readings = _readings_table(call, pack)
    if readings is not None:
        annexes.append(Annex("文件未写明之处的读法", (readings,)))
    return Letter(
        to=_addressees(call),
        parts=tuple(_parts(call.body)),
        closing=call.organisation.name,
        on=timezone.localdate(),
        contacts=call.contacts,
        basis=pack.document.title,
        annexes=tuple(annexes),
    )


def body_lines(body: str) -> list[tuple[str, bool]]:
    """The text of a call line by line, and whether a line is a heading."""
    lines = [line.strip() for line in body.splitlines()]
    return [(line, bool(_HEADING.match(line))) for line in lines if line]


def _parts(body: str) -> Iterator[Paragraph | Heading]:
    for line in body.splitlines():
        text = line.strip()
        if not text:
            continue
        if _HEADING.match(text):
            yield Heading(text)
        elif _SUBHEADING.fullmatch(text):
            yield Heading(text, level=2)
        else:
            yield Paragraph(text)


def _addressees(call: Call) -> str:
    places = load_places().by_code
    if call.districts:
        names = [places[code].name for code in call.districts if code in places]
        return f"{'、'.join(names)}工信部门，各有关企业："
    return "各旗县区、开发区工信部门，各有关企业："


def _districts(call: Call) -> str:
    places = load_places().by_code
    if not call.districts:
        return f"{shown_place(call.place_id)}各旗县区、开发区"
    return "、".join(places[code].name for code in call.districts if code in places)


def _steps(route: Route) -> Iterator[str]:
    seen: list[str] = []
    for stop in route.stops:
        if stop.step.id not in seen:
            seen.append(stop.step.id)
            yield f"（{_NUMERALS[len(seen) - 1]}）{stop.step.label}。{stop.step.summary}"
    if route.notice is not None:
        unit = "个工作日" if route.notice.day_kind == "working" else "日"
        yield f"拟认定名单在{route.notice.place}公示{route.notice.days}{unit}。"


def _duties(call: Call, route: Route) -> Iterator[str]:
    limits = limits_under(recognition_of(call), route, call.limits)
    rows = {row.name: row for row in limit_rows(limits, route)}
    if "district" in rows:
        yield (
            f"（二）各地工信部门应在收到申报后{rows['district'].words}内审核并提出意见；"
            f"需要补正的一次告知，企业应在{rows['correction'].words}内补正。"
        )
    state = pack_state(call)
    if state.ends_in_window and state.until is not None:
        yield f"本次申报所依据的文件有效至{state.until.year}年{state.until.month}月{state.until.day}日，此后不再受理。"


def _criteria_table(call: Call, pack: Pack) -> Table:
    evidence = pack.vocabulary.evidence
    columns = (
        Column("序号", 0.6, "center"),
        Column("条件", 2),
        Column("要求", 4),
        Column("证明材料", 2.4),
    )
    rows, names = [], names_of(pack)
    for number, criterion in enumerate(pack.criteria(call.tier, settings_of(call)).criteria, start=1):
        papers = "、".join(evidence[kind].label for kind in _evidence(criterion) if kind in evidence)
        cites = (criterion.cite,) if criterion.cite else ()
        needed = criterion.question or _branches(criterion) or requirement_text(criterion, names)
        note = "".join(_closed(part) for part in (needed, criterion.summary) if part)
        rows.append((str(number), Cited(criterion.label, cites), note, papers))
    return Table(columns, tuple(rows))


def _closed(text: str) -> str:
    return text if text.endswith(("。", "？", "！")) else f"{text}。"


def _branches(criterion: Criterion) -> str:
    if not criterion.branches:
        return ""
    labels = "；".join(branch.label for branch in criterion.branches)
    if criterion.wanted == len(criterion.branches):
        return f"以下各项都要符合：{labels}。"
    wanted = "任一" if criterion.wanted == 1 else f"至少{criterion.wanted}"
    return f"符合以下{wanted}项即可：{labels}。"


def _evidence(criterion: Criterion) -> list[str]:
    found = [*criterion.evidence, *(kind for branch in criterion.branches for kind in _evidence(branch))]
    return list(dict.fromkeys(found))


def _materials_table(call: Call, pack: Pack) -> Table:
    known = {item.kind: item for item in materials_of(pack, call.tier, settings_of(call))}
    evidence = pack.vocabulary.evidence
    rows = []
    for number, row in enumerate(call.materials, start=1):
        kind = row["kind"]
        cites = known[kind].cites if kind in known else ()
        label = evidence[kind].label if kind in evidence else kind
        helped = row["note"] or (evidence[kind].help if kind in evidence else "")
        rows.append((str(number), Cited(label, cites), "必交" if row["required"] else "按需提交", helped))
    columns = (
        Column("序号", 0.6, "center"),
        Column("材料", 2.4),
        Column("要求", 1.1, "center"),
        Column("说明", 4),
    )
    return Table(columns, tuple(rows))


def _limits_table(call: Call) -> Table:
    route = route_of_call(call)
    limits = limits_under(recognition_of(call), route, call.limits)
    rows = tuple(
        (
            row.label,
            row.owner,
            Cited(row.words, (row.cite,)) if row.cite else f"{row.words}（文件未规定，由本通知设定）",
            row.late,
        )
        for row in limit_rows(limits, route)
    )
    columns = (Column("环节", 1.3), Column("由谁办理", 2), Column("时限", 2.2), Column("逾期怎么办", 3))
    return Table(columns, rows)


def _readings_table(call: Call, pack: Pack) -> Table | None:
    declared = pack.document.interpretations
    if not declared:
        return None
    settings = settings_of(call)
    rows = []
    for name, item in declared.items():
        cites = (item.cite,) if item.cite else ()
        chosen = item.choices[settings[name]]
        changed = "" if settings[name] == item.default else f"（通常读作：{item.choices[item.default]}）"
        rows.append((Cited(item.question, cites), f"{chosen}{changed}"))
    return Table((Column("问题", 3), Column("本次的读法", 3)), tuple(rows))
