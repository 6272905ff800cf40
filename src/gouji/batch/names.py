"""Whose file is it? The department in a file's or folder's name, freed of what every such name says."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["core", "folder_core", "is_numbering", "is_report_name"]

_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(rf"{_YEAR}[-./年]?\d{{1,2}}[-./月]?\d{{1,2}}日?(?!\d)")
_YEARS = re.compile(rf"(?<!\d){_YEAR}(?!\d)\s*(?:年度|年)?")
_NUMBERED = re.compile(r"附[件表录]\s*[\d一二三四五六七八九十]*(?:[-.]\d+)*")
_LEADING = re.compile(r"^\s*\d{1,4}\s*[.、_\-\s)]\s*(?=\D)")
_COMMON = re.compile(
    r"部门\(单位\)|部门整体|整体支出|项目支出|预算|支出|绩效|自我评价|自评|评价|评估|报告书?|总结|情况|基础数据|佐证|"
    r"表格|申报|填报|报送包?|上报|提交|扫描件|复印件|电子[版档]|盖章[版件]|最终[版稿]?|终稿|定稿|正式[版稿]|修改[版稿]?|"
    r"修订[版稿]?|改后|资料|材料|文件夹?|文档|数据|关于|年度|全年|附件|附表|说明|明细|汇总|完整|整体|部门|单位|副本|v\d+",
    re.IGNORECASE,
)
_ENDS = re.compile(r"^(?:的|和|与|及)+|(?:的|和|与|及|表|书)+$")
_MARKS = re.compile(r"[\W_]+")


def core(stem: str) -> str:
    """What is left of a file's name without its ending: the department, or a number, or nothing.

    Examples:
        >>> core("附件2：芦淞区残联2024年度部门整体支出绩效自评表（盖章版）")
        '芦淞区残联'
        >>> core("自评表 (3)"), core("合成12"), core("2024年自评报告")
        ('3', '合成12', '')
    """
    text = unicodedata.normalize("NFKC", stem)
    for pattern in (_NUMBERED, _DATE, _YEARS, _LEADING, _COMMON):
        text = pattern.sub(" ", text)
    return "".join(_ENDS.sub("", piece) for piece in _MARKS.split(text)).lower()


def folder_core(name: str) -> str:
    """The same for a folder, whose year and number tell it from its neighbours; empty for one named 附件 or 表格.

    Examples:
        >>> folder_core("附件"), folder_core("2024年"), folder_core("民政局材料"), folder_core("03")
        ('', '2024', '民政局', '03')
    """
    known = core(name)
    if known and not known.isdigit():
        return known
    text = unicodedata.normalize("NFKC", name)
    return "".join(re.findall(r"\d+", _NUMBERED.sub("", text)))


def is_numbering(known: str) -> bool:
    """Whether a core is a mere number, which tells copies apart but names nobody."""
    return known.isdigit()


def is_report_name(stem: str) -> bool:
    """Whether a document calls itself a report rather than a form.

    Examples:
        >>> is_report_name("民政局自评报告"), is_report_name("民政局自评表")
        (True, False)
    """
    return "报告" in stem or "表" not in stem
