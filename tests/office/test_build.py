"""Workbooks with buttons: whole packages, macros that compile, buttons that lead somewhere, the same bytes again."""

from __future__ import annotations

import io
import re
import subprocess
import sysconfig
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from pathlib import Path
from posixpath import dirname, join, normpath

import openpyxl
import pytest
import xlwings as xw
from oletools.olevba import VBA_Parser

from gouji.form.root import forms_root
from gouji.office.build import addin, sources, with_buttons
from gouji.office.buttons import all_buttons, macros_root
from gouji.source import read_bytes
from tests.write.kit import rows, workbook

EXAMPLE = Path(__file__).parents[2] / "examples" / "lusong-2024.xlsx"
ANALYSIS = Path(sysconfig.get_path("scripts")) / "pyvbaanalysis"
_ONLY_OURS = ("--only", "GoujiLink", "--only", "GoujiButtons")  # xlwings is not ours to judge
KINDS = ["workbook", "addin"]


@pytest.fixture(scope="module")
def built() -> dict[str, bytes]:
    return {"workbook": with_buttons(EXAMPLE.read_bytes()), "addin": addin()}


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


def modules(data: bytes, suffix: str) -> dict[str, str]:
    found = VBA_Parser(f"x{suffix}", data=data)
    return {name: code.replace("\r\n", "\n") for _, _, name, code in found.extract_macros()}


def subs(code: str) -> set[str]:
    return set(re.findall(r"^Public Sub (\w+)", code, re.MULTILINE))


def test_what_follows_from_the_list_of_buttons_is_up_to_date() -> None:
    for name, text in sources().items():
        assert (macros_root() / name).read_text("utf-8") == text, "python -m gouji.office.build sources"


@pytest.mark.parametrize("template", sorted(forms_root().glob("*/*.xlsx")), ids=lambda path: path.stem)
def test_the_templates_with_buttons_are_up_to_date(template: Path) -> None:
    """Run ``python tools/templates.py`` after changing a form, the builder, the buttons or the macros."""
    built = with_buttons(template.read_bytes())
    assert parts(template.with_suffix(".xlsm").read_bytes()) == parts(built)


def test_building_again_gives_the_same_bytes(built: dict[str, bytes]) -> None:
    assert with_buttons(EXAMPLE.read_bytes()) == built["workbook"]
    assert addin() == built["addin"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_macros_read_back_are_the_sources(built: dict[str, bytes], kind: str) -> None:
    found = modules(built[kind], ".xlsm")
    for path in (macros_root() / "vba").glob("*.bas"):
        assert found[path.name] == path.read_text("ascii")
    assert ("xlwings.bas" in found) == (kind == "addin")
    if kind == "addin":
        assert 'PROJECT_NAME As String = "gouji"' in found["xlwings.bas"]
        assert "Public Function RunPython" in found["xlwings.bas"]


@pytest.mark.parametrize("kind", KINDS)
def test_relationships_content_types_and_shape_ids_are_whole(built: dict[str, bytes], kind: str) -> None:
    inside = parts(built[kind])
    types = ET.fromstring(inside["[Content_Types].xml"])
    overrides = {
        one.get("PartName", "").lstrip("/"): one.get("ContentType", "")
        for one in types
        if "PartName" in one.attrib
    }
    defaults = {one.get("Extension", "").lower() for one in types if "Extension" in one.attrib}
    assert set(overrides) <= set(inside)
    for name in inside:
        assert (
            name == "[Content_Types].xml" or name in overrides or name.rpartition(".")[2].lower() in defaults
        )
    expected = "addin" if kind == "addin" else "sheet"
    assert overrides["xl/workbook.xml"] == f"application/vnd.ms-excel.{expected}.macroEnabled.main+xml"
    assert overrides["xl/vbaProject.bin"] == "application/vnd.ms-office.vbaProject"
    for name, content in inside.items():
        if name.endswith(".rels"):
            owner = dirname(dirname(name))
            ids = [one.get("Id") for one in ET.fromstring(content)]
            assert len(ids) == len(set(ids))
            for one in ET.fromstring(content):
                if one.get("TargetMode") != "External":
                    target = one.get("Target", "")
                    assert normpath(join("/", owner, target)).lstrip("/") in inside, (name, target)
        if "/drawings/" in name and name.endswith(".xml"):
            shapes = re.findall(rb'<xdr:cNvPr id="(\d+)"', content)
            assert len(shapes) == len(set(shapes)) == len(all_buttons())


@pytest.mark.parametrize("kind", KINDS)
def test_every_code_name_has_its_module(built: dict[str, bytes], kind: str) -> None:
    inside = parts(built[kind])
    names = [
        found.decode()
        for name, content in inside.items()
        if name.startswith("xl/") and name.endswith(".xml")
        for found in re.findall(rb'codeName="(\w+)"', content)
    ]
    assert len(names) == len(set(names)) >= 2
    assert {f"{name}.cls" for name in names} <= set(modules(built[kind], ".xlsm"))


def test_every_button_leads_to_a_public_sub_and_every_sub_to_a_function(built: dict[str, bytes]) -> None:
    for kind, data in built.items():
        code = modules(data, ".xlsm")
        public = set().union(*(subs(text) for text in code.values()))
        inside = parts(data)
        asked = [
            macro.decode()
            for content in inside.values()
            for macro in re.findall(rb'(?:macro="\[0\]!|onAction=")(\w+)"', content)
        ]
        assert len(asked) == len(all_buttons()) * (2 if kind == "addin" else 1)
        assert set(asked) <= public
        commands = re.findall(r'GoujiRun "([^"]+)"', code["GoujiButtons.bas"])
        assert commands == [button.command for button in all_buttons()]
    for button in all_buttons():
        compile(button.command, button.macro, "exec")
        assert button.resolve().__doc__


def test_nothing_else_of_the_workbook_is_touched(built: dict[str, bytes]) -> None:
    before, after = parts(EXAMPLE.read_bytes()), parts(built["workbook"])
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
    }
    cells = [[c.value for row in s.iter_rows() for c in row] for s in openpyxl.load_workbook(EXAMPLE)]
    again = openpyxl.load_workbook(io.BytesIO(built["workbook"]), keep_vba=True)
    assert [[c.value for row in s.iter_rows() for c in row] for s in again] == cells
    assert read_bytes(built["workbook"], "x.xlsm").kind == "xlsm"


def test_buttons_keep_clear_of_cells_and_of_shapes_that_are_there() -> None:
    hidden = (
        '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2" ht="60"><c r="C2"><v>1</v></c></row>'
    )
    drawn = parts(with_buttons(workbook({"表": rows(hidden)})))["xl/drawings/drawing1.xml"].decode()
    assert set(re.findall(r"<xdr:col>(\d+)</xdr:col>", drawn)) == {"4"}  # C is the last column: D stays free
    assert re.findall(r"<xdr:row>(\d+)</xdr:row>", drawn)[:3] == ["1", "1", "2"]
    with pytest.raises(ValueError, match="macros already"):
        with_buttons(with_buttons(workbook({"表": rows("")})))


def test_the_linters_find_nothing_in_our_macros(built: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "gouji.xlam").write_bytes(built["addin"])
    ran = subprocess.run(
        [ANALYSIS, "--whole-project", *_ONLY_OURS, tmp_path / "gouji.xlam"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "no diagnostics" in ran.stdout, ran.stdout


@pytest.mark.office
def test_libreoffice_compiles_the_macros_and_binds_the_buttons(
    built: dict[str, bytes], opened: Callable[..., xw.Book], tmp_path: Path
) -> None:
    (tmp_path / "自评表.xlsm").write_bytes(built["workbook"])
    book = opened(tmp_path / "自评表.xlsm")
    shapes = book.sheets[0].api.DrawPage
    scripts = [
        {one.Name: one.Value for one in shape.Events.getByName("OnClick")}["Script"]
        for shape in (shapes.getByIndex(number) for number in range(shapes.Count))
    ]
    assert [script.partition("?")[0].rpartition(".")[2] for script in scripts] == [
        button.macro for button in all_buttons()
    ]
    assert book.macro("GoujiCanary")() == "alive"
