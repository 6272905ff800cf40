"""How alike two names are: their longest common subsequence over the longer one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gouji.narrative.phrase import similarity

NAMES = st.text(alphabet="残疾人康复支出", max_size=9)


def common(first: str, second: str) -> int:
    """The length of the longest common subsequence, by its definition."""
    if not first or not second:
        return 0
    if first[0] == second[0]:
        return 1 + common(first[1:], second[1:])
    return max(common(first[1:], second), common(first, second[1:]))


@given(NAMES, NAMES)
def test_it_is_the_share_of_the_longest_common_subsequence(first: str, second: str) -> None:
    longer, shorter = max(len(first), len(second)), min(len(first), len(second))
    if first == second:
        assert similarity(first, second) == 1.0
    elif shorter * 3 < longer or not shorter:
        assert similarity(first, second) == 0.0
    else:
        assert similarity(first, second) == common(first, second) / longer
    assert similarity(first, second) == similarity(second, first)
