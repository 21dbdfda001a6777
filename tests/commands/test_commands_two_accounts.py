"""Two accounts of one machine publish into one folder: each in its turn, and nobody's lock stays shut."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from atips_analysis.build.one_writer import LOCK, one_publisher, one_writer
from atips_analysis.build.reports_folder import put_in_place
from atips_analysis.errors import AtipsError
from atips_analysis.files import owner_only, write_text
from atips_analysis.project import Project

pytestmark = pytest.mark.skipif(
    os.name != "posix" or os.getuid() != 0, reason="only root can be two accounts of a machine"
)
FIRST, SECOND, GROUP = 61_001, 61_002, 61_000


def as_account(account: int, umask: int, do: Callable[[], object]) -> str:
    """What a command of an account ends with: its exit code, and its line if there is one."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        said = "99 not said"
        try:
            os.setgroups([GROUP])
            os.setgid(account)
            os.setuid(account)
            os.umask(umask)
            with owner_only():
                do()
            said = "0"
        except AtipsError as error:
            said = f"{error.exit_code} {error}"
        except BaseException as error:
            said = f"99 {error!r}"
        finally:
            os.write(writing, said.encode())
            os._exit(0)
    os.close(writing)
    os.waitpid(pid, 0)
    with os.fdopen(reading) as file:
        return file.read()


@pytest.fixture
def out() -> Iterator[Path]:
    """A folder that a group shares: what is made in it is the group's."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    shared = folder / "reports"
    shared.mkdir()
    os.chown(shared, FIRST, GROUP)
    shared.chmod(0o2775)
    yield shared
    shutil.rmtree(folder)


def publish(out: Path, year: str, text: str) -> None:
    with one_publisher(out):
        staged = out / f".{year}.new"
        staged.mkdir()
        (staged / "index.html").write_text(text)
        put_in_place(staged, out / year)


@pytest.mark.parametrize("umask", [0o002, 0o022, 0o077], ids=oct)
def test_the_second_builds_when_the_first_has_finished(out, umask):
    assert as_account(FIRST, umask, lambda: publish(out, "2023", "first")) == "0"
    assert as_account(SECOND, umask, lambda: publish(out, "2024", "second")) == "0"
    assert as_account(FIRST, umask, lambda: publish(out, "2023", "again")) == "0"
    assert (out / "2023/index.html").read_text() == "again"
    assert (out / "2024/index.html").read_text() == "second"


def test_the_second_is_told_to_wait_while_the_first_writes(out):
    assert as_account(FIRST, 0o022, lambda: publish(out, "2023", "first")) == "0"
    with one_publisher(out):
        said = as_account(SECOND, 0o022, lambda: publish(out, "2024", "second"))
    assert said.startswith("2 ") and "is writing there; wait until it has ended" in said


def test_what_the_group_may_write_is_replaced_and_what_it_may_not_is_one_line(out):
    assert as_account(FIRST, 0o002, lambda: publish(out, "2023", "first")) == "0"
    assert as_account(SECOND, 0o022, lambda: publish(out, "2023", "second")) == "0"
    said = as_account(FIRST, 0o022, lambda: publish(out, "2023", "first again"))
    assert said.startswith(f"3 {out / '2023'}: published by another account") and "--out" in said
    assert (out / "2023/index.html").read_text() == "second"
    assert as_account(SECOND, 0o022, lambda: publish(out, "2023", "second again")) == "0"


@pytest.mark.parametrize("name", ["index.html", ".{process}.index.html"])
def test_a_link_in_the_place_of_a_page_leads_no_page_elsewhere(tmp_path, name):
    secret = tmp_path / "somebodys"
    secret.write_text("kept")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / name.format(process=os.getpid())).symlink_to(secret)
    write_text(tmp_path / "reports/index.html", "a page")
    (page,) = (tmp_path / "reports").iterdir()
    assert (page.is_symlink(), page.read_text(), secret.read_text()) == (False, "a page", "kept")


@pytest.mark.parametrize("of", ["reports", "data"])
def test_a_link_in_the_place_of_a_lock_empties_no_file(tmp_path, of):
    folder, secret = tmp_path / of, tmp_path / "somebodys"
    folder.mkdir()
    secret.write_text("kept")
    secret.chmod(0o600)
    (folder / LOCK).symlink_to(secret)
    lock = one_publisher(folder) if of == "reports" else one_writer(Project(tmp_path))
    with pytest.raises(AtipsError, match="link") as refused:
        lock.__enter__()
    assert refused.value.exit_code == 3
    assert (secret.read_text(), secret.stat().st_mode & 0o777) == ("kept", 0o600)
