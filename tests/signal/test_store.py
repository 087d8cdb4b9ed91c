"""What was put in the store is got again, or said to be damaged; by one run at a time, killed at any moment."""

import hashlib
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from coverage.errors import StoreError
from coverage.signal import store
from coverage.signal.store import Damaged, Store
from coverage.signal.store_file import _MAGIC, _START, _crc

KEY, OTHER = "ab" + "0" * 62, "ab" + "1" * 62
PARTS = {"0,0": b"north", "0,1": b"", "shape": b"\x00\xff" * 9}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as opened:
        yield opened


def _file(opened: Store, key: str = KEY) -> Path:
    return opened.folder / "footprints" / key[:2] / key[2:]


def _read(opened: Store) -> dict[str, bytes]:
    names = opened.parts("footprints", KEY)
    assert names is not None
    return {name: opened.get("footprints", KEY, name) for name in names}


def test_what_was_put_is_got_again_part_by_part_and_in_the_next_run(tmp_path: Path) -> None:
    with Store.open(tmp_path) as first:
        assert first.kept
        first.put("footprints", KEY, PARTS)
        first.put("tiles", KEY, {})
    assert _read(first) == PARTS
    with Store.open(tmp_path) as second:
        assert _read(second) == PARTS
        assert second.whole("footprints", KEY)
        assert second.whole("tiles", KEY)
        assert second.parts("tiles", KEY) == frozenset()


def test_what_was_never_put_is_not_there(opened: Store) -> None:
    assert opened.parts("footprints", KEY) is None
    assert opened.whole("footprints", KEY) is False
    with pytest.raises(KeyError):
        opened.get("footprints", KEY, "0,0")
    opened.put("footprints", KEY, PARTS)
    with pytest.raises(KeyError):
        opened.get("footprints", KEY, "9,9")
    opened.drop("footprints", KEY)
    opened.drop("footprints", KEY)
    assert opened.parts("footprints", KEY) is None
    with pytest.raises(KeyError):
        opened.get("footprints", KEY, "0,0")


def test_what_is_put_again_takes_the_place_of_what_was(opened: Store) -> None:
    opened.put("footprints", KEY, PARTS)
    assert opened.get("footprints", KEY, "0,0") == b"north"
    opened.put("footprints", KEY, {"new": b"south"})
    assert _read(opened) == {"new": b"south"}
    with pytest.raises(KeyError):
        opened.get("footprints", KEY, "0,0")


def test_the_same_work_is_the_same_bytes(opened: Store) -> None:
    opened.put("footprints", KEY, PARTS)
    once = _file(opened).read_bytes()
    opened.put("footprints", KEY, dict(PARTS))
    assert _file(opened).read_bytes() == once
    assert once.endswith(b"".join(PARTS.values()))


def test_the_folder_is_marked_as_a_cache_that_is_not_committed(opened: Store) -> None:
    tag = (opened.folder / "CACHEDIR.TAG").read_bytes()
    assert tag.startswith(b"Signature: 8a477f597d28d172789f06886806bc55")
    assert (opened.folder / ".gitignore").read_text() == "*\n"


def test_a_file_cut_at_any_length_or_with_more_behind_it_is_damaged(opened: Store) -> None:
    opened.put("footprints", KEY, PARTS)
    good = _file(opened).read_bytes()
    for bad in [*(good[:length] for length in range(len(good))), good + b"\0", good + good]:
        _file(opened).write_bytes(bad)
        for ask in (opened.parts, opened.whole):
            with pytest.raises(Damaged) as error:
                ask("footprints", KEY)
            assert error.value.file == _file(opened)
    _file(opened).write_bytes(good)
    assert _read(opened) == PARTS


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_with_any_byte_changed_every_part_reads_right_or_is_damaged(opened: Store, flip: int) -> None:
    opened.put("footprints", KEY, PARTS)
    good = _file(opened).read_bytes()
    for at in range(len(good)):
        _file(opened).write_bytes(good[:at] + bytes([good[at] ^ flip]) + good[at + 1 :])
        fresh = Store(opened.folder)
        with pytest.raises(Damaged):
            fresh.whole("footprints", KEY)
        right = 0
        for part, content in PARTS.items():
            try:
                right += fresh.get("footprints", KEY, part) == content
            except Damaged:
                continue
        in_the_parts = at >= len(good) - sum(map(len, PARTS.values()))
        assert right == (2 if in_the_parts else 0)


def test_a_file_spoilt_after_its_header_was_read_is_damaged(opened: Store) -> None:
    opened.put("footprints", KEY, PARTS)
    assert _read(opened) == PARTS
    good = _file(opened).read_bytes()
    for bad in (b"", good[:-3], good[:-1] + b"?", bytes(len(good))):
        _file(opened).write_bytes(bad)
        with pytest.raises(Damaged):
            opened.get("footprints", KEY, "shape")
    opened.drop("footprints", KEY)
    opened.put("footprints", KEY, PARTS)
    assert _read(opened) == PARTS


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"null",
        b"[]",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"a":1}',
        b'{"a":[0,0]}',
        b'{"a":[0,"1",0]}',
        b'{"a":[0,0.5,0]}',
        b'{"a":[0,NaN,0]}',
        b'{"a":[-5,5,0]}',
        b'{"a":[0,true,0]}',
        b'{"a":[0,99,0]}',
        b'{"a":[0,' + b"9" * 5000 + b",0]}",
    ],
)
def test_a_header_that_is_whole_but_makes_no_sense_is_damaged(opened: Store, header: bytes) -> None:
    start = _START.pack(_MAGIC, len(header), _crc(header, f"footprints/{KEY}"))
    _file(opened).parent.mkdir(parents=True)
    _file(opened).write_bytes(start + header)
    for ask in (opened.parts, opened.whole):
        with pytest.raises(Damaged):
            ask("footprints", KEY)


@pytest.mark.parametrize("foreign", [b"", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n" * 20, bytes(1000)])
def test_a_file_of_another_program_is_damaged(opened: Store, foreign: bytes) -> None:
    _file(opened).parent.mkdir(parents=True)
    _file(opened).write_bytes(foreign)
    for ask in (opened.parts, opened.whole):
        with pytest.raises(Damaged):
            ask("footprints", KEY)
    with pytest.raises(Damaged):
        opened.get("footprints", KEY, "0,0")


def test_a_folder_in_the_place_of_a_file_is_damaged_and_cannot_be_written_over(opened: Store) -> None:
    _file(opened).mkdir(parents=True)
    with pytest.raises(Damaged):
        opened.whole("footprints", KEY)
    with pytest.raises(StoreError, match=KEY[2:]):
        opened.put("footprints", KEY, PARTS)
    assert list((opened.folder / "writing").iterdir()) == []


def test_work_under_the_name_of_other_work_is_damaged(opened: Store) -> None:
    opened.put("footprints", KEY, PARTS)
    os.replace(_file(opened), _file(opened, OTHER))
    with pytest.raises(Damaged):
        opened.parts("footprints", OTHER)


def test_the_error_names_the_file_in_one_line_and_travels_between_processes(tmp_path: Path) -> None:
    error = pickle.loads(pickle.dumps(Damaged(tmp_path / "x", "3 bytes are not what its header says")))
    assert error.file == tmp_path / "x"
    assert str(error).startswith(f"{tmp_path / 'x'}: 3 bytes are not")
    assert len(str(error).splitlines()) == 1


def test_many_threads_write_and_read_at_once(opened: Store) -> None:
    keys = [hashlib.sha256(bytes([number])).hexdigest() for number in range(40)]

    def work(number: int) -> bool:
        key = keys[number % len(keys)]
        content = key.encode() * 50
        if opened.parts("tiles", key) is None:
            opened.put("tiles", key, {"level": content})
        return opened.get("tiles", key, "level") == content

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(work, range(800)))
    assert list((opened.folder / "writing").iterdir()) == []


def test_the_second_run_in_a_process_waits_for_the_first(tmp_path: Path) -> None:
    told, done = threading.Event(), threading.Event()

    def second() -> None:
        with Store.open(tmp_path, waiting=told.set):
            done.set()

    with Store.open(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        assert told.wait(20)
        assert not done.is_set()
    thread.join(20)
    assert done.is_set()


_HOLDS = """
import sys, time
from pathlib import Path
from coverage.signal.store import Store
with Store.open(Path(sys.argv[1]), waiting=lambda: print("waiting", flush=True)) as store:
    print("open", flush=True)
    sys.stdin.readline()
    store.put("tiles", sys.argv[2], {"level": b"1"})
print("done", flush=True)
"""


def _run(code: str, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _says(run: "subprocess.Popen[str]") -> str:
    assert run.stdout is not None
    return run.stdout.readline().strip()


def test_of_two_processes_at_once_the_second_says_that_it_waits_and_both_finish(tmp_path: Path) -> None:
    with _run(_HOLDS, tmp_path, KEY) as first:
        assert _says(first) == "open"
        with _run(_HOLDS, tmp_path, OTHER) as second:
            assert _says(second) == "waiting"
            assert first.communicate("\n", timeout=20) == ("done\n", "")
            assert second.communicate("\n", timeout=20) == ("open\ndone\n", "")
    with Store.open(tmp_path, waiting=lambda: pytest.fail("nobody holds it")) as opened:
        assert opened.whole("tiles", KEY)
        assert opened.whole("tiles", OTHER)


def test_a_killed_run_lets_go_of_the_store_even_for_one_that_waits(tmp_path: Path) -> None:
    with _run(_HOLDS, tmp_path, KEY) as first:
        assert _says(first) == "open"
        with _run(_HOLDS, tmp_path, OTHER) as second:
            assert _says(second) == "waiting"
            first.kill()
            assert second.communicate("\n", timeout=20) == ("open\ndone\n", "")


_WRITES = """
import hashlib, sys
from pathlib import Path
from coverage.signal.store import Store
with Store.open(Path(sys.argv[1])) as store:
    print("open", flush=True)
    for number in range(10**9):
        content = number.to_bytes(4, "big") * 50_000
        store.put("tiles", hashlib.sha256(content).hexdigest(), {"level": content})
"""


@pytest.mark.parametrize("after_s", [0.0, 0.01, 0.03, 0.1, 0.2])
def test_killed_while_writing_all_that_is_there_is_whole_and_drafts_are_swept(tmp_path: Path, after_s: float) -> None:
    with _run(_WRITES, tmp_path) as run:
        assert _says(run) == "open"
        threading.Event().wait(after_s)
        run.kill()
    (tmp_path / ".coverage-cache" / "writing" / "left-by-a-killed-run").write_bytes(b"half")
    with Store.open(tmp_path) as opened:
        assert list((opened.folder / "writing").iterdir()) == []
        for file in (opened.folder / "tiles").rglob("*"):
            if file.is_file():
                assert opened.whole("tiles", file.parent.name + file.name)


_FILLS = """
import resource, sys
from pathlib import Path
from coverage.errors import StoreError
from coverage.signal.store import Store
with Store.open(Path(sys.argv[1])) as store:
    store.put("tiles", sys.argv[2], {"level": b"1" * 5000})
    if sys.argv[4] == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        store.put("tiles", sys.argv[3], {"level": b"2" * 2_000_000})
    except StoreError as error:
        print(error)
    store.put("footprints", sys.argv[3], {"level": b"3" * 5000})
"""


def _left_after_filling(folder: Path, how: str) -> str:
    done = _run(_FILLS, folder, KEY, OTHER, how)
    said, failed = done.communicate(timeout=30)
    assert (done.returncode, failed) == (0, "")
    with Store.open(folder) as opened:
        assert list((opened.folder / "writing").iterdir()) == []
        assert opened.whole("tiles", KEY)
        assert not opened.whole("tiles", OTHER)
        assert opened.whole("footprints", OTHER)
    return said


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such limit")
def test_a_file_beyond_what_may_be_written_is_one_line_and_the_rest_is_intact(tmp_path: Path) -> None:
    said = _left_after_filling(tmp_path, "limit")
    assert len(said.splitlines()) == 1
    assert f"{OTHER[2:]}: File too large; expected" in said
    assert "coverage cache --clear" in said


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a disk of 1 MB")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tiny", str(tmp_path)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_full_disk_is_one_line_and_the_rest_is_intact(tiny_disk: Path) -> None:
    said = _left_after_filling(tiny_disk, "disk")
    assert len(said.splitlines()) == 1
    assert "No space left on device; expected" in said


_READS_ONLY = """
import gc, os, sys
from pathlib import Path
from coverage.signal.store import Store
if os.geteuid() == 0:
    os.seteuid(65534)
with Store.open(Path(sys.argv[1])) as store:
    store.put("tiles", sys.argv[2], {"level": b"1"})
assert not store.kept
assert store.get("tiles", sys.argv[2], "level") == b"1"
folder = store.folder
assert folder.is_dir()
if sys.argv[3] == "dropped":
    del store
    assert not folder.exists()
print(folder)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such rights")
@pytest.mark.parametrize("until", ["dropped", "the end"])
@pytest.mark.parametrize("earlier", ["no store", "a store"])
def test_a_study_that_cannot_be_written_works_aside_and_leaves_nothing(until: str, earlier: str) -> None:
    with tempfile.TemporaryDirectory() as study:  # one that another user may enter
        if earlier == "a store":
            with Store.open(Path(study)):
                pass
            for path in Path(study).rglob("*"):
                path.chmod(0o555 if path.is_dir() else 0o444)
        os.chmod(study, 0o555)
        before = sorted(Path(study).rglob("*"))
        run = _run(_READS_ONLY, study, KEY, until)
        said, failed = run.communicate(timeout=30)
        assert (run.returncode, failed) == (0, "")
        assert not Path(said.strip()).exists()
        assert sorted(Path(study).rglob("*")) == before
        for path in (Path(study), *before):
            path.chmod(0o755)


def test_a_store_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / ".coverage-cache").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="is a link"), Store.open(tmp_path / "study"):
        pass
    (tmp_path / "study" / ".coverage-cache").unlink()
    (tmp_path / "study" / ".coverage-cache").mkdir()
    (tmp_path / "study" / ".coverage-cache" / "lock").symlink_to(tmp_path / "elsewhere" / "file")
    with pytest.raises(StoreError, match="is a link"), Store.open(tmp_path / "study"):
        pass
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("found", ["a file", "no study"])
def test_where_no_folder_can_be_made_it_is_said_in_one_line(tmp_path: Path, found: str) -> None:
    study = tmp_path / "study"
    if found == "a file":
        study.mkdir()
        (study / ".coverage-cache").write_text("mine")
    with pytest.raises(StoreError) as error, Store.open(study):
        pass
    assert len(str(error.value).splitlines()) == 1
    assert str(error.value).startswith(str(study / ".coverage-cache"))


def test_an_error_of_the_run_itself_passes_through_and_lets_go(tmp_path: Path) -> None:
    with pytest.raises(PermissionError, match="mine"), Store.open(tmp_path):
        raise PermissionError("mine")
    with Store.open(tmp_path, waiting=lambda: pytest.fail("nobody holds it")):
        pass


@pytest.fixture
def worked(tmp_path: Path) -> Path:
    """Return a study whose last run used one footprint of two, and its only tile."""
    with Store.open(tmp_path) as opened:
        opened.put("footprints", KEY, {"a": b"12345"})
        opened.put("footprints", OTHER, {"a": b"1234567"})
        opened.put("tiles", KEY, {"a": b"1"})
        opened.remember([("footprints", KEY), ("tiles", KEY), ("tiles", OTHER)])
    return tmp_path


def test_contents_tell_what_the_last_run_used(worked: Path) -> None:
    found = store.contents(worked)
    assert found is not None
    footprints, tiles = found.kinds
    size, other = (_file(Store(found.folder), key).stat().st_size for key in (KEY, OTHER))
    assert footprints == store.Held("footprints", 2, size + other, 1, size)
    assert (tiles.kind, tiles.files, tiles.used_files, tiles.used_size) == ("tiles", 1, 1, tiles.size)
    assert (found.finished, found.leftovers) == (True, 0)


def test_pruning_removes_what_the_last_run_did_not_use(worked: Path) -> None:
    size = _file(Store(worked / ".coverage-cache"), OTHER).stat().st_size
    assert store.prune(worked, everything=False) == store.Freed(1, size)
    assert store.prune(worked, everything=False) == store.Freed(0, 0)
    with Store.open(worked) as opened:
        assert opened.whole("footprints", KEY)
        assert not opened.whole("footprints", OTHER)
        assert opened.whole("tiles", KEY)


def test_clearing_removes_all_work_but_nothing_of_others(worked: Path) -> None:
    folder = worked / ".coverage-cache"
    (folder / "footprints" / "ab" / "notes.txt").write_text("mine")
    (folder / "mine").mkdir()
    assert store.prune(worked, everything=True).files == 3
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == [
        ".gitignore",
        "CACHEDIR.TAG",
        "footprints/ab/notes.txt",
        "lock",
    ]
    assert (folder / "mine").is_dir()
    found = store.contents(worked)
    assert found is not None
    assert not found.finished
    assert sum(held.files for held in found.kinds) == 0


def test_the_last_run_to_finish_is_the_one_that_counts(worked: Path) -> None:
    with Store.open(worked) as opened:
        opened.remember([("footprints", OTHER)])
    assert store.prune(worked, everything=False).files == 2
    assert opened.parts("footprints", OTHER) == frozenset("a")


@pytest.mark.parametrize("last", [None, b"", b"half"])
def test_pruning_without_a_record_of_the_last_run_removes_nothing(worked: Path, last: bytes | None) -> None:
    file = worked / ".coverage-cache" / "last"
    if last is None:
        file.unlink()
    else:
        file.write_bytes(last)
    with pytest.raises(StoreError, match="no finished run is on record"):
        store.prune(worked, everything=False)
    found = store.contents(worked)
    assert found is not None
    assert not found.finished
    assert sum(held.files for held in found.kinds) == 3


def test_a_study_without_a_store_holds_nothing_and_is_given_none(tmp_path: Path) -> None:
    assert store.contents(tmp_path) is None
    assert store.prune(tmp_path, everything=True) == store.Freed(0, 0)
    assert list(tmp_path.iterdir()) == []


def test_pruning_waits_for_the_run_at_work(worked: Path) -> None:
    told: list[str] = []
    with _run(_HOLDS, worked, OTHER) as run:
        assert _says(run) == "open"
        assert run.stdin is not None

        def go_on() -> None:
            told.append("waits")
            assert run.stdin is not None
            run.stdin.write("\n")
            run.stdin.flush()

        assert store.prune(worked, everything=True, waiting=go_on).files == 4
        assert told == ["waits"]
