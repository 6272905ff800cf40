"""Which files belong together: a department's folder, a department's name, and nothing guessed beyond that."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.batch.discover import CHECKED, discover
from gouji.batch.prior import match
from gouji.model import Confidence


def _tree(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def _grouped(root: Path) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(each.name, each.forms, each.texts) for each in discover(root).submissions]


@pytest.mark.parametrize(
    ("files", "groups"),
    [
        pytest.param(
            ["民政局/自评表.xlsx", "民政局/自评报告.docx"],
            [("民政局", ("民政局/自评表.xlsx",), ("民政局/自评报告.docx",))],
            id="a folder is a department",
        ),
        pytest.param(
            ["附件/1.民政局自评表.xls", "材料/2024年民政局自评报告.docx", "材料/审计局报告.docx"],
            [
                ("民政局", ("附件/1.民政局自评表.xls",), ("材料/2024年民政局自评报告.docx",)),
                ("审计局", ("材料/审计局报告.docx",), ()),
            ],
            id="a name in folders that name nobody",
        ),
        pytest.param(
            ["市民政局自评表.xlsx", "民政局报告.docx", "审计局自评表.xlsx"],
            [
                ("审计局", ("审计局自评表.xlsx",), ()),
                ("市民政局", ("市民政局自评表.xlsx",), ("民政局报告.docx",)),
            ],
            id="a shorter form of the name",
        ),
        pytest.param(
            ["1.xlsx", "2.xlsx", "自评表(3).xlsx"],
            [("1", ("1.xlsx",), ()), ("2", ("2.xlsx",), ()), ("自评表(3)", ("自评表(3).xlsx",), ())],
            id="numbers tell files apart",
        ),
        pytest.param(
            ["2023/民政局.xlsx", "2024/民政局.xlsx"],
            [("民政局", ("2023/民政局.xlsx",), ()), ("民政局", ("2024/民政局.xlsx",), ())],
            id="years are not mixed",
        ),
        pytest.param(
            ["残联/自评表.docx", "残联/自评报告.docx"],
            [("残联", ("残联/自评表.docx",), ("残联/自评报告.docx",))],
            id="a form in Word",
        ),
    ],
)
def test_what_belongs_together(
    tmp_path: Path, files: list[str], groups: list[tuple[str, tuple[str, ...], tuple[str, ...]]]
) -> None:
    assert sorted(_grouped(_tree(tmp_path, *files))) == sorted(groups)


def test_what_is_not_checked_is_told(tmp_path: Path) -> None:
    root = _tree(
        tmp_path,
        "自评表.xlsx",
        "照片.jpg",
        "自评表.已批注.xlsx",
        "~$自评表.xlsx",
        ".隐藏.xlsx",
        "结果/旧.xlsx",
    )
    found = discover(root, [root / "结果"])
    assert [each.id for each in found.submissions] == ["自评表.xlsx"]
    assert [one.path for one in found.skipped] == ["照片.jpg", "自评表.已批注.xlsx"]


_NAMES = st.lists(
    st.tuples(
        st.sampled_from(["", "民政局/", "附件/", "民政局/附件/", "2024/", "03/"]),
        st.sampled_from(["", "民政局", "审计局", "1", "附件2", "2024年"]),
        st.sampled_from(["自评表", "自评报告", "绩效", ""]),
        st.sampled_from(["", "(2)", "终稿"]),
        st.sampled_from([*sorted(CHECKED), ".pdf"]),
    ).map(lambda parts: "".join(parts[:4]) + "x" * (not any(parts[1:4])) + parts[4]),
    unique=True,
    max_size=8,
)


@settings(max_examples=25)
@given(_NAMES)
def test_every_file_is_in_one_submission_or_left_out(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = discover(_tree(Path(folder), *names))
    told = [path for each in found.submissions for path in each.files] + [one.path for one in found.skipped]
    assert sorted(told) == sorted(names)
    assert len({each.id for each in found.submissions}) == len(found.submissions)


def test_last_year_is_found_by_place_by_name_or_by_likeness(tmp_path: Path) -> None:
    now = _tree(
        tmp_path / "2024",
        "民政局/自评表.xlsx",
        "审计局自评表.xlsx",
        "市残疾人联合会自评表.xlsx",
        "教育局自评表.xlsx",
    )
    earlier = _tree(tmp_path / "2023", "民政局/表.xlsx", "旧/审计局.xlsx", "残疾人联合会.xlsx", "体育局.xlsx")
    found = match(discover(now).submissions, discover(earlier).submissions)
    assert {one: (each.submission.id, each.confidence) for one, each in found.items()} == {
        "民政局/自评表.xlsx": ("民政局/表.xlsx", Confidence.CERTAIN),
        "审计局自评表.xlsx": ("旧/审计局.xlsx", Confidence.CERTAIN),
        "市残疾人联合会自评表.xlsx": ("残疾人联合会.xlsx", Confidence.LIKELY),
    }
