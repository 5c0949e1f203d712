"""What starts the product elsewhere is read by the programs that will read it there; one not to be had is named."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from maristan.config.documents import ROOT
from maristan.config.tests.programs import NotToBeHad, Program, program

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


def nginx_site(folder: Path, text: str) -> Path:
    """A whole configuration around the site, without certificates that are not here."""
    plain = re.sub(r"^\s+ssl_certificate.*$", "", text.replace(" ssl http2", " http2"), flags=re.M)
    (folder / "site.conf").write_text(plain)
    kept = "".join(
        f"{name}_temp_path {folder}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; error_log stderr; events {{ }} "
        f"http {{ access_log off; {kept} include {folder}/site.conf; }}"
    )
    return folder / "nginx.conf"


def test_nginx_reads_its_file(tmp_path: Path) -> None:
    nginx, text = fetched("nginx"), (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    done = run(nginx, "-t", "-c", str(nginx_site(tmp_path, text)))
    assert done.returncode == 0, done.stderr
    assert run(nginx, "-t", "-c", str(nginx_site(tmp_path, text.replace("proxy_pass", "pass")))).returncode != 0
