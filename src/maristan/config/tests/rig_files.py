"""What starts the product elsewhere is read by the programs that will read it there; one not to be had is named."""

import os
import re
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from maristan.config.documents import ROOT
from maristan.config.preflight import site_of_nginx
from maristan.config.tests.programs import NotToBeHad, Program, free_port, program

DEPLOY = ROOT / "deploy"


def fetched(name: str) -> Program:
    """A program by its name; without it the test is skipped, and says why."""
    try:
        return program(name)
    except NotToBeHad as why:
        pytest.skip(f"not to be had: {why}")


def run(of: Program, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    given = {**os.environ, **of.environment, **environment}
    return subprocess.run([of.path, *words], capture_output=True, text=True, timeout=60, env=given)


def units(folder: Path, **changed: str) -> list[str]:
    """The units with a program that is here; those named differ."""
    for each in (DEPLOY / "systemd").iterdir():
        text = each.read_text(encoding="utf-8").replace("/srv/maristan/current/bin/maristan", "/bin/true")
        (folder / each.name).write_text(changed.get(each.stem, text))
    return [str(each) for each in sorted(folder.iterdir()) if "@" not in each.name]


def test_systemd_reads_every_unit(tmp_path: Path) -> None:
    done = run(fetched("systemd-analyze"), "verify", *units(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    broken = {"maristan-web": "[Service]\nExecStart=relative\n"}
    assert run(fetched("systemd-analyze"), "verify", *units(tmp_path, **broken)).returncode != 0


def test_caddy_reads_its_file(tmp_path: Path) -> None:
    caddy, words = fetched("caddy"), ("validate", "--adapter", "caddyfile", "--config")
    named = {"MARISTAN_DOMAINS": "a.example, b.example", "XDG_DATA_HOME": str(tmp_path)}
    done = run(caddy, *words, str(DEPLOY / "Caddyfile"), **named)
    assert done.returncode == 0, done.stderr
    broken = tmp_path / "Caddyfile"
    broken.write_text((DEPLOY / "Caddyfile").read_text(encoding="utf-8").replace("reverse_proxy", "reverse"))
    assert run(caddy, *words, str(broken), **named).returncode != 0


def test_nginx_reads_its_file(tmp_path: Path) -> None:
    nginx, text = fetched("nginx"), (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    done = run(nginx, "-t", "-c", str(site_of_nginx(tmp_path, text)))
    assert done.returncode == 0, done.stderr
    assert run(nginx, "-t", "-c", str(site_of_nginx(tmp_path, text.replace("proxy_pass", "pass")))).returncode != 0


KEY = "mrs-0f1e2d3c4b5a6978"
ASKED = (
    f"/apply/{KEY}", f"/invitation/{KEY}", f"/account/reset/{KEY}?x=1", f"/api/v1/agenda/feeds/{KEY}/calendar.ics",
    f"/api/v1/transcripts/signed/?token={KEY}", f"/accounts/login/?next=/apply/{KEY}",
)  # fmt: skip


def written(of: Program, words: list[str], port: int, folder: Path, **environment: str) -> str:
    """Everything that a proxy wrote while nobody behind it answered."""
    given = {**os.environ, **of.environment, **environment}
    out = folder / "said"
    with out.open("w") as said, subprocess.Popen([of.path, *words], stdout=said, stderr=said, env=given) as running:
        try:
            for each in ASKED:
                assert asked(f"http://127.0.0.1:{port}{each}") == 502
        finally:
            time.sleep(0.5)  # what was asked last is written
            running.terminate()
    return "".join(each.read_text(encoding="utf-8") for each in (out, *folder.glob("*.log")))


def asked(url: str) -> int:
    """The status of an answer, once the proxy listens."""
    request = urllib.request.Request(url, headers={"Referer": url, "Cookie": f"a={KEY}", "Authorization": KEY})
    for _ in range(100):
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(url)


def caddy_here(folder: Path, text: str, port: int) -> list[str]:
    """Without certificates, at a port of this machine, before nobody."""
    plain = re.sub(r"\ttls \{.+?\n\t\}\n", "", text, flags=re.S).replace("lb_try_duration 15s", "")
    plain = plain.replace("servers {", "admin off\n\tservers {", 1)
    plain = plain.replace("127.0.0.1:8010", f"127.0.0.1:{free_port()}")
    (folder / "Caddyfile").write_text(plain.replace("{$MARISTAN_DOMAINS}", f"http://127.0.0.1:{port}"))
    return ["run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def test_caddy_writes_no_key_of_a_link(tmp_path: Path) -> None:
    caddy, text, port = fetched("caddy"), (DEPLOY / "Caddyfile").read_text(encoding="utf-8"), free_port()
    home = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    told = written(caddy, caddy_here(tmp_path, text, port), port, tmp_path, **home)
    assert told.count("/apply/***") >= 2  # of who asked, and of what went wrong
    assert KEY not in told
    unfiltered = caddy_here(tmp_path, text.replace("request>uri regexp", "request>uid regexp"), port)
    assert KEY in written(caddy, unfiltered, port, tmp_path, **home)


def nginx_here(folder: Path, text: str, port: int) -> list[str]:
    """Without certificates, at a port of this machine, before nobody."""
    plain = text.replace("127.0.0.1:8010", f"127.0.0.1:{free_port()}")
    plain = re.sub(r"listen (\[::\]:)?(80|443 ssl http2);", lambda found: "" if found[1] else (
        f"listen 127.0.0.1:{port if '443' in found[2] else free_port()};"
    ), plain)  # fmt: skip
    plain = re.sub(r"^ +ssl_.*$", "", plain, flags=re.M)
    site_of_nginx(folder, plain)
    main = (folder / "nginx.conf").read_text(encoding="utf-8")
    (folder / "nginx.conf").write_text(f"daemon off; {main}")
    return ["-c", str(folder / "nginx.conf"), "-e", "stderr"]


def test_nginx_writes_no_key_of_a_link(tmp_path: Path) -> None:
    nginx, text, port = fetched("nginx"), (DEPLOY / "nginx.conf").read_text(encoding="utf-8"), free_port()
    told = written(nginx, nginx_here(tmp_path, text, port), port, tmp_path)
    assert told.count("/apply/***") == 1
    assert KEY not in told
    bare = written(nginx, nginx_here(tmp_path, text.replace(" alert;", " error;"), port), port, tmp_path)
    assert KEY in bare
