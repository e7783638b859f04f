"""YAML as people write it for Tidu: a small, bounded, line-aware subset.

Packs, vocabulary and facts files come from outside, so the reader works on parser events with a stack of its own:
nothing recursive, no anchors, no tags, no duplicate keys, and limits on size, depth and number of nodes.
Scalars are text unless they are plainly ``null``, ``true``, ``false`` or a decimal number. Dates, ``yes``, ``on`` and
``1:30`` stay text, because YAML 1.1 would silently turn them into something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, cast

import yaml

from tidu.policy.errors import InputError, Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_NODES = 100_000
MAX_DIGITS = 30

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+\Z")
_NULLS = frozenset({"", "~", "null"})
_BOOLEANS = {"true": True, "false": False}
_LOADER = cast("type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One parsed document: plain ``data`` and the 1-based line at which each path of keys and indices starts."""

    file: str
    data: Any
    lines: Mapping[KeyPath, int]

    def line_of(self, path: KeyPath) -> int | None:
        """The line of ``path`` or of its nearest ancestor that the file really contains."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path)

    def problem(self, path: KeyPath, message: str, remedy: str | None = None) -> Problem:
        """A problem placed at ``path``, such as ``("recognition", "criteria", "all", 3)``."""
        return Problem(message, self.file, self.line_of(path), dotted(path) or None, remedy)


def dotted(path: KeyPath) -> str:
    """``("all", 3, "require")`` written as people read it: ``all[3].require``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def read_yaml(path: Path, *, name: str | None = None) -> YamlDocument:
    """Read one UTF-8 file; ``name`` is what errors call it. Raises :class:`InputError`."""
    name = name or str(path)
    try:
        with path.open("rb") as file:  # a pipe or a device tells no size, so no more than the limit is read
            content = file.read(MAX_BYTES + 1)
    except IsADirectoryError as error:
        raise InputError(Problem("这是一个文件夹，不是文件", name, remedy="给出 YAML 文件的路径")) from error
    except (OSError, ValueError) as error:
        raise InputError(Problem("文件读不到", name, remedy="检查路径和读取权限")) from error
    if len(content) > MAX_BYTES:
        raise _too_large(name)
    try:
        return parse_yaml(content.decode("utf-8-sig"), name=name)
    except UnicodeDecodeError as error:
        raise InputError(Problem("文件不是 UTF-8 编码", name, remedy="另存为 UTF-8 编码后重试")) from error


def parse_yaml(text: str, *, name: str) -> YamlDocument:
    """Parse one document. An empty text gives ``None``. Raises :class:`InputError` with the line at fault."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _too_large(name)
    builder = _Builder(name)
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        raise InputError(
            Problem(
                "YAML 写法有误", name, line, remedy="检查本行及上一行的缩进、冒号后的空格、括号和引号是否成对"
            )
        ) from error
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise InputError(
            Problem("含有 YAML 不允许的字符", name, remedy="删去不可见的控制字符后重试")
        ) from error
    return YamlDocument(name, builder.root, builder.lines)


def _too_large(name: str) -> InputError:
    return InputError(Problem(f"文件超过 {MAX_BYTES // 1_000_000} MB", name, remedy="拆成几个较小的文件"))


def _events(text: str) -> Iterator[yaml.Event]:
    return yaml.parse(text, Loader=_LOADER)


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence under construction; ``key`` is the pending key of a mapping."""

    container: dict[Any, Any] | list[Any]
    path: KeyPath
    key: str | int | None = None


class _Builder:
    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Any = None
        self.lines: dict[KeyPath, int] = {(): 1}
        self._stack: list[_Frame] = []
        self._nodes = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        line = 1 if event.start_mark is None else event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse(line, "一个文件只能有一份文档", "删去 --- 之后的内容")
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(line, "不支持锚点和引用（& 与 *）", "把内容直接写出来；文字以 * 或 & 开头时加引号")
        elif isinstance(event, yaml.NodeEvent):
            self._node(event, line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._stack.pop()

    def _node(self, event: yaml.NodeEvent, line: int) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._refuse(line, f"内容超过 {MAX_NODES} 项", "拆成几个较小的文件")
        if event.anchor is not None:
            self._refuse(line, "不支持锚点和引用（& 与 *）", "把内容直接写出来；文字以 * 或 & 开头时加引号")
        if getattr(event, "tag", None) is not None:
            self._refuse(line, "不支持类型标签（!）", "删去以 ! 开头的标签；文字以 ! 开头时加引号")
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
            return
        container: dict[Any, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._place(container, line)
        if len(self._stack) >= MAX_DEPTH:
            self._refuse(line, f"嵌套超过 {MAX_DEPTH} 层", "减少嵌套")
        self._stack.append(_Frame(container, path))

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        value = self._value(event, line)
        frame = self._stack[-1] if self._stack else None
        if frame is None or isinstance(frame.container, list) or frame.key is not None:
            self._place(value, line)
            return
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            self._refuse(line, "键只能是文字或整数", "给键加上引号")
        if value in frame.container:
            self._refuse(line, f"键“{value}”重复", "同一层内每个键只写一次")
        frame.key = value
        self.lines[(*frame.path, value)] = line

    def _place(self, value: object, line: int) -> KeyPath:
        if not self._stack:
            self.root = value
            return ()
        frame = self._stack[-1]
        path: KeyPath
        if isinstance(frame.container, list):
            path = (*frame.path, len(frame.container))
            frame.container.append(value)
            self.lines[path] = line
        else:
            if frame.key is None:
                self._refuse(line, "键只能是文字或整数", "不要用列表或映射作键")
            path = (*frame.path, frame.key)
            frame.container[frame.key] = value
            frame.key = None
        return path

    def _value(self, event: yaml.ScalarEvent, line: int) -> str | int | float | bool | None:
        text = event.value
        if not event.implicit[0]:  # quoted or block text stays text
            return text
        if text in _NULLS:
            return None
        if text in _BOOLEANS:
            return _BOOLEANS[text]
        number = _INTEGER.match(text) or _DECIMAL.match(text)
        if number and len(text) > MAX_DIGITS:
            self._refuse(line, f"数字超过 {MAX_DIGITS} 位", "检查是否多写了数字；编号请加引号")
        if not number:
            return text
        return float(text) if "." in text else int(text)

    def _refuse(self, line: int, message: str, remedy: str) -> NoReturn:
        raise InputError(Problem(message, self.name, line, remedy=remedy))
