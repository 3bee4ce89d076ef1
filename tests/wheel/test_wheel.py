"""The wheel carries everything and answers where there is no checkout."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def tracked(*folders: str) -> set[str]:
    """Files of the checkout under some folders, as git would ship them."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return {name for name in names if (ROOT / name).is_file()}


def test_the_wheel_holds_just_what_git_holds(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    bundled = {f"kg/_bundled/{name}" for name in tracked("ontology", "data", "queries")}
    assert names == tracked("kg") | bundled


def test_the_installed_wheel_answers_without_a_checkout(wheel: Path, tmp_path: Path) -> None:
    """Installed into a fresh environment; the dependencies come from the one that runs the tests."""
    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    packages = subprocess.run(
        [sys.executable, "-c", "import pyoxigraph, os; print(os.path.dirname(os.path.dirname(pyoxigraph.__file__)))"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    site = next((home / "lib").glob("python*/site-packages"))
    # After the wheel's own files, and without the .pth file that would lead back to the checkout.
    (site / "zz-dependencies.pth").write_text(f"{packages}\n")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "STKG_CACHE_DIR": str(tmp_path / "cache")}
    words = ["query", "methods", "--task", "deconvolution", "--framework", "PyTorch", "--since", "2022"]
    done = subprocess.run(
        [home / "bin" / "stkg", *words, "--format", "json"],
        capture_output=True, text=True, check=False, cwd=tmp_path, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)) >= 10
    code = "import kg; print(kg.__file__)"
    found = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path, env=environment
    )
    assert found.stdout.startswith(str(home))
