"""What operators set reaches the processes in containers, or is decided by what runs them; secrets are files there."""

import re
from pathlib import Path
from typing import Any

from maristan.config import checks, environment, variables
from maristan.config.documents import ROOT
from maristan.config.tests.test_container_files import COMPOSE, DEPLOY, PODS, PRODUCT, WATCHDOG, container_of

# What no `.env` beside compose.yaml sets, and why; every other variable of the table reaches each process.
DECIDED = {
    **dict.fromkeys(["MARISTAN_HOME", "MARISTAN_CONTAINER", "DEPLOY_HOOKS_DIR", "MAINTENANCE_FILE"], "the image"),
    **dict.fromkeys(["MARISTAN_PORT", "WEB_BIND"], "the image: its port is published by the composition"),
    **dict.fromkeys(["MEDIA_ROOT", "BACKUP_DIR"], "the usual folders are the volumes"),
    **dict.fromkeys(["APP_VERSION", "VERSION"], "the wheel within says what it is"),
    **dict.fromkeys(["PG_BIN_DIR", "STATIC_ROOT"], "a path of the host"),
    **dict.fromkeys(["DEBUG", "DEMO_PASSWORD"], "nothing for where people are served"),
    **dict.fromkeys(["DATABASE_POOL", "DATABASE_DIRECT_URL"], "no pooler runs here; it asks web for the owner's login"),
    **{f"POSTGRES_{each}": "app_url and owner_url say it" for each in ("DB", "USER", "PASSWORD", "HOST", "PORT")},
    "ALLOW_EMBEDDED_DATABASE": "the composition has a server",
    "WORKER_QUEUES": "the words of each worker name them",
    "LOG_RETENTION_DAYS": "no files of lines are written; the engine keeps them",
    "DEPLOY_TARGET": "whoever calls a script says it",
}
CONSTANT = {"MARISTAN_ENV": "production", "LOG_DIR": ""}
GIVEN = re.compile(r"\$\{(\w+)(:[-?+])([^}]*)\}")


def filled(written: str, of_env: dict[str, str]) -> str:
    """What compose makes of a value."""

    def one(found: re.Match[str]) -> str:
        name, kind, other = found.groups()
        return {":-": of_env.get(name) or other, ":?": of_env[name] if kind == ":?" else "",
                ":+": other if of_env.get(name) else ""}[kind]  # fmt: skip

    return GIVEN.sub(one, written)


def test_every_variable_reaches_the_processes_of_one_host_or_stands_among_those_that_are_decided() -> None:
    services, table = COMPOSE["services"], {each.name: each for each in variables.TABLE}
    given = services["operations"]["environment"]
    handed = {each if each in table else each.removesuffix("_FILE") for each in given}
    assert set(table) - handed == set(DECIDED)
    for name, written in given.items():
        if name in CONSTANT:
            assert written == CONSTANT[name]
        elif name in table:
            assert (found := GIVEN.fullmatch(written)), name
            assert found[1] == name
        elif (file := name.removesuffix("_FILE").lower()) not in COMPOSE["secrets"]:
            assert written in {f"/run/secrets/{each}" for each in ("app_url", "owner_url")}, name
        elif written != f"/run/secrets/{file}":  # a file of the host that not everybody has
            assert written == f"${{{name}:+/run/secrets/{file}}}"
            assert COMPOSE["secrets"][file] == {"file": f"${{{name}:-/dev/null}}"}
    own = {
        "operations": {"DATABASE_OWNER_URL_FILE", "BACKUP_AGE_IDENTITY_FILE"},
        "migrate": {"DATABASE_OWNER_URL_FILE"},
    }
    for name in PRODUCT | {WATCHDOG}:
        there = services[name]["environment"]
        assert there.items() <= given.items()
        assert set(there) - set(services[WATCHDOG]["environment"]) == own.get(name, set())
        files = {Path(filled(there[each], {each: "x"})).name for each in there if each.endswith("_FILE")}
        assert files == set(services[name]["secrets"]), name  # neither a file that is not there, nor one for nobody


SECRETS = {
    "secret_key": "0123456789" * 6, "app_url": "postgresql://m_app:x@db/m", "owner_url": "postgresql://m:x@db/m",
    "redis_url": "redis://redis:6379/0", "metrics_token": "t0ken", "email_host_password": "p4ss",
}  # fmt: skip
NEEDED = {"ALLOWED_HOSTS": "maristan.example", "SITE_URL": "https://maristan.example"}
PLAIN = {*NEEDED, "MARISTAN_ENV", "TIME_ZONE", "TRUSTED_PROXIES"}
PLAIN |= {"SECRET_KEY", "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"}


def read_inside(folder: Path, of_env: dict[str, str]) -> environment.Environment:
    """What the worker of operations makes of a `.env`, with secrets in a folder."""
    for name, value in SECRETS.items():
        (folder / name).write_text(value)
    given = COMPOSE["services"]["operations"]["environment"]
    found = {name: filled(written, of_env) for name, written in given.items()}
    return environment.read({name: each.replace("/run/secrets", str(folder)) for name, each in found.items()})


def test_what_an_operator_of_one_host_leaves_out_is_unset_and_what_is_set_is_read(tmp_path: Path) -> None:
    assert read_inside(tmp_path, NEEDED).given == PLAIN
    more = {"BACKUP_SCHEDULE": "03:15", "ALERT_EMAILS": "olga@maristan.example", "RETENTION_DAYS": "30"}
    told = read_inside(tmp_path, {**NEEDED, **more, "METRICS_TOKEN_FILE": "./secrets/metrics_token"})
    assert told.given == PLAIN | {*more, "METRICS_TOKEN"}
    assert (told["RETENTION_DAYS"], told["METRICS_TOKEN"]) == (30, "t0ken")


def test_the_settings_that_are_shown_for_one_host_reach_the_processes_and_tell_somebody(
    tmp_path: Path, settings: Any
) -> None:
    text = (ROOT / "docs" / "operations" / "deployment.md").read_text(encoding="utf-8")
    shown = re.findall(r"```ini\n(.*?)```", text[text.index("### One host with compose") :], re.S)[0]
    (tmp_path / ".env").write_text(shown)
    given = environment.dotenv(tmp_path / ".env")
    settings.ENV = read_inside(tmp_path, given)
    of_engine = {"IMAGE", "RELEASE_TAG"}
    assert settings.ENV.given == PLAIN | {each.removesuffix("_FILE") for each in given if each not in of_engine}
    assert settings.ENV.warnings == []
    assert checks.somebody_is_told(None) == []
    needed = {each["file"].removeprefix("./") for each in COMPOSE["secrets"].values() if "$" not in each["file"]}
    assert set(re.findall(r">(secrets/\w+)", text)) == needed
    (owned,) = re.findall(r"^sudo chown 10001:10001 (secrets/.+)$", text, re.M)
    assert set(owned.split()) == needed - {"secrets/postgres_password"}  # which the server reads as root


def test_a_secret_that_the_settings_of_the_cluster_name_lies_where_pods_read_it() -> None:
    folder = DEPLOY / "kubernetes"
    of_owner = (folder / "operations.env").read_text(encoding="utf-8").splitlines()
    assert of_owner == ["BACKUP_AGE_IDENTITY_FILE="]  # opens encrypted sets: for who restores, and nobody else
    said = (folder / "kustomization.yaml").read_text(encoding="utf-8")
    settings_of_all = (folder / "settings.env").read_text(encoding="utf-8")
    for name in re.findall(r"^(\w+)_FILE=$", settings_of_all, re.M):
        assert re.search(rf"\b{name.lower()}\b", said), name
    where = {"more": "/run/secrets/more", "identity": "/run/secrets/operations"}
    for name, pod in PODS.items():
        volumes = {each["name"]: each.get("secret") for each in pod["spec"]["template"]["spec"]["volumes"]}
        mounted = {each["name"]: each["mountPath"] for each in container_of(name)["volumeMounts"]}
        assert volumes["more"] == {"secretName": "maristan-more", "optional": True}
        assert ("identity" in volumes) == (name == "maristan-operations")
        assert {each: mounted[each] for each in where if each in volumes}.items() <= where.items()
        known = [each["configMapRef"]["name"] for each in container_of(name)["envFrom"]]
        assert known == ["maristan-settings", *(["maristan-operations"] if "identity" in volumes else [])]
    assert "/run/secrets/more/" in said
    assert "/run/secrets/operations/age_identity" in said
