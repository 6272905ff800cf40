"""The signed list of what is in a package and what its check came to: canonical JSON (RFC 8785).

Everything a receiver is told stands in it and is signed. The signature is Ed25519 over a prefix that names the
purpose and the very bytes of the manifest, so nothing has to be parsed before it is verified. The algorithm is named:
another one (SM2) can be added without another layout.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import rfc8785

from gouji.frozen import frozen
from gouji.report.words import shown
from gouji.seal.keys import ALGORITHM, PublicKey

__all__ = [
    "CELLS",
    "COVER",
    "MANIFEST",
    "SCHEMA",
    "SIGNATURE",
    "BadManifestError",
    "Manifest",
    "Part",
    "message",
    "read_manifest",
    "sha256",
]

SCHEMA = "gouji.seal/1"
MANIFEST, SIGNATURE, COVER, CELLS = "manifest.json", "manifest.sig", "cover.txt", "cells.json"
STATUSES = ("clean", "findings", "partial")
ROLES = ("workbook", "report", "original", "cover", "cells", "check")
_NAME = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9]+", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LARGEST = 8 << 20


class BadManifestError(ValueError):
    """The manifest is not what this program writes; the message is Chinese."""


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def message(manifest: bytes) -> bytes:
    """What is signed: the purpose, so that a signature made for anything else is none of this, and the manifest."""
    return SCHEMA.encode() + b"\n" + manifest


@frozen
class Part:
    """One file of the package; ``original`` is the name it had where it came from."""

    name: str
    role: str
    original: str
    size: int
    sha256: str


@frozen
class Manifest:
    """A manifest that was read; ``content`` is all of it, the fields are what verifying looks at."""

    content: dict[str, Any]
    parts: tuple[Part, ...]
    signer: PublicKey
    status: str


def read_manifest(data: bytes) -> Manifest:
    """Read and check a manifest.

    Raises:
        BadManifestError: It is not canonical JSON, not of this schema, or signed by an algorithm unknown here.
    """
    if len(data) > _LARGEST:
        raise BadManifestError("清单太大")
    try:
        content = json.loads(data)
        canonical = rfc8785.dumps(content)
    except (ValueError, RecursionError, rfc8785.CanonicalizationError):
        raise BadManifestError("清单不是规范的 JSON") from None
    if canonical != data or not isinstance(content, dict):
        raise BadManifestError("清单不是规范的 JSON")
    if content.get("schema") != SCHEMA:
        raise BadManifestError("清单的版本不认识，可能由更新的 gouji 封存；请更新后再核验")
    try:
        algorithm = content["signer"]["algorithm"]
        if algorithm != ALGORITHM:
            raise BadManifestError(f"签名算法 {shown(str(algorithm))[:20]} 不认识；请更新 gouji 后再核验")
        signer = PublicKey(content["signer"]["public_key"], content["signer"]["name"])
        parts = tuple(
            Part(each["name"], each["role"], each["original"], each["size"], each["sha256"])
            for each in content["parts"]
        )
        manifest = Manifest(content, parts, signer, content["status"])
        sound = _sound(manifest)
    except (KeyError, TypeError, AttributeError):
        sound = False
    if not sound:
        raise BadManifestError("清单缺少内容或内容不对")
    return manifest


def _sound(manifest: Manifest) -> bool:
    names = [part.name for part in manifest.parts]
    content = manifest.content
    return (
        manifest.status in STATUSES
        and isinstance(manifest.signer.name, str)
        and _HASH.fullmatch(manifest.signer.key) is not None
        and len(set(names)) == len(names)
        and all(
            _NAME.fullmatch(part.name)
            and part.role in ROLES
            and isinstance(part.original, str)
            and isinstance(part.size, int)
            and _HASH.fullmatch(part.sha256)
            for part in manifest.parts
        )
        and isinstance(content["sealed_at"], str)
        and isinstance(content["tool"]["version"], str)
        and isinstance(content["rules"]["sha256"], str)
        and isinstance(content["findings"]["sha256"], str)
        and all(isinstance(content["findings"][key], int) for key in ("error", "warning", "info", "accepted"))
        and all(isinstance(each["part"], str) for each in content["overrides"])
    )
