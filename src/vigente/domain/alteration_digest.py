"""A stable fingerprint of a value: equal values have equal ones, in any process."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any


def digest(value: Any) -> str:
    """Return the SHA-256 of a value of the rules in its canonical form.

    >>> digest((1, "a")) == digest((1, "a")), digest((1, "a")) == digest((1, "b"))
    (True, False)

    :raises TypeError: for what is no value of the rules, such as a float.
    """
    text = json.dumps(canonical(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> Any:
    """Return a value as plain JSON: dates as text, sets in order, quantities without scale."""
    if value is None or isinstance(value, bool | int | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return _composed(value)


def _composed(value: Any) -> Any:
    if is_dataclass(value):
        told = {field.name: canonical(getattr(value, field.name)) for field in fields(value)}
        return {"": type(value).__name__, **told}
    if isinstance(value, frozenset):
        return sorted((canonical(one) for one in value), key=json.dumps)
    if isinstance(value, Mapping):
        return {str(canonical(key)): canonical(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [canonical(one) for one in value]
    raise TypeError(type(value).__name__)
