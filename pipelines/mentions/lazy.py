"""Attributes that are worked out when first asked for: `functools.cached_property` without its lock.

In Python 3.11 the lock costs more than most of what is worked out here; each paper is read by one thread only.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

Owner = TypeVar("Owner")
Value = TypeVar("Value")


class Lazy(Generic[Owner, Value]):
    """Decorates a method; its value takes the method's place in the instance, so that later look-ups are free."""

    def __init__(self, compute: Callable[[Owner], Value]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type[Owner], name: str) -> None:
        """Remember the attribute's name."""
        self._name = name

    def __get__(self, instance: Owner, owner: type[Owner]) -> Value:
        """Return the value, worked out now and kept."""
        value = instance.__dict__[self._name] = self._compute(instance)
        return value
