"""A method's own repository: what its code imports counts, what others put there does not, and nothing is run."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.catalog import load_catalog
from kg.catalog.checks import check_catalog
from kg.catalog.loader import load_all
from kg.cli.app import main
from kg.errors import ImportSourceError
from kg.importing import make_plan
from kg.importing.categories import Vocabulary
from kg.importing.checkout.code import foreign_folder
from kg.importing.checkout.facts import Checkout, read_checkout
from kg.importing.checkout.folder import Folder
from kg.importing.checkout.git import read_history
from kg.importing.checkout.needs import licence_of_text, read_needs, requirement
from kg.model import Catalog
from tests.importing.mutation import write_checkout

MIT = (
    "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy, to deal without "
    'restriction.\n\nTHE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.\n' + "x " * 100
)
README = """# ExampleST: folds of tissue

## Citation
```
@article{example2024,
  title={Folded tissues from graphs of spots with ExampleST},
  author={Example, Ada and Other, Bob}, journal={Nature Methods}, year={2024}, doi={10.1038/s41592-024-99999-1}
}
```
"""


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def facts(checkout: Checkout, field: str) -> dict[str, str]:
    """Value to place of the facts of a field that can be written."""
    (row,) = checkout.read.rows
    return {fact.value: fact.place for fact in row.facts if fact.field == field and fact.plain is not None}


def by_hand(checkout: Checkout, field: str) -> dict[str, str]:
    (row,) = checkout.read.rows
    return {fact.value: fact.note or "" for fact in row.facts if fact.field == field and fact.plain is None}


@pytest.fixture(scope="module")
def words(real_root: Path) -> Vocabulary:
    return Vocabulary(load_catalog(real_root))


@pytest.fixture
def read(tmp_path: Path, words: Vocabulary) -> Callable[[dict[str, str]], Checkout]:
    return lambda files: read_checkout(put(tmp_path, files), words, repository="example-lab/ExampleST")


Reader = Callable[[dict[str, str]], Checkout]


def test_only_the_methods_own_code_counts(read: Reader) -> None:
    checkout = read(
        {
            "examplest/model.py": "import os\nimport torch.nn as nn\n\nfrom sklearn import x\n",
            "baselines/rival/model.py": "import tensorflow as tf\n",
            "third_party/keras_thing.py": "import keras\n",
            "notebooks/demo.py": "import dgl\n",
            "vendored_thing/LICENSE": MIT,
            "vendored_thing/model.py": "import jax\n",
            "LICENSE": MIT,
            ".gitmodules": '[submodule "x"]\n\tpath = other\n\turl = https://example.org/x\n',
            "other/model.py": "import xgboost\n",
        }
    )
    assert facts(checkout, "frameworks") == {"pytorch": "examplest/model.py:2", "scikit-learn": "examplest/model.py:4"}
    assert set(by_hand(checkout, "frameworks")) == {"tensorflow", "keras", "dgl", "jax", "xgboost"}
    assert all("not the method's own code" in note for note in by_hand(checkout, "frameworks").values())
    assert facts(checkout, "languages") == {"python": "examplest/model.py"}


def test_words_that_only_look_like_something(read: Reader) -> None:
    checkout = read(
        {
            "README.md": "# MalignST\n\nAligns nothing; finds malignant cells with a transformer and Seurat.\n",
            "malignst/run.py": "with Pool() as pool:\n    pool.starmap(f, [(1, 2)])\n'import torch'\n# import keras\n",
        }
    )
    (row,) = checkout.read.rows
    assert {fact.field for fact in row.facts} == {"repository", "languages"}


@pytest.mark.parametrize(
    "heading, tasks",
    [
        ("Detection of malignant cells", []),
        ("Alignment", ["slice-alignment"]),
        ("3. Spot Deconvolution Methods", ["cell-type-deconvolution"]),
        ("Misalignments", []),
    ],
)
def test_headings_mean_tasks_as_whole_phrases(heading: str, tasks: list[str], words: Vocabulary) -> None:
    assert words.tasks_in(heading) == tasks


@pytest.mark.parametrize("name", ["baselines", "Comparison", "third_party", "other_methods", "my-benchmarks", "docs"])
def test_folders_of_others(name: str) -> None:
    assert foreign_folder(f"{name}/a.py") == name


@pytest.mark.parametrize("path", ["model.py", "examplest/baseline.py", "src/contests/a.py", "R/a.R"])
def test_folders_of_the_method(path: str) -> None:
    assert foreign_folder(path) is None


def test_imports_of_r_and_broken_python(read: Reader) -> None:
    checkout = read(
        {
            "R/a.R": "# library(reticulate)\nlibrary(Seurat)\nRcpp::sourceCpp('x')\n",
            "old_style.py": "print 'Python 2'\nimport torch, numpy as np\n",
            "NAMESPACE": "importFrom(SpatialExperiment,colData)\n",
        }
    )
    assert facts(checkout, "frameworks") == {
        "seurat": "R/a.R:2",
        "rcpp": "R/a.R:3",
        "pytorch": "old_style.py:2",
        "numpy": "old_style.py:2",
        "spatialexperiment": "NAMESPACE:1",
    }


def test_a_module_of_its_own_is_no_framework(read: Reader) -> None:
    checkout = read({"main.py": "import jax\nfrom dgl import x\n", "jax.py": "", "dgl/__init__.py": ""})
    assert facts(checkout, "frameworks") == {}


def test_what_is_only_declared(read: Reader) -> None:
    checkout = read(
        {"a.py": "import torch\n", "requirements.txt": "torch==1.13\n# keras\nscanpy>=1.9,<2\n-e .\nmystery\n"}
    )
    (row,) = checkout.read.rows
    uses = {f.value: (f.plain or {}).get("use") for f in row.facts if f.field == "frameworks"}
    assert uses == {"pytorch": "imports", "scanpy": "declares"}
    assert facts(checkout, "requirements") == {
        "torch ==1.13": "requirements.txt:1",
        "scanpy >=1.9,<2": "requirements.txt:3",
        "mystery": "requirements.txt:5",
    }


def test_requirements_of_every_kind(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "pyproject.toml": '[project]\ndependencies = ["numpy>=1.2"]\n'
            '[tool.poetry.dependencies]\npython = "^3"\ndgl = "^1"\n',
            "setup.py": "import os\nos.mkdir('never')\nsetup(install_requires=['anndata>=0.8', x])\n",
            "environment.yml": "dependencies:\n  - python=3.8\n  - bioconda::samtools=1.2=h1\n  - pip:\n    - jax\n",
            "DESCRIPTION": "Package: ExampleST\nDepends: R (>= 4.0), Seurat (>= 4.1)\nImports:\n    Rcpp,\n    utils\n",
        },
    )
    needs = {need.package: (need.version, need.path) for need in read_needs(Folder(tmp_path))}
    assert needs == {
        "numpy": (">=1.2", "pyproject.toml"),
        "dgl": ("^1", "pyproject.toml"),
        "anndata": (">=0.8", "setup.py"),
        "samtools": ("==1.2", "environment.yml"),
        "jax": ("", "environment.yml"),
        "Seurat": (">=4.1", "DESCRIPTION"),
        "Rcpp": ("", "DESCRIPTION"),
    }
    assert not Path("never").exists()


@pytest.mark.parametrize("text", ["git+https://x/y", "../up", "a b c", "x" * 400, "", "--index-url https://x"])
def test_what_is_no_requirement(text: str) -> None:
    assert requirement(text) is None


@pytest.mark.parametrize(
    "text, key",
    [
        (MIT, "mit"),
        (MIT + "for non-commercial use", None),
        (MIT + "permitted for academic and research use only", None),
        ("GNU GENERAL PUBLIC LICENSE Version 3, 29 June 2007", "gpl-3-0"),
        ("GNU GENERAL PUBLIC LICENSE\n  Version 2, June 1991", "gpl-2-0"),
        ("_Version 3, 29 June 2007_ GNU General Public License; occasionally and noncommercially, and", "gpl-3-0"),
        ("GNU GENERAL PUBLIC LICENSE Version 2, June 1991 only for noncommercial distribution and only", "gpl-2-0"),
        ("GNU GENERAL PUBLIC LICENSE Version 3, 29 June 2007; for noncommercial use", None),
        (
            "GNU GENERAL PUBLIC LICENSE Version 3, 29 June 2007 TERMS AND CONDITIONS "
            "13. Use with the GNU Affero General Public License",
            "gpl-3-0",
        ),
        (
            "GNU AFFERO GENERAL PUBLIC LICENSE Version 3, 19 November 2007 TERMS AND CONDITIONS "
            "13. Remote Network Interaction; Use with the GNU General Public License.",
            "agpl-3-0",
        ),
        ("All rights reserved.", None),
    ],
)
def test_licence_texts(text: str, key: str | None) -> None:
    assert licence_of_text(text) == key


def test_an_r_package_says_its_licence_in_description(read: Reader) -> None:
    checkout = read({"DESCRIPTION": "Package: ExampleST\nLicense: MIT + file LICENSE\n", "LICENSE": "YEAR: 2020\n"})
    assert facts(checkout, "licenses") == {"mit": "DESCRIPTION"}


def test_licences_that_disagree_are_decided_by_hand(read: Reader) -> None:
    checkout = read({"LICENSE": MIT, "DESCRIPTION": "Package: A\nLicense: GPL (>= 3)\n"})
    assert facts(checkout, "licenses") == {"mit": "LICENSE"}
    assert "another licence" in by_hand(checkout, "licenses")["gpl-3-0-or-later"]


@pytest.mark.parametrize(
    "said, key",
    [
        ("GPL (>= 2)", "gpl-2-0-or-later"),
        ("GPL(>=3)", "gpl-3-0-or-later"),
        ("GPL-3", "gpl-3-0"),
        ("GPL-2 + file LICENSE", "gpl-2-0"),
        ("Artistic-2.0", "artistic-2-0"),
    ],
)
def test_later_licences_are_told_apart(said: str, key: str, read: Reader) -> None:
    assert facts(read({"DESCRIPTION": f"Package: A\nLicense: {said}\n"}), "licenses") == {key: "DESCRIPTION"}


def test_the_text_of_a_licence_goes_before_the_wish_for_later_ones(read: Reader) -> None:
    text = "GNU GENERAL PUBLIC LICENSE Version 3, 29 June 2007 " + "x " * 200
    checkout = read({"LICENSE": text, "DESCRIPTION": "Package: A\nLicense: GPL (>= 3)\n"})
    assert facts(checkout, "licenses") == {"gpl-3-0": "LICENSE"}
    assert by_hand(checkout, "licenses") == {}


def test_history_without_git(tmp_path: Path) -> None:
    write_checkout(tmp_path)
    history = read_history(tmp_path)
    assert history is not None
    assert (history.first, history.last, history.repository) == ("2020-09-13", "2023-11-14", "a/b")
    assert len(history.commit) == 40
    (tmp_path / ".git" / "shallow").write_text(history.commit, encoding="utf-8")
    cut = read_history(tmp_path)
    assert cut is not None
    assert (cut.first, cut.last) == ("", "2023-11-14")
    assert "without --depth" in cut.cut


@pytest.mark.parametrize("trick", ["alternates", "pointer", "link", "commondir", "objects-link", "head", "head-up"])
def test_a_repository_that_leads_elsewhere_is_refused(trick: str, tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    write_checkout(folder)
    git = folder / ".git"
    if trick == "alternates":
        put(git, {"objects/info/alternates": "/elsewhere\n"})
    elif trick == "commondir":
        put(git, {"commondir": "/elsewhere\n"})
    elif trick == "head":
        put(git, {"HEAD": "no hash\n"})
    elif trick == "head-up":
        put(git, {"HEAD": "ref: refs/../../../etc/hostname\n"})
    elif trick == "objects-link":
        (git / "objects" / "pack").rename(tmp_path / "pack")
        (git / "objects" / "pack").symlink_to(tmp_path / "pack")
    else:
        git.rename(tmp_path / "moved")
        if trick == "link":
            git.symlink_to(tmp_path / "moved")
        else:
            git.write_text(f"gitdir: {tmp_path / 'moved'}\n", encoding="utf-8")
    with pytest.raises(ImportSourceError):
        read_history(folder)


def test_links_and_pipes_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(MIT, encoding="utf-8")
    folder = put(tmp_path / "repository", {"a.py": "import torch\n"})
    (folder / "LICENSE").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "README.md")
    found = Folder(folder)
    assert list(found.files) == ["a.py"]
    assert found.text("LICENSE") == ""


def test_a_linked_folder_is_refused(tmp_path: Path, words: Vocabulary) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(ImportSourceError, match="is a link"):
        read_checkout(tmp_path / "link", words)


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.importing.checkout.folder.MAX_FILES", 3)
    put(tmp_path, {f"{n}/a.py": "" for n in range(4)})
    with pytest.raises(ImportSourceError, match="more than 3 files"):
        Folder(tmp_path)


def test_from_the_folder_to_sound_records(tmp_path: Path, real_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    shutil.copytree(real_root, data)
    folder = tmp_path / "repository"
    folder.mkdir()
    write_checkout(folder)
    put(folder, {"README.md": README, "LICENSE": MIT})
    (folder / "CITATION.cff").unlink()
    words = ["import", str(folder), "--data", str(data), "--source-repository", "example-lab/ExampleST"]
    assert main([*words, "--write", "new"]) == 0
    method, paper = (
        load_catalog(data).of_kind(kind)[key] for kind, key in (("method", "examplest"), ("paper", "examplest-2024"))
    )
    assert method.evidence_level == "repository"
    assert method.sources["name"] == ("example-lab/ExampleST:README.md:1",)
    assert paper.sources["title"] == ("example-lab/ExampleST:README.md:5",)
    assert (str(method.repository.first_commit), str(method.repository.last_commit)) == ("2020-09-13", "2023-11-14")
    assert [grant.license for grant in method.licenses] == ["mit"]
    assert load_catalog(data).repositories["example-lab/ExampleST"].commit == method.repository.commit
    loaded = load_all(data)
    assert [str(p) for p in (*loaded.problems, *check_catalog(loaded.catalog, data))] == []
    capsys.readouterr()
    assert main([*words, "--write", "new", "--write", "adds-facts"]) == 0
    output = capsys.readouterr().out
    assert "0 new + 1 known" in output
    assert "written (0 files)" in output


def test_a_folder_without_a_name_cannot_be_written(
    tmp_path: Path, toy_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, {"README.md": README})
    words = ["import", str(tmp_path), "--data", str(toy_root), "--write", "new"]
    assert main(words) == 2
    assert "give --source-repository" in capsys.readouterr().err
    assert main([*words, "--source-repository", "a/b"]) == 2
    assert "give --source-commit" in capsys.readouterr().err
    assert main([*words, "--write", "listing"]) == 2


def test_a_known_method_gains_what_its_repository_says(tmp_path: Path, toy_catalog: Catalog) -> None:
    method = toy_catalog.methods["graphst"]
    put(tmp_path, {"README.md": "# GraphST\n", "GraphST/a.py": "import torch\nimport scanpy\n"})
    repository = method.repository.url.removeprefix("https://github.com/") if method.repository else ""
    checkout = read_checkout(tmp_path, Vocabulary(toy_catalog), repository=repository)
    plan = make_plan(checkout.read, toy_catalog)
    assert [item["record"] for item in plan.known] == ["method/graphst"]
    has = {use.framework for use in method.frameworks}
    assert not {item["value"] for item in plan.adds_facts if item["field"] == "frameworks"} & has


def test_a_repository_tells_the_method_whatever_it_calls_it(tmp_path: Path, toy_catalog: Catalog) -> None:
    """The heading is no name, and the folder has another one; the repository is the method's own."""
    method = toy_catalog.methods["graphst"]
    put(tmp_path, {"README.md": "# Folds of tissue found by graphs of spots and cells\n\n## Install\n"})
    repository = method.repository.url.removeprefix("https://github.com/") if method.repository else ""
    checkout = read_checkout(tmp_path, Vocabulary(toy_catalog), repository=repository)
    other = read_checkout(tmp_path, Vocabulary(toy_catalog), repository=f"example-lab/{repository.split('/')[1]}-fork")
    plan = make_plan(checkout.read, toy_catalog)
    assert [item["record"] for item in plan.known] == ["method/graphst"]
    assert not make_plan(other.read, toy_catalog).known


def test_the_state_of_a_repository_is_written_whole_or_not(tmp_path: Path, real_root: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(real_root, data)
    catalog = load_catalog(data)
    plain = {key: m for key, m in catalog.methods.items() if m.repository and not m.repository.commit}
    key, method = next((k, m) for k, m in sorted(plain.items()) if "github.com" in str(m.repository))
    assert method.repository is not None
    name = method.repository.url.removeprefix("https://github.com/")
    own = tmp_path / "own"
    own.mkdir()
    write_checkout(own)
    history = read_history(own)
    assert history is not None
    words = ["import", str(own), "--source-repository", name, "--data", str(data), "--write", "adds-facts"]
    assert main(words) == 0
    now = load_catalog(data).methods[key].repository
    assert now is not None
    assert (now.commit, str(now.first_commit), str(now.last_commit)) == (history.commit, history.first, history.last)
    assert set(method.repository.sources) <= set(now.sources)
    before = (data / "methods" / f"{key}.yaml").read_text()
    assert main(words) == 0
    assert (data / "methods" / f"{key}.yaml").read_text() == before


def test_a_language_of_a_few_lines_makes_a_framework_weak(read: Reader) -> None:
    checkout = read({"examplest/model.py": "import torch\n" + "x = 1\n" * 50, "examplest/plot.R": "library(Seurat)\n"})
    (row,) = checkout.read.rows
    found = {fact.value: (fact.strength, fact.note) for fact in row.facts if fact.field == "frameworks"}
    assert found["pytorch"] == ("strong", None)
    assert found["seurat"] == ("weak", "in a language that is less than a tenth of the code")
