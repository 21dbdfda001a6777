"""Machines that are unlike ours: long and odd names, a home that is not there, no right to write."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from atips_analysis.build.building import build_reports
from atips_analysis.build.bulletins import make_bulletin
from atips_analysis.cli import run
from atips_analysis.errors import InputError, MachineError
from atips_analysis.notebooks import kernels, run_notebook, warm_kernels
from atips_analysis.notebooks import running as notebooks
from atips_analysis.project import PROFILE, Project, find_project

HERE = find_project(Path(__file__).parent)
SHOWS = (
    "import matplotlib.pyplot as plt\n"
    "from IPython.display import Markdown, display\n"
    "display(Markdown('---\\ntitle: Small\\n---'))\n"
    "display(Markdown(f'{plt.rcParams[\"axes.facecolor\"]} {place.name}'))"
)
RUN = (
    "import sys\n"
    "from contextlib import nullcontext\n"
    "from pathlib import Path\n"
    "from atips_analysis.notebooks import run_notebook, warm_kernels\n"
    "with warm_kernels() if sys.argv[3] == 'warm' else nullcontext(False) as warm:\n"
    "    run_notebook(Path(sys.argv[1]), Path(sys.argv[2]))\n"
    "    print(warm)\n"
)


def notebook(path: Path, source: str = SHOWS) -> Path:
    declared = "from pathlib import Path\n\nplace: Path = Path('data')  # a place"
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "metadata": {"tags": ["parameters"] if number == 0 else []},
            "source": text,
            "outputs": [],
            "execution_count": None,
        }
        for number, text in enumerate((declared, source))
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def run_elsewhere(source: Path, out: Path, start: str, **environment: str) -> tuple[str, bytes]:
    """Run a notebook in a process of its own: whether its kernel was warm, and the result."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(source), str(out), start],
        env={**os.environ, kernels.ADDRESS: "", kernels.SHARED: "", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), out.read_bytes()


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A notebook, and what becomes of it on a machine like ours."""
    source = notebook(tmp_path_factory.mktemp("usual") / "small.ipynb")
    return source, run_elsewhere(source, source.with_name("out.ipynb"), "cold")[1]


@pytest.mark.parametrize("start", ["cold", "warm"])
def test_a_temporary_folder_with_a_long_name_changes_nothing(
    usual: tuple[Path, bytes], tmp_path: Path, start: str
) -> None:
    long = tmp_path / ("a" * 60) / ("b" * 60)
    long.mkdir(parents=True)
    warm, bytes_ = run_elsewhere(usual[0], tmp_path / "out.ipynb", start, TMPDIR=str(long))
    assert bytes_ == usual[1]
    assert warm == str(start == "warm" and kernels.CAN_FORK), "a shorter place was taken"
    assert not list(long.iterdir())


def test_where_no_place_has_room_for_sockets_kernels_start_without_them(
    usual: tuple[Path, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("a" * 100)
    long.mkdir()
    monkeypatch.setattr(kernels, "SHORT", ())
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    monkeypatch.delenv(kernels.ADDRESS, raising=False)
    monkeypatch.delenv(kernels.SHARED, raising=False)
    with warm_kernels() as warm:
        assert not warm
        assert run_notebook(usual[0], tmp_path / "out.ipynb").read_bytes() == usual[1]
    assert kernels.SHARED not in os.environ


def test_a_folder_for_sockets_has_room_for_the_longest_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = kernels.ROOM - len(os.fsencode(tmp_path))
    for length in range(max(room - 40, 1), room + 4):
        folder = tmp_path / ("x" * length)
        folder.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        made, remove = kernels.private_folder("kernels")
        assert len(os.fsencode(made / "k-ipc-5")) <= 103
        remove()


@pytest.mark.parametrize("start", ["cold", "warm"])
def test_neither_a_missing_home_nor_a_user_s_own_settings_change_a_byte(
    usual: tuple[Path, bytes], tmp_path: Path, start: str
) -> None:
    (tmp_path / "matplotlib").mkdir()
    settings = tmp_path / "matplotlib" / "matplotlibrc"
    settings.write_text("axes.facecolor: red\n")
    startup = tmp_path / "startup.py"
    startup.write_text("import matplotlib\nmatplotlib.rcParams['axes.facecolor'] = 'blue'\n")
    environment = {
        "HOME": "/proc/nowhere",
        "XDG_CACHE_HOME": "/proc/nowhere",
        "XDG_CONFIG_HOME": str(tmp_path),
        "MATPLOTLIBRC": str(settings),
        "PYTHONSTARTUP": str(startup),
        "PYTHONWARNINGS": "always",
    }
    assert run_elsewhere(usual[0], tmp_path / "out.ipynb", start, **environment)[1] == usual[1]


@pytest.mark.parametrize("start", ["cold", "warm"])
def test_what_a_user_set_for_jupyter_ipython_and_libraries_changes_no_byte(
    usual: tuple[Path, bytes], tmp_path: Path, start: str
) -> None:
    """A kernel of theirs is called like ours; their settings would end a kernel, or recolour it."""
    ends = "raise SystemExit('the user settings ran')\n"
    red = "import matplotlib\nmatplotlib.rcParams['axes.facecolor'] = 'red'\n"
    spec = {"argv": ["false"], "display_name": "Mine", "language": "python"}
    home = tmp_path / "home"
    for name, text in {
        "data/kernels/python3/kernel.json": json.dumps(spec),
        ".local/share/jupyter/kernels/python3/kernel.json": json.dumps(spec),
        ".jupyter/jupyter_config.py": ends,
        ".jupyter/jupyter_client_config.py": ends,
        ".jupyter/ipython_kernel_config.py": ends,
        ".ipython/profile_default/startup/00.py": red,
        ".ipython/profile_default/ipython_config.py": ends,
        ".ipython/profile_default/ipython_kernel_config.py": ends,
        ".config/matplotlib/matplotlibrc": "axes.facecolor: red\n",
        "mpl/matplotlibrc": "axes.facecolor: red\n",
        "mpl/stylelib/seaborn-v0_8.mplstyle": "axes.facecolor: red\n",
        ".config/pip/pip.conf": "[global]\nno-index = neither\n",
        ".netrc": "neither",
        ".gitconfig": "[core\n",
        ".pandoc/init.lua": "error('the user settings ran')",
    }.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    environment = {
        "HOME": str(home),
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_CONFIG_PATH": str(home / ".jupyter"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_PATH": str(home / "data"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "MPLCONFIGDIR": str(home / "mpl"),
        "MPLBACKEND": "svg",
        "FREETYPE_PROPERTIES": "truetype:interpreter-version=35",
        "PANDAS_COPY_ON_WRITE": "0",
        "PANDAS_FUTURE_INFER_STRING": "0",
        "NPY_PROMOTION_STATE": "legacy",
        "LC_ALL": "C",
        "LANGUAGE": "es",
        "PYTHONHASHSEED": "7",
        "PYTHONBREAKPOINT": "nowhere.at_all",
        "PYTHONINSPECT": "1",
        "PYTHONIOENCODING": "ascii:replace",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONSAFEPATH": "",
        "SOURCE_DATE_EPOCH": "1",
        "QUARTO_PROFILE": "mine",
        "TYPST_FONT_PATHS": str(home),
        "TZ": "Pacific/Kiritimati",
    }
    assert run_elsewhere(usual[0], tmp_path / "out.ipynb", start, **environment)[1] == usual[1]


def test_spaces_and_accents_in_every_name_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "Año 2024 (copia)"
    (project / PROFILE).parent.mkdir(parents=True)
    shutil.copyfile(HERE.root / PROFILE, project / PROFILE)
    source = notebook(project / "notebooks" / "mi análisis.ipynb")
    out = tmp_path / "résultats d'été" / "mi análisis.ipynb"
    monkeypatch.chdir(tmp_path)
    text = run_notebook(source, out).read_text(encoding="utf-8")
    assert "white data" in text and str(tmp_path) not in text
    assert f"Path('{project.name}/data')" in text
    assert find_project(source) == Project(project)
    assert (
        run(["run", str(source), "--out", str(tmp_path / "été 1"), "--renderer", "embedded"]) == 0
    )
    assert (tmp_path / "été 1" / "mi análisis" / "mi análisis.pdf").is_file()


def test_a_project_that_is_named_and_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder; name the folder of the project"):
        find_project(tmp_path / "projet")
    assert find_project(tmp_path) == HERE, "elsewhere it is the project of the package's source"


def test_a_result_that_cannot_be_written_is_said_before_the_notebook_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebooks, "run_notebook", None)
    taken = tmp_path / "taken"
    taken.touch()
    assert run(["run", str(notebook(tmp_path / "small.ipynb")), "--out", str(taken)]) == 3
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and f"{taken / 'small'}: nothing can be written there" in told
    assert "name another folder with --out" in told


def test_a_work_folder_that_cannot_be_written_is_named_and_not_out(tmp_path: Path) -> None:
    for folder in ("data/framework", "data/council", "notebooks"):
        shutil.copytree(HERE.root / folder, tmp_path / folder)
    (tmp_path / "submissions").mkdir()
    (tmp_path / "data" / "work").touch()
    asked = {"submissions": tmp_path / "submissions", "project": Project(tmp_path)}
    for made in (
        lambda: build_reports(show=False, renderer="embedded", **asked),
        lambda: make_bulletin("2024-Q3", renderer="embedded", **asked),
    ):
        with pytest.raises(MachineError) as failure:
            made()
        told = str(failure.value)
        assert f"{tmp_path / 'data' / 'work'}" in told and "--out" not in told
        assert "give your account the right to write in it" in told and "\n" not in told


def test_a_kernel_that_does_not_start_is_one_line_after_three_attempts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    false = shutil.which("false")
    if false is None:
        pytest.skip("this system has no program `false`")
    monkeypatch.delenv(kernels.ADDRESS, raising=False)
    monkeypatch.setattr(kernels.sys, "executable", false)
    with pytest.raises(MachineError) as failure:
        run_notebook(notebook(tmp_path / "small.ipynb"), tmp_path / "out.ipynb")
    told = str(failure.value)
    assert told.startswith("small.ipynb: no kernel started in 3 attempts (Kernel died before")
    assert told.endswith("ask atips doctor what is missing") and "\n" not in told
    assert not caplog.records, "what Jupyter logs meanwhile is not shown"
