"""The environments that the lock covers: what `make lock` makes it for, and tests prove it for."""

from __future__ import annotations

from dataclasses import dataclass

from packaging import tags

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# As `sys.platform` and `platform.machine()` say.
PLATFORMS = (
    ("linux", "x86_64"),
    ("linux", "aarch64"),
    ("win32", "AMD64"),
    ("darwin", "arm64"),
    ("darwin", "x86_64"),
)
GLIBC = 28  # 2.28: Debian 10, Ubuntu 20.04, Red Hat 8
MACOS = (13, 0)


@dataclass(frozen=True)
class Environment:
    """CPython of one minor version on one platform."""

    python: str
    system: str
    machine: str

    @property
    def name(self) -> str:
        return f"{self.python} {self.system} {self.machine}"

    def markers(self) -> dict[str, str]:
        """The values of environment markers (PEP 508), for the first release of this Python."""
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "os_name": "nt" if self.system == "win32" else "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": {"linux": "Linux", "win32": "Windows", "darwin": "Darwin"}[
                self.system
            ],
            "platform_version": "",
            "python_full_version": f"{self.python}.0",
            "python_version": self.python,
            "sys_platform": self.system,
        }

    def platforms(self) -> list[str]:
        """Platform tags of wheels, the best first."""
        if self.system == "win32":
            return ["win_amd64"]
        if self.system == "darwin":
            return list(tags.mac_platforms(MACOS, self.machine))
        numbered = [f"manylinux_2_{minor}_{self.machine}" for minor in range(GLIBC, 4, -1)]
        named = [f"manylinux{year}_{self.machine}" for year in ("2014", "2010", "1")]
        return [*numbered, *named, f"linux_{self.machine}"]

    def tags(self) -> list[tags.Tag]:
        """The tags of wheels that install here, the best first."""
        major, minor = map(int, self.python.split("."))
        platforms = self.platforms()
        own = tags.cpython_tags((major, minor), platforms=platforms)
        every = tags.compatible_tags((major, minor), f"cp{major}{minor}", platforms)
        return [*own, *every]


COVERED = tuple(Environment(python, *platform) for python in PYTHONS for platform in PLATFORMS)
