"""The records of a run as tables: departments, files, findings, indicators, what differs from last year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gouji.batch.discover import Skipped
from gouji.batch.work import ANNOTATED
from gouji.batch.yearly import Note, compare

__all__ = ["FINDINGS", "STATES", "Frames", "gather"]

STATES = ("需改正", "没有检查成", "请核对", "没有问题")
"""How a department stands, the worst first."""
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
FIXES = {"safe": "可自动改", "unsafe": "请确认后改", "display": "仅供参考"}
FINDINGS = (
    "单位",
    "文件",
    "表式",
    "规则",
    "规则名称",
    "级别",
    "工作表",
    "单元格",
    "项目",
    "说明",
    "填的",
    "应为",
    "改法",
)
_DEPARTMENTS = (
    "id", "单位", "文件夹", "状态", "表式", "年度", "文件数", "错误", "警告", "提示", "没有检查成", "没法检查",
    "执行率", "自评得分", "预算万元", "支出万元", "在职人数", "公用经费万元", "副本",
)  # fmt: skip
_FILES = ("单位", "文件", "状态", "原因")
_INDICATORS = ("单位", "表式", "指标", "类别", "目标", "目标单位", "完成", "完成单位", "位置")
_YEARLY = ("单位", "上年文件", "内容", "把握", "说明")
_PACKAGES = ("单位", "报送包", "核验", "封存单位", "封存时间", "封存时", "说明")
_UNCHECKED = {"not_checked": "没有检查成", "partial": "有内容没法检查"}


@dataclass(frozen=True, slots=True)
class Frames:
    """The tables. ``departments`` is worst first; ``findings`` is in the order of departments and files."""

    departments: pd.DataFrame
    files: pd.DataFrame
    findings: pd.DataFrame
    indicators: pd.DataFrame
    yearly: pd.DataFrame
    packages: pd.DataFrame
    counts: Counter[str]


def gather(records: Callable[[], Iterable[dict[str, Any]]], skipped: Iterable[Skipped] = ()) -> Frames:
    """Build the tables; figures become numbers, everything typed stays text.

    Args:
        records: Gives the records anew each time; they are read twice, because all at once may be too much.
        skipped: The files that were not checked.
    """
    departments: list[tuple[Any, ...]] = []
    files: list[tuple[Any, ...]] = []
    findings: list[tuple[Any, ...]] = []
    indicators: list[tuple[Any, ...]] = []
    yearly: list[tuple[Any, ...]] = []
    packages: list[tuple[Any, ...]] = []
    counts: Counter[str] = Counter()
    names = _names([(one["id"], one["name"], one["folder"]) for one in records()])
    rule_names = _rule_names()
    for record, name in zip(records(), names, strict=True):
        told = Counter[str]()
        for document in record["documents"]:
            told["files"] += 1
            told[document["status"]] += 1
            if document["status"] in _UNCHECKED:
                reason = (document["reason"] or {}).get("text")
                files.append((name, document["path"], _UNCHECKED[document["status"]], reason))
            for found in document["findings"]:
                told[found["severity"]] += 1
                findings.append(
                    (
                        name,
                        found["location"]["document"],
                        _form(document["form"]),
                        *_finding(found, rule_names),
                    )
                )
        profile = record["profile"] or {}
        form = next((one["form"] for one in record["documents"] if one["form"]), None)
        departments.append(
            (
                record["id"],
                name,
                record["folder"],
                _state(told),
                _form(form),
                profile.get("year"),
                told["files"],
                told["error"],
                told["warning"],
                told["info"],
                told["not_checked"],
                told["partial"],
                *(
                    _figure(profile.get(key))
                    for key in ("rate", "score", "budget", "spent", "heads", "public")
                ),
                _copy(record),
            )
        )
        indicators += [(name, _form(form), *_indicator(one)) for one in profile.get("indicators", ())]
        yearly += [(name, earlier, *_told(note)) for earlier, note in _notes(record)]
        if record["package"] is not None:
            packages.append((name, record["id"], *_package(record["package"])))
        counts.update(told)
        counts["submissions"] += 1
    files += [("", one.path, "不在检查范围", one.reason) for one in skipped]
    return Frames(
        _worst_first(pd.DataFrame(departments, columns=list(_DEPARTMENTS))),
        pd.DataFrame(files, columns=list(_FILES)),
        pd.DataFrame(findings, columns=list(FINDINGS)),
        pd.DataFrame(indicators, columns=list(_INDICATORS)),
        pd.DataFrame(yearly, columns=list(_YEARLY)),
        pd.DataFrame(packages, columns=list(_PACKAGES)),
        counts,
    )


def _package(told: dict[str, Any]) -> tuple[Any, ...]:
    """What verifying came to; why it failed stands with the files that were not checked."""
    said = "完整可信" if told["whole"] and told["trusted"] else "封存者不可信" if told["whole"] else "不完整"
    return said, told["signer"], told["sealed_at"], told["sealed_as"], "；".join(told["notices"])


def _names(known: list[tuple[str, str, str]]) -> list[str]:
    """What each department is called, by id, name and folder; with its folder, or its file, where others are called so."""
    seen = Counter(name for _, name, _ in known)
    longer = [f"{folder}/{name}" if seen[name] > 1 and folder else name for _, name, folder in known]
    again = Counter(longer)
    return [own_id if again[name] > 1 else name for (own_id, _, _), name in zip(known, longer, strict=True)]


def _rule_names() -> dict[str, str]:
    from gouji.rule.registry import all_rules  # noqa: PLC0415  # where names are needed

    return {rule.code: rule.doc.what for rule in all_rules()}


def _finding(found: dict[str, Any], rule_names: dict[str, str]) -> tuple[Any, ...]:
    place = found["location"]
    where = place["cell"] or (f"第{place['paragraph']}段" if place["paragraph"] else None)
    return (
        found["code"],
        _short(rule_names.get(found["code"], found["name"])),
        SEVERITIES[found["severity"]],
        place["sheet"],
        where,
        place["label"],
        found["message"],
        found["observed"],
        found["expected"],
        None if found["fix"] is None else FIXES[found["fix"]["applicability"]],
    )


def _indicator(one: dict[str, Any]) -> tuple[Any, ...]:
    target, actual = _figure(one["target"]), _figure(one["actual"])
    return one["name"], one["group"], target, one["unit"], actual, one["actual_unit"], one["cell"]


def _short(what: str) -> str:
    """The first clause of what a rule checks, as its name."""
    clause = what.replace("；", "。").partition("。")[0]
    return clause if len(clause) <= 26 else f"{clause[:25]}…"


def _form(form: str | None) -> str:
    return {None: "—", "generic": "通用"}.get(form, form or "—")


def _figure(text: str | None) -> float | None:
    """For statistics and charts only; amounts are never computed with in binary."""
    return None if text is None else float(text)


def _state(told: Counter[str]) -> str:
    if told["error"]:
        return STATES[0]
    if told["not_checked"] or told["partial"]:
        return STATES[1]
    return STATES[2] if told["warning"] else STATES[3]


def _copy(record: dict[str, Any]) -> str | None:
    """The copy to send back."""
    paths = [one["path"] for one in record["copies"] if one["path"]]
    marked = [path for path in paths if path.startswith(f"{ANNOTATED}/")]
    return next(iter(marked or paths), None)


def _worst_first(departments: pd.DataFrame) -> pd.DataFrame:
    ranks = departments["状态"].map({state: rank for rank, state in enumerate(STATES)})
    order = departments.assign(rank=ranks).sort_values(
        ["rank", "错误", "没有检查成", "警告", "提示", "id"],
        ascending=[True, False, False, False, False, True],
        kind="stable",
    )
    return order.drop(columns="rank").reset_index(drop=True)


def _notes(record: dict[str, Any]) -> Iterable[tuple[str, Note]]:
    for earlier in record["prior"]:
        if record["profile"] is not None and earlier["profile"] is not None:
            for note in compare(record["profile"], earlier["profile"]):
                yield earlier["path"], note


def _told(note: Note) -> tuple[str, str, str]:
    return note.kind, note.sure, note.text
