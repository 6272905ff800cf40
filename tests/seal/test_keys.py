"""Keys are made once, kept to oneself, and trusted by name."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from gouji.seal.keys import (
    KeyProblemError,
    PublicKey,
    add_trusted,
    load_key,
    new_key,
    parse_trust,
    read_trust,
    verified,
)


def test_a_key_signs_and_its_public_half_verifies(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "seal.key"
    public = new_key(path, " 某某局  财务科 ")
    key = load_key(path)
    assert key.public == public == PublicKey(public.key, "某某局 财务科")
    assert verified(public, key.sign(b"text"), b"text")
    assert not verified(public, key.sign(b"text"), b"texts")
    assert not verified(public, b"", b"text")
    assert parse_trust(path.with_suffix(".pub").read_text(encoding="utf-8"), "x") == (public,)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_a_private_key_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "seal.key"
    new_key(path, "某科")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with pytest.raises(KeyProblemError, match="chmod 600"):
        load_key(path)


def test_a_passphrase_is_needed_where_there_is_one(tmp_path: Path) -> None:
    path = tmp_path / "seal.key"
    new_key(path, "某科", "口令")
    assert load_key(path, "口令").public.name == "某科"
    with pytest.raises(KeyProblemError, match="有口令"):
        load_key(path)
    with pytest.raises(KeyProblemError, match="口令不对"):
        load_key(path, "别的")


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "seal.key"
    new_key(path, "某科")
    before = path.read_bytes()
    with pytest.raises(KeyProblemError, match="已存在"):
        new_key(path, "某科")
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["", "  ", "长" * 61, "a\0b"])
def test_a_name_that_could_not_be_shown_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeyProblemError, match="名称"):
        new_key(tmp_path / "seal.key", name)
    assert not list(tmp_path.iterdir())


def test_a_key_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    path = tmp_path / "seal.key"
    with pytest.raises(KeyProblemError, match="gouji key new"):
        load_key(path)
    new_key(path, "某科")
    new_key(tmp_path / "other.key", "某科")
    path.with_suffix(".pub").write_bytes((tmp_path / "other.pub").read_bytes())
    with pytest.raises(KeyProblemError, match="不是一对"):
        load_key(path)
    path.write_bytes(b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n")
    with pytest.raises(KeyProblemError, match="损坏"):
        load_key(path)


def test_a_trust_list_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    one = PublicKey("ab" * 32, "某局 财务科")
    assert parse_trust(f"# 名单\n\n{one.line}\r\n", "名单") == (one,)
    for wrong in (
        "ed25519 abc 某局",
        f"rsa {one.key} 某局",
        f"ed25519 {one.key}",
        f"ed25519 {one.key.upper()} x",
    ):
        with pytest.raises(KeyProblemError, match="第 2 行"):
            parse_trust(f"{one.line}\n{wrong}\n", "名单")
    path = tmp_path / "home" / "trusted.txt"
    assert add_trusted(path, (one,)) == (one,)
    assert add_trusted(path, (one,)) == ()
    two = PublicKey("cd" * 32, "另一局")
    assert add_trusted(path, (one, two)) == (two,)
    assert read_trust(path) == (one, two)
