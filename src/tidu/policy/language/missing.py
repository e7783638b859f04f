"""Which inputs leave a rule unknown: absent ones, or figures that allow no quotient or growth.

A part that is already decided misses nothing, whatever else is absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tidu.policy.language import terms
from tidu.policy.language.compile import Moment, compile_condition
from tidu.policy.status import Status
from tidu.policy.vocabulary.size import size_class

Values = Mapping[str, Any]
MissingClosure = Callable[[Values], tuple[str, ...]]


def compile_missing(term: terms.Term, moment: Moment) -> MissingClosure:
    """A closure that names the inputs (flat) which leave ``term`` open, each once; meant for values that do."""
    match term:
        case terms.All(parts=parts) | terms.AnyOf(parts=parts) | terms.AtLeast(parts=parts):
            return _of_open_parts(parts, moment)
        case terms.Not(part=part):
            return compile_missing(part, moment)
        case terms.Holds(tiers=tiers):
            titles = tuple(f"holds_{tier}" for tier in tiers)
            return lambda values: tuple(key for key in titles if values.get(key) is None)
        case terms.SizeMember(inputs=inputs):
            return _of_size({item.id: item.key(moment.base_year) for item in inputs})
        case _:
            return _of_inputs(
                tuple(item.key(moment.base_year) for item in terms.inputs_of(term) if not item.judged)
            )


def _of_open_parts(parts: tuple[terms.Condition, ...], moment: Moment) -> MissingClosure:
    compiled = [(compile_condition(part, moment), compile_missing(part, moment)) for part in parts]

    def missing(values: Values) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for decide, missing_of_part in compiled:
            if decide(values) is Status.UNKNOWN:
                found.update(dict.fromkeys(missing_of_part(values)))
        return tuple(found)

    return missing


def _of_size(keys: Mapping[str, str]) -> MissingClosure:
    def missing(values: Values) -> tuple[str, ...]:
        result = size_class(*(values.get(key) for key in keys.values()))
        return tuple(keys[name] for name in result.missing)

    return missing


def _of_inputs(keys: tuple[str, ...]) -> MissingClosure:
    def missing(values: Values) -> tuple[str, ...]:
        absent = tuple([key for key in keys if values.get(key) is None])
        return absent or tuple(key for key in keys if not _is_positive(values[key])) or keys

    return missing


def _is_positive(value: object) -> bool:
    return not isinstance(value, (int, float)) or value > 0
