"""Files sent to do harm are refused by name or survived; benchmarks/hostile.py measures what they cost."""

from __future__ import annotations

import socket

import pytest

from gouji.checking import check_bytes
from tests.source.hostile import Hostile, hostile

SMALL = [each for each in hostile() if each.small]


@pytest.mark.parametrize("each", SMALL, ids=lambda each: each.name)
def test_a_hostile_file_is_refused_or_survived(each: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_DEBUG", "1")  # a crash is no survival
    result = check_bytes(each.build(), each.name)
    answer = result.reason.code.value if result.reason is not None else None
    assert answer in each.may


def test_nobody_is_asked_for_what_a_file_points_to() -> None:
    """A listener on loopback stands for the network: whoever followed a link would come here."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        for each in hostile(server.getsockname()[1]):
            if each.name.startswith("external"):
                check_bytes(each.build(), each.name)
        with pytest.raises(TimeoutError):
            server.accept()
