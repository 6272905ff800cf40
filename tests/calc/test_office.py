"""LibreOffice as a second opinion: it recalculates always, sees no links, and never hangs the caller."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from gouji.calc.engine import EngineFailedError
from gouji.calc.office_engine import OfficeEngine, calculation_copy
from tests.write.kit import rows, workbook

STALE = workbook({"表": rows('<row r="1"><c r="A1"><f>1+1</f><v>99</v></c></row>')})


@pytest.mark.office
def test_stored_values_are_not_taken_on_trust_and_a_bad_file_spoils_no_other() -> None:
    good, bad, also_good = OfficeEngine().compute([STALE, b"not a workbook", STALE])
    assert isinstance(bad, EngineFailedError)
    for one in (good, also_good):
        assert not isinstance(one, EngineFailedError)
        assert one["表", 1, 1] == Decimal(2)


def test_the_copy_it_gets_holds_no_pictures_links_or_macros() -> None:
    extra = {
        "xl/drawings/drawing1.xml": "",
        "xl/vbaProject.bin": "",
        "xl/externalLinks/externalLink1.xml": "",
        "xl/theme/theme1.xml": "",
    }
    with zipfile.ZipFile(io.BytesIO(calculation_copy(workbook({"表": rows("")}, extra=extra)))) as copy:
        assert "xl/theme/theme1.xml" in copy.namelist()
        assert not set(extra) - {"xl/theme/theme1.xml"} & set(copy.namelist())
        assert "xl/vbaProject.bin" not in copy.namelist()


def test_a_program_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nsleep 30\n")
    program.chmod(0o755)
    (answer,) = OfficeEngine(str(program), timeout=0.3).compute([STALE])
    assert isinstance(answer, EngineFailedError)
    assert "超过" in str(answer)


def test_a_program_that_does_nothing_is_noticed(tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (answer,) = OfficeEngine(str(program)).compute([STALE])
    assert isinstance(answer, EngineFailedError)
