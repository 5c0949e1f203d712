"""What operators set reaches the processes in containers, or is decided by what runs them; secrets are files there."""

import re
from pathlib import Path

from maristan.config import environment, variables
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


def test_what_an_operator_of_one_host_leaves_out_is_unset_and_what_is_set_is_read(tmp_path: Path) -> None:
    needed = {"ALLOWED_HOSTS": "maristan.example", "SITE_URL": "https://maristan.example"}
    secrets = {"secret_key": "0123456789" * 6, "app_url": "postgresql://m_app:x@db/m", "metrics_token": "t0ken"}
    secrets |= {"owner_url": "postgresql://m:x@db/m", "redis_url": "redis://redis:6379/0"}
    for name, value in secrets.items():
        (tmp_path / name).write_text(value)

    def read_with(**of_env: str) -> environment.Environment:
        given = COMPOSE["services"]["operations"]["environment"]
        found = {name: filled(written, {**needed, **of_env}) for name, written in given.items()}
        return environment.read({name: each.replace("/run/secrets", str(tmp_path)) for name, each in found.items()})

    plain = {*needed, "MARISTAN_ENV", "TIME_ZONE", "TRUSTED_PROXIES"}
    plain |= {"SECRET_KEY", "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"}
    assert read_with().given == plain
    more = {"BACKUP_SCHEDULE": "03:15", "ALERT_EMAILS": "olga@maristan.example", "RETENTION_DAYS": "30"}
    told = read_with(**more, METRICS_TOKEN_FILE="./secrets/metrics_token")
    assert told.given == plain | {*more, "METRICS_TOKEN"}
    assert (told["RETENTION_DAYS"], told["METRICS_TOKEN"]) == (30, "t0ken")


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
