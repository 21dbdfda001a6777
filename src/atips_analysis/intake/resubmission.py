"""Which submission replaces which: the later return of an agency for a year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from atips_analysis.codebook import fold
from atips_analysis.intake.naming import FileName, Version


@dataclass(frozen=True)
class Sent:
    """A file as far as it matters here."""

    name: str
    agency: str
    year: int
    streams: tuple[str, ...]
    about: FileName
    cover_version: int | None = None
    replaces: str = ""

    @property
    def version(self) -> Version:
        """The higher of what the name and the cover say."""
        return max(self.about.version, Version(self.cover_version or 1))


def replaced_by(sent: list[Sent]) -> dict[tuple[str, str], str]:
    """(file, stream) to the file that replaces it.

    A file that names another on its cover ("Replaces") replaces that one, whole. A correction (a
    name that ends in _v2, _rev1, _corrected, corregido and the like, or a cover with a version
    above 1) replaces the files of the same name without that ending; where there is none, the
    streams that it holds in earlier versions of the same agency and year. Files of one version
    are parts of one return: all are read.
    """
    replaced: dict[tuple[str, str], str] = {}
    for later in sorted(sent, key=lambda file: (file.version, file.name)):
        for earlier in _replaced_by_name(later, sent):
            _mark(replaced, earlier, earlier.streams, later)
        if later.replaces or not later.version.is_correction:
            continue
        before = [
            file
            for file in sent
            if (file.agency, file.year) == (later.agency, later.year)
            and file.version < later.version
        ]
        family = [file for file in before if file.about.family == later.about.family]
        for earlier in family:
            _mark(replaced, earlier, earlier.streams, later)
        if not family:
            for earlier in before:
                shared = tuple(stream for stream in earlier.streams if stream in later.streams)
                _mark(replaced, earlier, shared, later)
    return replaced


def copies_of(
    sent: list[Sent], replaced: dict[tuple[str, str], str]
) -> Iterator[tuple[Sent, Sent]]:
    """Pairs of files of one return, the second named as a copy of the first; nothing says which
    of them counts."""
    for later in sorted(sent, key=lambda file: file.name):
        if not later.about.copied:
            continue
        for earlier in sorted(sent, key=lambda file: (file.about.copied, file.name)):
            same = (
                earlier.name != later.name
                and (earlier.agency, earlier.year) == (later.agency, later.year)
                and earlier.about.original == later.about.original
                and set(earlier.streams) & set(later.streams)
                and (not earlier.about.copied or earlier.name < later.name)
            )
            settled = any(
                replaced.get((one.name, stream))
                for one in (earlier, later)
                for stream in one.streams
            )
            if same and not settled:
                yield earlier, later
                break


def _mark(
    replaced: dict[tuple[str, str], str], earlier: Sent, streams: tuple[str, ...], later: Sent
) -> None:
    for stream in streams:
        replaced[(earlier.name, stream)] = later.name


def _replaced_by_name(later: Sent, sent: list[Sent]) -> list[Sent]:
    """The files that the cover of `later` says it replaces."""
    said = fold(later.replaces)
    if not said:
        return []
    return [
        file
        for file in sent
        if file.name != later.name
        and (file.agency, file.year) == (later.agency, later.year)
        and said
        in {
            fold(file.name),
            fold(PurePosixPath(file.name).name),
            fold(PurePosixPath(file.name).stem),
        }
    ]
