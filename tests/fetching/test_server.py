import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from email.utils import formatdate
from pathlib import Path

import numpy as np
import pytest

from coverage.errors import FetchError
from coverage.fetching.server import Servers
from coverage.settings.fetch import Fetch
from tests.fetching.services import LOGIN_PAGE, Reply, Services

BYTES = np.random.default_rng(5).bytes(1_000_000)


class Waits:
    """A clock that stands still but for what is slept."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def clock(self) -> float:
        return sum(self.slept)


def breaks_off(after: int):
    def spoil(reply: Reply) -> Reply:
        reply.stop_after = after
        return reply

    return spoil


def fetched(rules: Fetch, services: Services, folder: Path, **asked) -> bytes:
    Servers(rules).fetch(f"{services.base}/file.tif", folder / "file.part", **asked)
    return (folder / "file.part").read_bytes()


def test_a_file_comes_whole_and_the_service_learns_who_asks(tmp_path: Path, rules: Fetch, services: Services) -> None:
    services.put("/file.tif", BYTES)
    assert fetched(rules, services, tmp_path) == BYTES
    agent = services.asked[0].headers["User-Agent"]
    assert agent.startswith("coverage-planner/")
    assert "so-kkcn@example.org" in agent


def test_what_breaks_off_is_gone_on_with_and_the_bytes_are_those_of_the_server(
    tmp_path: Path, rules: Fetch, services: Services
) -> None:
    services.put("/file.tif", BYTES)
    services.faults["/file.tif"] = [breaks_off(300_000), breaks_off(400_000)]
    shares: list[float] = []
    assert fetched(rules, services, tmp_path, told=shares.append) == BYTES
    ranges = [asked.headers.get("Range") for asked in services.asked]
    assert ranges[0] is None
    starts = [int(text.removeprefix("bytes=").removesuffix("-")) for text in ranges[1:]]
    assert 0 < starts[0] <= 300_000 < starts[1] <= 700_000
    assert {asked.headers["If-Range"] for asked in services.asked[1:]} == {f'"{hashlib.md5(BYTES).hexdigest()}"'}
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_server_that_gives_less_than_the_rest_is_asked_for_what_is_left(
    tmp_path: Path, rules: Fetch, services: Services
) -> None:
    services.put("/file.tif", BYTES)

    def shorter(reply: Reply) -> Reply:
        first = int(reply.headers["Content-Range"].removeprefix("bytes ").partition("-")[0])
        reply.body = reply.body[:100_000]
        reply.headers["Content-Range"] = f"bytes {first}-{first + 99_999}/{len(BYTES)}"
        return reply

    services.faults["/file.tif"] = [breaks_off(300_000), shorter]
    assert fetched(rules, services, tmp_path) == BYTES
    assert len(services.asked) == 3


def test_a_file_that_changes_between_two_tries_is_fetched_anew(
    tmp_path: Path, rules: Fetch, services: Services
) -> None:
    services.put("/file.tif", BYTES)

    def changes(reply: Reply) -> Reply:
        services.put("/file.tif", BYTES[::-1])
        reply.stop_after = 300_000
        return reply

    services.faults["/file.tif"] = [changes]
    assert fetched(rules, services, tmp_path) == BYTES[::-1]


def test_a_server_that_knows_no_ranges_is_asked_from_the_start(
    tmp_path: Path, rules: Fetch, services: Services
) -> None:
    services.put("/file.tif", BYTES)
    plain = Reply(200, BYTES)
    services.faults["/file.tif"] = [Reply(200, BYTES, stop_after=300_000), plain]
    assert fetched(rules, services, tmp_path) == BYTES
    assert "Range" not in services.asked[1].headers


def test_a_whole_file_whose_fetch_was_killed_before_the_end_is_not_fetched_again(
    tmp_path: Path, rules: Fetch, services: Services
) -> None:
    services.put("/file.tif", BYTES)
    fetched(rules, services, tmp_path)
    assert fetched(rules, services, tmp_path) == BYTES  # 416: there is nothing behind its end
    assert services.asked[1].headers["Range"] == f"bytes={len(BYTES)}-"


@pytest.mark.parametrize(
    ("wait", "slept"),
    [("7", 7.0), (None, 4.0), ("a date", pytest.approx(90, abs=5))],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(
    tmp_path: Path, rules: Fetch, services: Services, status: int, wait: str | None, slept: float
) -> None:
    services.put("/file.tif", BYTES)
    said = formatdate(time.time() + 90, usegmt=True) if wait == "a date" else wait or ""
    services.faults["/file.tif"] = [Reply(status, b"busy", {"Retry-After": said})]
    waits = Waits()
    servers = Servers(rules.model_copy(update={"pause_s": 1.0}), sleep=waits.sleep, clock=waits.clock)
    servers.fetch(f"{services.base}/file.tif", tmp_path / "file.part")
    assert waits.slept == [slept]


def test_a_server_that_asks_for_an_hour_ends_the_fetch_with_one_line(
    tmp_path: Path, rules: Fetch, services: Services
) -> None:
    services.faults["/file.tif"] = [Reply(429, b"", {"Retry-After": "3600"})]
    with pytest.raises(
        FetchError, match=r"^http\S+: the server answers 429 .* asks to wait 3,600 s; expected at most"
    ) as e:
        fetched(rules, services, tmp_path)
    assert "\n" not in str(e.value)


def test_a_server_that_stays_busy_is_asked_five_times_with_longer_and_longer_waits(
    tmp_path: Path, rules: Fetch, services: Services
) -> None:
    services.faults["/file.tif"] = [Reply(503, b"") for _ in range(9)]
    waits = Waits()
    servers = Servers(rules.model_copy(update={"pause_s": 1.0}), sleep=waits.sleep, clock=waits.clock)
    with pytest.raises(FetchError, match=r"503 .*5 times in a row"):
        servers.fetch(f"{services.base}/file.tif", tmp_path / "file.part")
    assert waits.slept == [4, 16, 60, 60]
    assert len(services.asked) == 5


def test_requests_to_one_server_are_a_pause_apart(tmp_path: Path, rules: Fetch, services: Services) -> None:
    waits = Waits()
    servers = Servers(rules.model_copy(update={"pause_s": 3.0}), sleep=waits.sleep, clock=waits.clock)
    for name in ("/a", "/b", "/c"):
        services.put(name, b"x")
        servers.fetch(f"{services.base}{name}", tmp_path / "x.part")
    assert waits.slept == [3.0, 3.0]
    assert services.most_at_once == 1


def test_a_web_page_with_status_200_is_one_line_and_leaves_what_was_begun(
    tmp_path: Path, rules: Fetch, services: Services
) -> None:
    services.put("/file.tif", BYTES)
    page = Reply(200, LOGIN_PAGE, {"Content-Type": "text/html; charset=utf-8"})
    services.faults["/file.tif"] = [breaks_off(300_000), page]
    with pytest.raises(FetchError, match="a web page instead of data; expected the data"):
        fetched(rules, services, tmp_path)
    assert fetched(rules, services, tmp_path) == BYTES
    assert "Range" in services.asked[-1].headers


@pytest.mark.parametrize("status", [400, 403, 404])
def test_an_answer_that_will_not_change_is_not_asked_for_again(
    tmp_path: Path, rules: Fetch, services: Services, status: int
) -> None:
    services.faults["/file.tif"] = [Reply(status, b"no")]
    with pytest.raises(FetchError, match=f"the server answers {status}"):
        fetched(rules, services, tmp_path)
    assert len(services.asked) == 1


def test_more_announced_than_sent_is_an_answer_that_broke_off(tmp_path: Path, rules: Fetch, services: Services) -> None:
    services.faults["/file.tif"] = [Reply(200, BYTES[:1000], {"Content-Length": "5000"}, stop_after=1000)] * 5
    with pytest.raises(FetchError, match=r"broke off.*5 times in a row"):
        fetched(rules, services, tmp_path)


def test_a_silent_server_is_given_up(tmp_path: Path, rules: Fetch, services: Services) -> None:
    services.faults["/file.tif"] = [Reply(200, b"late", silent_s=1.0)] * 2
    hasty = rules.model_copy(update={"timeout_s": 0.2, "attempts": 2})
    with pytest.raises(FetchError, match="no answer in time, 2 times in a row"):
        fetched(hasty, services, tmp_path)


def test_nobody_there_is_one_line(tmp_path: Path, rules: Fetch, services: Services) -> None:
    servers = Servers(rules.model_copy(update={"attempts": 1}))
    with pytest.raises(
        FetchError, match=r"^http://127.0.0.1:9/x: no connection \(Connection refused\), once; expected"
    ):
        servers.fetch("http://127.0.0.1:9/x", tmp_path / "x.part")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_disk_that_fills_up_is_one_line(
    tmp_path: Path, rules: Fetch, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.put("/file.tif", BYTES)
    full = tmp_path / "file.part"
    monkeypatch.setattr("coverage.fetching.server.begin", lambda part, url, headers: part.symlink_to("/dev/full"))
    with pytest.raises(FetchError, match=r"the disk is full; expected room for file.part\. Free space"):
        Servers(rules).fetch(f"{services.base}/file.tif", full)


def test_a_file_that_is_larger_than_what_is_free_is_not_begun(
    tmp_path: Path, rules: Fetch, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.put("/file.tif", BYTES)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 40_000_000))
    with pytest.raises(FetchError, match=r"40 MB are free, and .* needs 1 MB; expected room for it and 50 MB more"):
        fetched(rules, services, tmp_path)


def test_a_fetch_killed_in_the_middle_goes_on_and_the_bytes_are_equal(
    tmp_path: Path, rules: Fetch, services: Services
) -> None:
    content = BYTES * 4
    services.put("/file.tif", content)

    def slowly(reply: Reply) -> Reply:
        reply.chunk_s = 0.05
        return reply

    services.faults["/file.tif"] = [slowly]
    part = tmp_path / "file.part"
    program = (
        "from pathlib import Path\n"
        "from coverage.fetching.server import Servers\n"
        "from coverage.settings.fetch import Fetch\n"
        f"Servers(Fetch()).fetch({services.base + '/file.tif'!r}, Path({str(part)!r}))"
    )
    child = subprocess.Popen([sys.executable, "-c", program], env={**os.environ, "NO_PROXY": "127.0.0.1"})
    deadline = time.monotonic() + 60
    while not (part.exists() and part.stat().st_size > 500_000):
        assert time.monotonic() < deadline
        assert child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    begun = part.stat().st_size
    assert begun < len(content)
    assert fetched(rules, services, tmp_path) == content
    assert services.asked[-1].headers["Range"] == f"bytes={begun}-"
