"""A host is prepared by one script, twice as once; `maristan` there is the release, as its user, with the owner."""

import getpass
import os
import stat
from pathlib import Path

import pytest

from maristan.config.documents import ROOT
from maristan.config.environment import dotenv
from maristan.config.tests.test_deploy_files import program, run

PREPARE, COMMAND = ROOT / "scripts" / "prepare_host.sh", ROOT / "deploy" / "host" / "maristan"
ME = getpass.getuser()
SECRETS = ("secrets/secret_key", "secrets/app_url", "owner.env")
SHOWS = '#!/bin/sh\necho "$0 $* owner=${DATABASE_OWNER_URL:-none} home=$MARISTAN_HOME in=$PWD"\n'


@pytest.fixture
def host(tmp_path: Path) -> Path:
    code, said = run(PREPARE, "a.example,b.example", ROOT=str(tmp_path), MARISTAN_USER=ME)
    assert code == 0, said
    return tmp_path


def test_a_host_gets_settings_that_agree_and_secrets_of_its_own(
    host: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = host / "srv" / "maristan"
    settings = dotenv(home / ".env")
    assert (settings["ALLOWED_HOSTS"], settings["SITE_URL"]) == ("a.example,b.example", "https://a.example")
    assert settings["MAINTENANCE_FILE"].startswith("/srv/maristan/var/")  # where units may write
    assert {name: settings[name] for name in settings if name.endswith("_FILE") and "MAINT" not in name} == {
        "SECRET_KEY_FILE": "/srv/maristan/secrets/secret_key", "DATABASE_URL_FILE": "/srv/maristan/secrets/app_url",
    }  # fmt: skip
    assert stat.S_IMODE(home.stat().st_mode) == 0o750
    assert {stat.S_IMODE((home / name).stat().st_mode) for name in (*SECRETS, ".env")} == {0o600}
    owner, app = (home / "owner.env").read_text(), (home / "secrets" / "app_url").read_text()
    assert owner.startswith("DATABASE_OWNER_URL=postgresql://maristan:")
    assert app.startswith("postgresql://maristan_app:")
    written = [(home / name).read_text() for name in SECRETS]
    other = tmp_path_factory.mktemp("other")
    assert run(PREPARE, "a.example", ROOT=str(other), MARISTAN_USER=ME)[0] == 0
    assert not {*written} & {(other / "srv" / "maristan" / name).read_text() for name in SECRETS}


def test_what_is_there_stays_and_what_a_release_brings_is_put_again(host: Path) -> None:
    home = host / "srv" / "maristan"
    (home / ".env").write_text("MARISTAN_ENV=production\n")
    written = {name: (home / name).read_text() for name in (*SECRETS, ".env")}
    unit, caddy = host / "etc/systemd/system/maristan-web.service", host / "etc/caddy/Caddyfile"
    unit.write_text("of a former release")
    caddy.write_text("of the host")
    code, said = run(PREPARE, "a.example", ROOT=str(host), MARISTAN_USER=ME)
    assert code == 0, said
    assert {name: (home / name).read_text() for name in written} == written
    assert unit.read_text() == (ROOT / "deploy/systemd/maristan-web.service").read_text()
    assert caddy.read_text() == (ROOT / "deploy/Caddyfile").read_text()
    assert caddy.with_name("Caddyfile.before").read_text() == "of the host"
    assert (
        'Environment="MARISTAN_DOMAINS=a.example"'
        in (host / "etc/systemd/system/caddy.service.d/maristan.conf").read_text()
    )


def test_everything_that_systemd_runs_is_put_and_the_user_starts_what_hooks_start(host: Path) -> None:
    units = {each.name for each in (ROOT / "deploy" / "systemd").iterdir()}
    assert {each.name for each in (host / "etc/systemd/system").iterdir() if each.is_file()} == units
    rule = (host / "etc/polkit-1/rules.d/50-maristan.rules").read_text()
    assert r"^maristan-(web|operations|worker@[0-9]+)\.service$" in rule
    assert os.access(host / "usr/local/bin/maristan", os.X_OK)


def test_nothing_is_made_without_a_domain(tmp_path: Path) -> None:
    assert run(PREPARE, ROOT=str(tmp_path), MARISTAN_USER=ME)[0] != 0
    assert list(tmp_path.iterdir()) == []


def test_the_command_runs_the_release_in_service_else_the_one_installed_last(tmp_path: Path) -> None:
    home = {"MARISTAN_HOME": str(tmp_path), "MARISTAN_USER": ME}
    assert run(COMMAND, "doctor", **home) == (2, f"no release is installed below {tmp_path}/releases\n")
    first, last = (program(tmp_path / "releases" / name / "bin" / "maristan", SHOWS) for name in ("1-a", "2-b"))
    os.utime(first, (1, 1))
    ends = f"home={tmp_path} in={tmp_path}\n"
    assert run(COMMAND, "deploy", "--yes", **home) == (0, f"{last} deploy --yes owner=none {ends}")
    (tmp_path / "owner.env").write_text("DATABASE_OWNER_URL=postgresql://o:p@127.0.0.1/m\n")
    (tmp_path / "current").symlink_to(first.parent.parent)
    owner = "owner=postgresql://o:p@127.0.0.1/m"
    assert run(COMMAND, "doctor", **home) == (0, f"{tmp_path}/current/bin/maristan doctor {owner} {ends}")
    script = program(tmp_path / "incoming" / "scripts" / "do.sh", SHOWS)
    assert run(COMMAND, "incoming/scripts/do.sh", "a b", **home) == (0, f"{script} a b {owner} {ends}")
    assert run(COMMAND, str(last), "deploy", "--undo", **home) == (0, f"{last} deploy --undo {owner} {ends}")
