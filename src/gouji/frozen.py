"""Small classes, made quickly: immutable ones, and slotted ones that a piece of work fills as it goes.

``@frozen`` gives what ``@dataclass(frozen=True, slots=True)`` gives: an initialiser, equality and hash by value,
a readable ``repr``, slots, and no assignment afterwards. The standard library writes and compiles six methods for
each such class whenever the program starts, 0.5 to 0.8 ms a class; a hundred classes made that a third of a cold
`gouji check`. Here only the initialiser is compiled and the other methods are shared closures: a tenth of the time to
define, half the time to make an instance. See docs/performance.md.

``@mutable`` is the same for ``@dataclass(slots=True, eq=False)``, with ``fresh`` for what every instance makes anew.
Importing :mod:`dataclasses` alone takes another twentieth of a cold check.

Left out because nothing here needs it: inheritance between such classes, ``__post_init__``, ``field()``, ordering.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar, cast, dataclass_transform, overload

__all__ = ["FrozenError", "fresh", "frozen", "mutable", "replace"]

T = TypeVar("T")


class FrozenError(AttributeError):
    """Somebody tried to change what does not change."""


@overload
@dataclass_transform(frozen_default=True)
def frozen(cls: type[T], /) -> type[T]: ...
@overload
@dataclass_transform(frozen_default=True)
def frozen(*, eq: bool = True, aside: tuple[str, ...] = ()) -> Callable[[type[T]], type[T]]: ...
def frozen(
    cls: type[T] | None = None, /, *, eq: bool = True, aside: tuple[str, ...] = ()
) -> type[T] | Callable[[type[T]], type[T]]:
    """Make a class immutable, its annotated names being its fields, in order.

    Args:
        cls: a class without bases, whose fields are annotated; a value given to a field is its default and is
            shared by all instances, so it has to be immutable itself.
        eq: whether instances are equal and hash alike where their fields are; else each is only itself.
        aside: fields that count neither for equality nor in ``repr``.

    Returns:
        The class, made anew with slots.

    Raises:
        TypeError: the class has a base, or a field without a default follows one that has one.
    """
    if cls is None:
        return lambda given: _made(given, eq=eq, aside=aside)
    return _made(cls, eq=eq, aside=aside)


def replace(record: T, **changes: Any) -> T:  # noqa: ANN401  # a field may hold anything
    """The same record with some fields changed.

    Raises:
        TypeError: a change names no field.
    """
    kind = type(record)
    for name in kind.__match_args__:  # type: ignore[attr-defined]  # made by @frozen
        if name not in changes:
            changes[name] = getattr(record, name)
    return kind(**changes)


class _Fresh:
    """A default that is made anew for each instance."""

    __slots__ = ("factory",)

    def __init__(self, factory: Callable[[], Any]) -> None:
        self.factory = factory


def fresh(*, factory: Callable[[], T]) -> T:
    """The default of a field of a :func:`mutable` class, made anew for each instance: ``fresh(factory=list)``."""
    return cast("T", _Fresh(factory))


@dataclass_transform(eq_default=False, field_specifiers=(fresh,))
def mutable(cls: type[T], /) -> type[T]:
    """Give a class slots for its annotated names and an initialiser; each instance is equal only to itself.

    Raises:
        TypeError: as :func:`frozen`.
    """
    return _slotted(cls)[0]


def _made(cls: type[T], *, eq: bool, aside: tuple[str, ...]) -> type[T]:
    made, names = _slotted(cls)
    _add_shared(made, names, tuple(name for name in names if name not in aside), eq=eq)
    return made


def _slotted(cls: type[T]) -> tuple[type[T], tuple[str, ...]]:
    """The class made anew with slots and an initialiser, and the names of its fields."""
    if cls.__bases__ != (object,):
        raise TypeError(f"{cls.__qualname__} has a base class")
    names = tuple(getattr(cls, "__annotations__", ()))
    defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
    body = {
        name: value
        for name, value in cls.__dict__.items()
        if name not in defaults and name not in ("__dict__", "__weakref__")
    }
    body["__slots__"] = names
    body["__match_args__"] = names
    metaclass: Any = type(cls)
    made = metaclass(cls.__name__, (), body)
    made.__init__ = _initialiser(made, names, defaults)
    return cast("type[T]", made), names


def _initialiser(made: type, names: tuple[str, ...], defaults: dict[str, Any]) -> Any:  # noqa: ANN401  # a function
    """``def __init__(self, a, b=default)`` that fills the slots; the slots' own setters go round ``__setattr__``."""
    known = {f"set_{name}": getattr(made, name).__set__ for name in names}
    known.update({f"default_{name}": value for name, value in defaults.items()})
    made_anew = {name: value.factory for name, value in defaults.items() if isinstance(value, _Fresh)}
    known.update({f"make_{name}": factory for name, factory in made_anew.items()})
    parameters = ", ".join(f"{name}=default_{name}" if name in defaults else name for name in names)
    given = {
        name: f"make_{name}() if {name} is default_{name} else {name}" if name in made_anew else name
        for name in names
    }
    lines = "\n ".join(f"set_{name}(self, {given[name]})" for name in names) or "pass"
    scope: dict[str, Any] = {}
    try:
        exec(f"def __init__(self, {parameters}):\n {lines}", known, scope)  # noqa: S102  # from our own field names
    except SyntaxError as error:
        raise TypeError(f"{made.__qualname__}: {error.msg}") from error
    return scope["__init__"]


def _add_shared(made: Any, names: tuple[str, ...], told: tuple[str, ...], *, eq: bool) -> None:  # noqa: ANN401  # the class under construction
    """The methods that need no code of their own: they differ between classes only in the fields they read."""
    everything, values = _reader(names), _reader(told)

    def equal(self: Any, other: object) -> Any:  # noqa: ANN401  # NotImplemented is an answer too
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:  # noqa: ANN401  # of any kind
        return hash(values(self))

    def shown(self: Any) -> str:  # noqa: ANN401  # of any kind
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in told)
        return f"{self.__class__.__qualname__}({fields})"

    def reduced(self: Any) -> tuple[Any, ...]:  # noqa: ANN401  # for pickle and copy, which would assign
        return self.__class__, everything(self)

    if eq:
        made.__eq__ = equal
        made.__hash__ = hashed
    made.__repr__ = shown
    made.__reduce__ = reduced
    made.__setattr__ = _refuse
    made.__delattr__ = _refuse


def _reader(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What gives the values of these fields of an instance."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple([getattr(record, name) for name in names])


def _refuse(self: object, name: str, _value: object = None) -> None:
    raise FrozenError(f"{type(self).__qualname__}.{name} cannot be changed")
