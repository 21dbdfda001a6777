"""Frames to Parquet and back: one type a column, the same bytes for the same rows."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from atips_analysis.codebook import Codebook, Column, Stream
from atips_analysis.databank.handed_in import PROVENANCE, WHOLE_NUMBERS

ARROW_TYPES = {"year": pa.int64(), "count": pa.int64(), "bool": pa.bool_()}
NEVER_STORED = ("age",)
ROW_ORDER = ("stream", "file", "sheet", "row")
PANDAS_TYPES = {
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): pd.StringDtype(na_value=float("nan")),
}


def stored_columns(stream: Stream) -> tuple[Column, ...]:
    """The columns of a stream that the data bank keeps.

    Exact ages are not among them: the codebook promises agencies that an age checks the age
    group and is dropped.
    """
    return tuple(column for column in stream.columns if column.type not in NEVER_STORED)


def stream_schema(stream: Stream) -> pa.Schema:
    """Types of an accepted stream: Int64 for years and counts, boolean, text for all else."""
    fields = [
        pa.field(column.name, ARROW_TYPES.get(column.type, pa.string()))
        for column in stored_columns(stream)
    ]
    return pa.schema([*fields, *text_schema(PROVENANCE)])


def text_schema(names: Iterable[str]) -> pa.Schema:
    """Every column as text, but for row numbers and years of return."""
    return pa.schema(
        [pa.field(name, pa.int64() if name in WHOLE_NUMBERS else pa.string()) for name in names]
    )


def rejected_schema(codebook: Codebook) -> pa.Schema:
    """Quarantined and duplicate rows of all streams side by side, as the text that was sent."""
    names = {
        column.name: None
        for stream in codebook.streams.values()
        for column in stored_columns(stream)
    }
    return text_schema(["stream", *names, *PROVENANCE])


def typed_columns(frame: pd.DataFrame, stream: Stream) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cleaned text to typed columns, and the few values that no type could hold.

    Returns
    -------
    typed : DataFrame
        `frame` with whole numbers as Int64 and yes/no as boolean; what does not fit is missing.
    left_blank : DataFrame
        file, sheet, row, submitted_by, column, old: an accepted row's value that was left
        blank (a rule that lets such a value pass is too lax), so that nothing vanishes unseen.
    """
    typed, left_blank = frame.copy(deep=False), []  # copy on write
    for column in stored_columns(stream):
        if column.type not in ARROW_TYPES or column.name not in frame:
            continue
        text, values = frame[column.name].astype("str"), pd.Series(dtype="object")
        if column.type == "bool":
            values = text.map({"yes": True, "no": False}).astype("boolean")
        else:
            whole = text.where(text.str.fullmatch(r"\d{1,15}"))
            values = pd.to_numeric(whole).astype("Int64")
        lost = values.isna() & text.notna() & (text != "")
        if lost.any():
            place = frame.loc[lost, ["file", "sheet", "row", "submitted_by"]]
            left_blank.append(place.assign(column=column.name, old=text[lost]))
        typed[column.name] = values
    names = ["file", "sheet", "row", "submitted_by", "column", "old"]
    return typed, pd.concat([pd.DataFrame(columns=names), *left_blank], ignore_index=True)


def write_parquet(frame: pd.DataFrame, schema: pa.Schema, path: Path) -> str:
    """Write the schema's columns of `frame`, in order of file, sheet and row; return the sha256.

    A column that the frame lacks is written as missing; pandas' own metadata is left out, so
    that the bytes depend on rows and schema (and the Parquet library) alone.
    """
    arrays = [_array(frame, field) for field in schema]
    table = pa.Table.from_arrays(arrays, schema=schema)
    keys = [(name, "ascending") for name in ROW_ORDER if name in schema.names]
    table = table.take(pc.sort_indices(table, sort_keys=keys))
    with path.open("wb") as file:
        pq.write_table(table, file, compression="zstd", store_schema=False)
        file.flush()
        os.fsync(file.fileno())
    return sha256_of(path)


def read_parquet(path: Path) -> pd.DataFrame:
    """A Parquet file as a frame: Int64, boolean and str."""
    return pq.read_table(path).to_pandas(types_mapper=PANDAS_TYPES.get)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _array(frame: pd.DataFrame, field: pa.Field) -> pa.Array:
    if field.name not in frame:
        return pa.nulls(len(frame), type=field.type)
    values = frame[field.name]
    if pa.types.is_integer(field.type):
        values = pd.to_numeric(values).astype("Int64")
    elif pa.types.is_boolean(field.type):
        values = values.astype("boolean")
    else:
        values = values.astype("str")
        values = values.where(values != "")
    array = pa.Array.from_pandas(values, type=field.type)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
