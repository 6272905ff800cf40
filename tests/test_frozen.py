"""Frozen classes behave as frozen slotted dataclasses do, where both can be asked."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal

import pytest

from gouji.frozen import FrozenError, fresh, frozen, mutable, replace
from gouji.model import Place


@frozen
class Point:
    """A place and what stands there."""

    x: int
    y: Decimal = Decimal(0)
    name: str = "原点"

    @property
    def right(self) -> Point:
        """The neighbour."""
        return replace(self, x=self.x + 1)


@frozen
class Single:
    """One field."""

    only: str


@frozen(eq=False)
class Thing:
    """Equal to itself alone."""

    name: str


def test_fields_come_by_order_or_name_and_the_rest_from_defaults() -> None:
    point = Point(1, name="甲")
    assert (point.x, point.y, point.name) == (1, Decimal(0), "甲")
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]  # what is wrong is tested
    with pytest.raises(TypeError):
        Point(1, colour="红")  # type: ignore[call-arg]  # the same


def test_nothing_is_assigned_added_or_deleted_afterwards() -> None:
    point = Point(1)
    with pytest.raises(FrozenError):
        point.x = 2  # type: ignore[misc]  # the same
    with pytest.raises(FrozenError):
        point.colour = "红"  # type: ignore[attr-defined]  # made by @frozen
    with pytest.raises(AttributeError):
        del point.x
    assert not hasattr(point, "__dict__")


def test_equal_fields_make_equal_values_of_one_class_only() -> None:
    assert Point(1) == Point(1, Decimal(0)) != Point(2)
    assert hash(Point(1)) == hash(Point(1))
    assert len({Single("a"), Single("a"), Single("b")}) == 2
    assert Point(1) != Single("a")  # type: ignore[comparison-overlap]  # never equal: that is the point
    assert Point(1) != (1, Decimal(0), "原点")  # type: ignore[comparison-overlap]  # the same
    assert Thing("a") != Thing("a")


def test_a_record_shows_its_fields() -> None:
    assert repr(Point(1)) == "Point(x=1, y=Decimal('0'), name='原点')"


def test_replace_changes_what_is_named_and_refuses_what_is_not_there() -> None:
    assert Point(1).right == Point(2)
    assert replace(Place("a.xlsx"), cell="C3") == Place("a.xlsx", cell="C3")
    with pytest.raises(TypeError):
        replace(Point(1), colour="红")


def test_a_record_is_matched_by_position() -> None:
    match Point(3, name="乙"):
        case Point(x, _, name):
            assert (x, name) == (3, "乙")


def test_copies_and_pickles_are_equal() -> None:
    place = Place("a.xlsx", "表1", "B2")
    pickled = pickle.loads(pickle.dumps(place))  # noqa: S301  # our own bytes
    for twin in (copy.copy(place), copy.deepcopy(place), pickled):
        assert twin == place


def test_bases_and_fields_without_default_behind_defaults_are_refused() -> None:
    with pytest.raises(TypeError, match="base class"):

        @frozen
        class Child(Point):
            z: int = 0

    with pytest.raises(TypeError, match="default"):

        @frozen
        class Wrong:
            a: int = 0
            b: int  # type: ignore[misc]  # wrong on purpose


@frozen(aside=("memory",))
class Noted:
    """Something remembered beside what is compared."""

    name: str
    memory: list[int]


@mutable
class Basket:
    """Filled while work goes on."""

    owner: str
    things: list[str] = fresh(factory=list)
    full: bool = False


def test_what_is_set_aside_is_kept_but_neither_compared_nor_shown() -> None:
    one, other = Noted("甲", [1]), Noted("甲", [2])
    assert one == other
    assert hash(one) == hash(other)
    assert "memory" not in repr(one)
    assert pickle.loads(pickle.dumps(one)).memory == [1]  # noqa: S301  # our own bytes


def test_a_mutable_record_is_filled_by_itself_alone() -> None:
    one, other = Basket("甲"), Basket("甲")
    one.things.append("苹果")
    one.full = True
    assert (one.things, one.full, other.things, other.full) == (["苹果"], True, [], False)
    given = ["梨"]
    assert Basket("乙", given).things is given
    assert one != other
    with pytest.raises(AttributeError):
        one.colour = "红"  # type: ignore[attr-defined]  # made by @frozen
