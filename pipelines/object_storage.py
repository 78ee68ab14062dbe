"""S3-compatible object storage: how the Delta log and the engine reach a lake there, and how pages are copied there.

The idea: a workspace names a bucket and a prefix and nothing more. Keys, region and endpoint come from the environment
(`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`), so that no secret stands in a file.
Commits are conditional puts, so that of two writers of one version the second is told; a store that ignores the
condition would lose commits in silence and is refused before the first one. The engine reads through fsspec, because
its own extension for S3 cannot be installed everywhere.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

SCHEME = "s3://"
BLOCK_BYTES = 4 * 1024 * 1024  # of one request; most data files of a day are smaller
ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
PROBE = ".conditional-put"  # an empty object that stays, so that later checks need one request


class ObjectStorageError(ValueError):
    """The object storage cannot be used; says why and how to mend it."""


def is_remote(path: str) -> bool:
    """Whether a lake or table lies on object storage."""
    return path.startswith(SCHEME)


def storage_options(root: str) -> dict[str, str] | None:
    """Options of the Delta log for a lake; None for a local one."""
    if not is_remote(root):
        return None
    options = {"aws_conditional_put": "etag"}
    endpoint = _endpoint()
    if endpoint:
        options["aws_endpoint"] = endpoint
        options["allow_http"] = str(endpoint.startswith("http://")).lower()
    return options


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Let an engine read `s3://` paths."""
    if "s3" not in connection.list_filesystems():
        connection.register_filesystem(_file_system())


def fetch(root: str, paths: list[str], targets: list[str]) -> None:
    """Copy objects to local files, several at once.

    Raises
    ------
    ObjectStorageError
        Says what to set or to mend.
    """
    try:
        _file_system().get(paths, targets)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        raise ObjectStorageError(f"{root}: {_reason(error)}") from error


def listed(root: str) -> dict[str, str]:
    """Objects below a prefix, with the hash of each one's content where the storage tells it (else another word).

    Raises
    ------
    ObjectStorageError
        Says what to set or to mend.
    """
    try:
        found = _file_system().find(root, detail=True)
    except (OSError, ValueError) as error:
        raise ObjectStorageError(f"{root}: {_reason(error)}") from error
    prefix = f"{root.removeprefix(SCHEME).rstrip('/')}/"
    return {name.removeprefix(prefix): str(one.get("ETag", "")).strip('"') for name, one in found.items()}


def put(root: str, files: Mapping[str, Path]) -> None:
    """Write local files as objects below a prefix, several at once; each appears whole.

    Raises
    ------
    ObjectStorageError
        Says what to set or to mend.
    """
    try:
        _file_system().put([str(path) for path in files.values()], [f"{root}/{name}" for name in files])
    except OSError as error:
        raise ObjectStorageError(f"{root}: {_reason(error)}") from error


def remove(root: str, names: Iterable[str]) -> None:
    """Remove objects below a prefix.

    Raises
    ------
    ObjectStorageError
        Says what to set or to mend.
    """
    paths = [f"{root}/{name}" for name in names]
    try:
        if paths:
            _file_system().rm(paths)
    except OSError as error:
        raise ObjectStorageError(f"{root}: {_reason(error)}") from error


def check(root: str) -> None:
    """Make sure that the storage answers, lets us write, and honours conditional puts.

    Raises
    ------
    ObjectStorageError
        Says what to set or to mend.
    """
    if not is_remote(root):
        return
    bucket, _, prefix = root.removeprefix(SCHEME).partition("/")
    key = f"{prefix}/{PROBE}".lstrip("/")
    if _put_new(root, bucket, key) and _put_new(root, bucket, key):
        raise ObjectStorageError(
            f"{root}: the storage overwrote an object although it was asked not to (If-None-Match); two runs could "
            "overwrite each other's commits. Use a store that honours conditional puts, or a newer release of this one"
        )


def _put_new(root: str, bucket: str, key: str) -> bool:
    """Put an empty object where there is none; False when there is one."""
    try:
        _file_system().call_s3("put_object", Bucket=bucket, Key=key, Body=b"", IfNoneMatch="*")
    except FileExistsError:
        return False
    except Exception as error:  # every client library below has its own family of errors
        if "PreconditionFailed" in repr(error) or "412" in str(error):
            return False
        raise ObjectStorageError(f"{root}: {_reason(error)}") from None
    return True


def _reason(error: Exception) -> str:
    where = _endpoint() or "the region's own endpoint"
    if "NoCredentials" in type(error).__name__:
        return "no keys; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment of this process"
    if isinstance(error, PermissionError):
        return f"{where} refuses these keys; they need to list, read, write and delete below the prefix"
    if isinstance(error, FileNotFoundError):
        return f"there is no such bucket at {where}; make it, or mend its name in config.yaml"
    return f"{where} cannot be reached ({type(error).__name__}); see AWS_ENDPOINT_URL and AWS_REGION in the environment"


def _endpoint() -> str:
    return next((os.environ[name] for name in ENDPOINTS if os.environ.get(name)), "")


def _file_system() -> Any:
    return _file_system_at(_endpoint(), os.environ.get("AWS_REGION", ""))


@cache
def _file_system_at(endpoint: str, region: str) -> Any:
    try:
        import s3fs
    except ImportError:
        raise ObjectStorageError("what is named s3:// in config.yaml needs: pip install 'merchant-gps[s3]'") from None
    client = {"endpoint_url": endpoint} if endpoint else {}
    client |= {"region_name": region} if region else {}
    # Data files never change, so only their sizes are asked for; listings are never read.
    return s3fs.S3FileSystem(use_listings_cache=False, default_block_size=BLOCK_BYTES, client_kwargs=client)
