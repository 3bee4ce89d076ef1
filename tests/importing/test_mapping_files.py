"""Mapping files are records: checked, in canonical form, and in step with what the importer knows."""

import shutil
from pathlib import Path
from typing import get_args

from kg.catalog.checks import check_catalog
from kg.catalog.loader import load_all
from kg.importing import KINDS
from kg.importing.columns import ROLES
from kg.model import ColumnMapping, ImportMapping

_HEAD = "# yaml-language-server: $schema=../schema/mapping.schema.json\n"


def problems(folder: Path, name: str, text: str) -> list[str]:
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources" / name).write_text(_HEAD + text, encoding="utf-8")
    loaded = load_all(folder)
    return [str(problem) for problem in (*loaded.problems, *check_catalog(loaded.catalog, folder))]


def test_a_mapping_file_is_checked(tmp_path: Path, toy_root: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(toy_root, folder)
    text = "source: sindilab\ncolumns:\n  - heading: Model\n    role: name\n"
    assert problems(folder, "sindilab.yaml", text) == []
    (bad_role,) = problems(folder, "sindilab.yaml", text.replace("role: name", "role: nmae"))
    assert bad_role.startswith("sources/sindilab.yaml:5: columns[0].role: 'nmae' is not allowed")
    (folder / "sources" / "sindilab.yaml").unlink()
    (unknown,) = problems(folder, "nowhere.yaml", "source: nowhere\n")
    assert "there is no source 'nowhere'" in unknown


def test_roles_and_formats_are_those_of_the_importer() -> None:
    assert set(get_args(ColumnMapping.model_fields["role"].annotation)) == set(ROLES)
    assert set(get_args(ImportMapping.model_fields["format"].annotation)) == {"auto", *KINDS}


def test_each_mapping_file_of_the_catalog_names_a_source(real_root: Path) -> None:
    catalog = load_all(real_root).catalog
    assert set(catalog.mappings) <= set(catalog.sources)
    assert catalog.mappings["aavache"].sections[0].means == "skip"
