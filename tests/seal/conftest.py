"""A sealed submission with known faults, made once; keys and settings never touch the user's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gouji.seal.keys import PublicKey, SigningKey, load_key, new_key
from gouji.seal.sealing import seal

EXAMPLES = Path(__file__).parents[2] / "examples"
MOMENT = datetime(2025, 3, 1, 1, 2, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Submission:
    """A package as it was sealed, and whom to trust."""

    data: bytes
    key: SigningKey

    @property
    def trust(self) -> tuple[PublicKey, ...]:
        """A trust list that holds the sealer."""
        return (self.key.public,)


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for keys and trust list that belongs to one test."""
    monkeypatch.setenv("GOUJI_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GOUJI_KEY_PASSPHRASE", raising=False)
    return iter([tmp_path / "home"])


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    """A key of an office."""
    path = tmp_path_factory.mktemp("keys") / "seal.key"
    new_key(path, "某某局财务科")
    return load_key(path)


@pytest.fixture(scope="session")
def submission(key: SigningKey) -> Submission:
    """The example form with its faults."""
    return Submission(seal(str(EXAMPLES / "lusong-2024.xlsx"), None, key, moment=MOMENT).data, key)
