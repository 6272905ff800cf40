"""Signing keys and the list of those that are trusted.

A key pair is Ed25519 (RFC 8032). The private key is a PKCS#8 PEM file of mode 600, encrypted where a passphrase is
given. A public key is one line of text, ``ed25519 HEX NAME``; a trust list is a file of such lines. The name is that of
an office or role (某局财务科), not of a person.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gouji.frozen import frozen
from gouji.home import home

__all__ = [
    "ALGORITHM",
    "PASSPHRASE",
    "KeyProblemError",
    "PublicKey",
    "SigningKey",
    "add_trusted",
    "default_key",
    "default_trust",
    "is_encrypted",
    "load_key",
    "new_key",
    "parse_trust",
    "read_trust",
    "verified",
]

ALGORITHM = "ed25519"
PASSPHRASE = "GOUJI_KEY_PASSPHRASE"  # noqa: S105 # the name of an environment variable
_LINE = re.compile(r"(?P<algorithm>\S+)\s+(?P<key>[0-9a-f]{64})\s+(?P<name>\S.*)", re.ASCII)
_MOST_LINES = 10_000
_LONGEST_NAME = 60


class KeyProblemError(ValueError):
    """A key or trust list that cannot be used; the message is Chinese and names file and way out."""


@frozen
class PublicKey:
    """A public key and the name of the office it stands for; ``key`` is lower-case hexadecimal."""

    key: str
    name: str
    algorithm: str = ALGORITHM

    @property
    def fingerprint(self) -> str:
        """What two people compare by telephone: 16 digits of the key's SHA-256, in fours."""
        digest = hashlib.sha256(bytes.fromhex(self.key)).hexdigest()[:16]
        return " ".join(digest[at : at + 4] for at in range(0, 16, 4))

    @property
    def line(self) -> str:
        """The key as a line of a trust list."""
        return f"{self.algorithm} {self.key} {self.name}"


@frozen(eq=False)
class SigningKey:
    """A private key ready to sign, with its public half."""

    public: PublicKey
    private: Ed25519PrivateKey

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature."""
        return self.private.sign(message)


def verified(public: PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether this key made this signature over this message."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public.key)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def default_key() -> Path:
    """Where the user's own key is kept."""
    return Path(home()) / "seal.key"


def default_trust() -> Path:
    """Where the user's list of trusted keys is kept."""
    return Path(home()) / "trusted.txt"


def _public_file(path: Path) -> Path:
    return path.with_suffix(".pub")


def new_key(path: Path, name: str, passphrase: str | None = None) -> PublicKey:
    """Make a key pair: the private key at ``path``, its public line beside it (``.pub``).

    Args:
        path: Where the private key goes; its folder is made.
        name: The office or role that signs.
        passphrase: Encrypts the private key; None leaves it to the file's mode alone.

    Raises:
        KeyProblemError: The name is empty or too long, or there is a key already: a key is never overwritten.
        OSError: The files cannot be written.
    """
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise KeyProblemError(f"名称应为 1 至 {_LONGEST_NAME} 个字，写单位和岗位，如“某某局财务科”")
    public_path = _public_file(path)
    for taken in (path, public_path):
        if os.path.lexists(taken):
            raise KeyProblemError(
                f"{taken} 已存在。密钥不能覆盖：覆盖后无法再用它封存；确实要换，请先把旧文件移走"
            )
    private = Ed25519PrivateKey.generate()
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        encryption = serialization.BestAvailableEncryption(passphrase.encode())
    pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    public = _public(private, name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_new(path, pem, 0o600)
    _write_new(public_path, f"{public.line}\n".encode(), 0o644)
    return public


def _public(private: Ed25519PrivateKey, name: str) -> PublicKey:
    raw = private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return PublicKey(raw.hex(), name)


def _write_new(path: Path, data: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), mode)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)


def is_encrypted(path: Path) -> bool:
    """Whether there is a private key here that needs a passphrase.

    Raises:
        OSError: It cannot be read.
    """
    return path.exists() and b"ENCRYPTED" in path.read_bytes()[:200]


def load_key(path: Path, passphrase: str | None = None) -> SigningKey:
    """Read a private key and its name.

    Raises:
        KeyProblemError: There is none, others may read it, it is damaged, or the passphrase is missing or wrong.
    """
    try:
        mode = path.stat().st_mode
        pem = path.read_bytes()
        [public] = parse_trust(_public_file(path).read_text(encoding="utf-8"), str(_public_file(path)))
    except FileNotFoundError as error:
        raise KeyProblemError(
            f"找不到密钥文件 {error.filename}；请先运行 gouji key new --name 单位或岗位名称 生成密钥"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyProblemError(f"打不开密钥文件 {path}（{error}）") from None
    except ValueError as error:
        why = str(error) if isinstance(error, KeyProblemError) else "应只有一行"
        raise KeyProblemError(f"公钥文件 {_public_file(path)} 不对（{why}）") from None
    if os.name != "nt" and stat.S_IMODE(mode) & 0o077:
        raise KeyProblemError(f"密钥文件 {path} 别人也能读，没有使用；请先运行 chmod 600 {path}")
    try:
        private = serialization.load_pem_private_key(pem, passphrase.encode() if passphrase else None)
    except TypeError:
        why = "有口令，请输入口令" if not passphrase else "没有口令，不必输入"
        raise KeyProblemError(f"密钥文件 {path} {why}") from None
    except ValueError:
        raise KeyProblemError(
            f"密钥文件 {path} 打不开：{'口令不对，或' if passphrase else ''}文件已损坏"
        ) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyProblemError(f"密钥文件 {path} 不是 Ed25519 密钥")
    if _public(private, public.name) != public:
        raise KeyProblemError(f"{path} 与 {_public_file(path)} 不是一对密钥")
    return SigningKey(public, private)


def parse_trust(text: str, where: str) -> tuple[PublicKey, ...]:
    """The keys of a trust list; empty lines and those that begin with ``#`` do not count.

    Args:
        text: The list.
        where: Its name, for the message.

    Raises:
        KeyProblemError: A line is no key. A list that is half understood would be half trusted.
    """
    found = []
    lines = text.removeprefix("\ufeff").splitlines()
    if len(lines) > _MOST_LINES:
        raise KeyProblemError(f"{where} 超过 {_MOST_LINES} 行")
    for number, line in enumerate(lines, 1):
        line = line.strip()  # noqa: PLW2901 - the line as it counts
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None or match["algorithm"] != ALGORITHM:
            raise KeyProblemError(f"{where} 第 {number} 行不是公钥（应为“ed25519 64位十六进制 名称”）")
        found.append(PublicKey(match["key"], match["name"].strip()))
    return tuple(found)


def read_trust(path: Path) -> tuple[PublicKey, ...]:
    """The keys that a file lists.

    Raises:
        KeyProblemError: The file cannot be read or is no trust list.
    """
    try:
        return parse_trust(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise KeyProblemError(f"打不开信任名单 {path}（{error}）") from None


def add_trusted(path: Path, keys: tuple[PublicKey, ...]) -> tuple[PublicKey, ...]:
    """Add keys to a trust list, making it where there is none; those added.

    Raises:
        KeyProblemError: The list is there and cannot be read.
        OSError: It cannot be written.
    """
    known = read_trust(path) if path.exists() else ()
    added = tuple(each for each in keys if each.key not in {one.key for one in known})
    if added:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        before = path.read_text(encoding="utf-8") if known else ""
        if before and not before.endswith("\n"):
            before += "\n"
        text = before + "".join(f"{each.line}\n" for each in added)
        beside = path.with_name(path.name + ".new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    return added
