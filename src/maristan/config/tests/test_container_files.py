"""What starts the product elsewhere holds to what operators are promised: images, compose, units, pods and proxies."""

import json
import os
import re
import subprocess
import sys
import time
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands, load_command_class

from maristan.config import variables
from maristan.config.cli import WITHOUT_DATABASE
from maristan.config.documents import ROOT
from maristan.operations.management.commands import watchdog
from maristan.operations.rules.watchdog import Watch

DEPLOY = ROOT / "deploy"
HOME = "/srv/maristan"  # of the image's user: ssh looks for its keys there, whatever HOME says
PRODUCT = {"migrate", "web", "worker", "operations"}
WATCHDOG = "watchdog"  # asks from outside: it waits for web alone, and for no database
KNOWN = {each.name for each in variables.TABLE}


class Loader(yaml.SafeLoader):
    """Reads also the tag by which one file of compose replaces a list of another."""


Loader.add_constructor("!override", lambda loader, node: loader.construct_sequence(node))


def read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), Loader)


def settings_in(names: Any) -> set[str]:
    """Names that are no variable of the product."""
    return {name for name in names if name.removesuffix("_FILE") not in KNOWN and name not in KNOWN}


COMPOSE = read(ROOT / "compose.yaml")
PODS = {
    each["metadata"]["name"]: each
    for file in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for each in yaml.safe_load_all(file.read_text(encoding="utf-8"))
    if each["kind"] in ("Deployment", "Job")
}
OTHERS = {
    (each["kind"], each["metadata"]["name"]): each
    for file in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for each in yaml.safe_load_all(file.read_text(encoding="utf-8"))
    if each["kind"] not in ("Deployment", "Job", "Kustomization")
}


def test_the_image_has_three_stages_and_runs_as_nobody_special_without_compiler_or_secret() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    stages = [each for each in lines if each.startswith("FROM ")]
    last = "\n".join(lines[lines.index(stages[-1]) :])
    assert [each.split()[1].split(":")[0] for each in stages] == ["node", "python", "python"]
    assert "slim" in stages[-1]
    assert re.search(r"^USER 10001", last, re.M)
    assert re.search(r"^HEALTHCHECK ", last, re.M)
    assert 'ENTRYPOINT ["maristan"]' in last
    assert 'CMD ["web"]' in last
    assert not re.search(r"gcc|build-essential|SECRET_KEY|PASSWORD|migrate", last)
    client, server = (
        re.search(pattern, text)
        for pattern, text in ((r"postgresql-client-(\d+)", last), (r"postgres:(\d+)", str(COMPOSE)))
    )
    assert client is not None
    assert server is not None
    assert int(client[1]) >= int(server[1])
    installed = re.findall(r"install --yes --no-install-recommends (.+?) *\\", last)[0].split()
    programs = {"rsync": "rsync", "ssh": "openssh-client", "pg_dump": f"postgresql-client-{client[1]}"}
    assert set(programs.values()) <= set(installed)
    assert f"--home-dir {HOME} " in last
    farside = (ROOT / "src/maristan/operations/actions/farside.py").read_text(encoding="utf-8")
    assert set(re.findall(r'^SSH = \("(\w+)"|_run\(\["(\w+)"', farside, re.M)) == {("ssh", ""), ("", "rsync")}
    assert "MARISTAN_CONTAINER=true" in last
    assert settings_in(re.findall(r"^    ([A-Z_]+)=\S* ?\\?$", last, re.M)) <= {"PATH", "PYTHONDONTWRITEBYTECODE"}


def test_nothing_of_this_machine_goes_into_an_image() -> None:
    sent = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert sent[0] == "*"
    assert not {"!var", "!.env", "!backups", "!.venv"} & set(sent)


def laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """What two files of compose say together: mappings are joined, everything else is replaced."""
    joined = dict(below)
    for name, each in above.items():
        there = joined.get(name)
        joined[name] = laid_over(there, each) if isinstance(there, dict) and isinstance(each, dict) else each
    return joined


COMPOSITIONS = {
    "compose.yaml": COMPOSE,
    "deploy/compose.staging.yaml": laid_over(COMPOSE, read(DEPLOY / "compose.staging.yaml")),
    "deploy/compose.dev.yaml": read(DEPLOY / "compose.dev.yaml"),
}
SHORT_OF = {  # what a service must have, and how each lacks it
    "limits": lambda each: each["deploy"]["resources"]["limits"].keys() != {"cpus", "memory"},
    "capabilities": lambda each: each["cap_drop"] != ["ALL"],
    "privileges": lambda each: each["security_opt"] != ["no-new-privileges:true"],
    "restart": lambda each: each["restart"] != ("no" if "migrate" in each.get("command", ()) else "unless-stopped"),
    "health": lambda each: "test" not in each["healthcheck"] and "migrate" not in each.get("command", ()),
    "root": lambda each: not each.get("read_only") and not each["image"].startswith("postgres:"),
}


SECRET = re.compile(r"PASSWORD$|SECRET|TOKEN$|IDENTITY$")


def is_short(service: dict[str, Any], what: str) -> bool:
    try:
        return bool(SHORT_OF[what](service))
    except (KeyError, TypeError):
        return True


def faults_of(composition: dict[str, Any]) -> list[str]:
    """Where a composition falls short of what every service of every composition has."""
    found, services = [], composition["services"]
    for name, each in services.items():
        found += [f"{name}: {what}" for what in SHORT_OF if is_short(each, what)]
        waits = each.get("depends_on", {})
        is_told = isinstance(waits, dict) and all("condition" in said for said in waits.values())
        found += [] if is_told and {*waits} <= {*services} else [f"{name}: depends_on"]
        volumes = [part.partition(":")[0] for part in each.get("volumes", ())]
        unnamed = [part for part in volumes if part not in composition["volumes"] and part != "./secrets/ssh"]
        given = {word for word in each.get("environment", {}) if SECRET.search(word) and not word.endswith("_FILE")}
        unfiled = [word for word in each.get("secrets", ()) if {*composition["secrets"][word]} != {"file"}]
        found += [f"{name}: {what}" for what in (*unnamed, *sorted(given), *unfiled)]
        found += [f"{name}: {port}" for port in each.get("ports", ()) if not port.startswith("127.0.0.1:")]
    return found


@pytest.mark.parametrize("name", COMPOSITIONS)
def test_every_composition_is_watched_bounded_and_keeps_its_secrets_in_files(name: str) -> None:
    assert faults_of(COMPOSITIONS[name]) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"cap_drop": ["NET_RAW"]}, "capabilities"), ({"cap_drop": None}, "capabilities"),
        ({"security_opt": []}, "privileges"), ({"healthcheck": None}, "health"), ({"restart": "no"}, "restart"),
        ({"deploy": {}}, None), ({"deploy": None}, "limits"), ({"read_only": False}, "root"),
        ({"ports": ["6379:6379"]}, "6379:6379"), ({"depends_on": {"db": {}}}, "depends_on"),
        ({"depends_on": ["db"]}, "depends_on"), ({"depends_on": {"db": {"condition": "service_healthy"}}}, None),
        ({"depends_on": {"web": {"condition": "service_healthy"}}}, "depends_on"),
        ({"environment": {"REDIS_PASSWORD": "x"}}, "REDIS_PASSWORD"), ({"volumes": ["./cache:/data"]}, "./cache"),
    ],
)  # fmt: skip
def test_a_service_that_falls_short_is_found(change: dict[str, Any], found: str | None) -> None:
    changed = laid_over(COMPOSITIONS["deploy/compose.dev.yaml"], {"services": {"redis": change}})
    assert faults_of(changed) == ([f"redis: {found}"] if found else [])


def test_compose_publishes_one_port_of_loopback_and_nothing_starts_before_what_it_needs() -> None:
    services = COMPOSE["services"]
    assert set(services) == PRODUCT | {WATCHDOG, "db", "redis"}
    assert {name: each["ports"] for name, each in services.items() if "ports" in each} == {
        "web": ["127.0.0.1:8010:8000"]
    }
    for name in PRODUCT - {"migrate"}:
        waits = {on: said["condition"] for on, said in services[name]["depends_on"].items()}
        assert waits == {
            "migrate": "service_completed_successfully", "db": "service_healthy", "redis": "service_healthy",
        }, name  # fmt: skip
        assert services[name]["read_only"] is True
    assert services[WATCHDOG]["depends_on"] == {"web": {"condition": "service_healthy"}}
    assert services[WATCHDOG]["read_only"] is True


def test_only_who_migrates_and_backs_up_holds_the_login_of_the_owner_and_secrets_are_files() -> None:
    services = COMPOSE["services"]
    holds = {name for name in PRODUCT if "owner_url" in services[name]["secrets"]}
    assert holds == {"migrate", "operations"}
    assert {name for name in PRODUCT if "DATABASE_OWNER_URL_FILE" in services[name]["environment"]} == holds
    secret = {each.name for each in variables.TABLE if each.secret}
    for name in PRODUCT | {WATCHDOG}:
        given = set(services[name]["environment"])
        assert not given & secret, name
        assert settings_in(given) == set(), name
    for name in ("secret_key", "app_url", "owner_url", "redis_url", "postgres_password"):
        assert COMPOSE["secrets"][name] == {"file": f"./secrets/{name}"}


def test_one_process_migrates_and_the_others_serve() -> None:
    assert {name: COMPOSE["services"][name]["command"] for name in PRODUCT} == {
        "migrate": ["migrate", "--no-input"], "web": ["web"], "worker": ["worker", "--without", "operations"],
        "operations": ["worker", "--queues", "operations"],
    }  # fmt: skip


def probes_of_watchdog() -> dict[str, tuple[list[str], str]]:
    """What looks after the watchdog, and whom it asks."""
    service, pod = COMPOSE["services"][WATCHDOG], container_of("maristan-watchdog")
    return {
        "compose": (service["healthcheck"]["test"][1:], " ".join(service["command"])),
        "kubernetes": (pod["livenessProbe"]["exec"]["command"], " ".join(pod["args"])),
    }


@pytest.mark.parametrize(("target", "asked"), [("compose", "http://web:8000"), ("kubernetes", "http://maristan")])
def test_a_watchdog_asks_beside_the_containers_and_is_itself_looked_after(
    target: str, asked: str, tmp_path: Path
) -> None:
    probe, words = probes_of_watchdog()[target]
    assert words == f"watchdog --base-url {asked}"
    name, *rest = words.split()
    assert load_command_class(get_commands()[name], name).create_parser("maristan", name).parse_args(rest).once is False
    assert name in WITHOUT_DATABASE
    noted = tmp_path / "watchdog.json"
    watchdog.keep(noted, Watch())
    assert f"{HOME}/var/{noted.name}" in probe[-1]
    here = [sys.executable, "-c", probe[-1].replace(f"{HOME}/var", str(tmp_path))]
    assert subprocess.run(here, check=False).returncode == 0
    os.utime(noted, (time.time() - 301,) * 2)
    assert subprocess.run(here, check=False).returncode == 1
    assert probe[0] == "python"


def test_the_watchdog_of_a_cluster_leans_on_no_volume_and_is_told_from_workers() -> None:
    spec = PODS["maristan-watchdog"]["spec"]
    pod = spec["template"]["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    assert not [each for each in pod["volumes"] if "persistentVolumeClaim" in each]
    assert spec["template"]["metadata"]["labels"]["app.kubernetes.io/component"] == WATCHDOG
    selected = OTHERS["NetworkPolicy", "maristan"]["spec"]["podSelector"]["matchLabels"]
    assert selected.items() <= spec["template"]["metadata"]["labels"].items()
    assert OTHERS["Service", "maristan"]["spec"]["ports"][0]["port"] == 80


@pytest.mark.parametrize("name", ["compose.dev.yaml", "compose.staging.yaml"])
def test_other_compositions_are_reached_from_this_host_alone(name: str) -> None:
    services = read(DEPLOY / name)["services"]
    published = [each for service in services.values() for each in service.get("ports", [])]
    assert published
    assert all(each.startswith("127.0.0.1:") for each in published)
    if name == "compose.staging.yaml":
        assert set(services) <= set(COMPOSE["services"])
        assert {services[each]["environment"]["MARISTAN_ENV"] for each in PRODUCT | {WATCHDOG}} == {"staging"}


# --- pods -------------------------------------------------------------------------------------------------------------


def container_of(name: str) -> Any:
    (found,) = PODS[name]["spec"]["template"]["spec"]["containers"]
    return found


@pytest.mark.parametrize("name", sorted(PODS))
def test_a_pod_is_nobody_special_and_reads_its_secrets_from_files(name: str) -> None:
    pod, container = PODS[name]["spec"]["template"]["spec"], container_of(name)
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
    }  # fmt: skip
    assert set(container["resources"]) == {"requests", "limits"}
    secrets = next(each for each in pod["volumes"] if each["name"] == "secrets")["secret"]["items"]
    has_owner = {"key": "owner_url", "path": "owner_url"} in secrets
    assert has_owner == (name in ("maristan-migrate", "maristan-operations"))
    assert has_owner == any(each["name"] == "DATABASE_OWNER_URL_FILE" for each in container.get("env", []))


def test_web_pods_are_asked_when_they_are_ready_and_drain_before_they_end() -> None:
    web = container_of("maristan-web")
    asked = {name: web[name]["httpGet"]["path"] for name in ("startupProbe", "readinessProbe", "livenessProbe")}
    assert asked == {"startupProbe": "/readiness/", "readinessProbe": "/readiness/", "livenessProbe": "/liveness/"}
    assert web["lifecycle"]["preStop"]["exec"]["command"] == ["maristan", "drain"]
    assert PODS["maristan-web"]["spec"]["replicas"] >= 2
    assert PODS["maristan-operations"]["spec"]["strategy"] == {"type": "Recreate"}
    assert OTHERS["PodDisruptionBudget", "maristan-web"]["spec"]["minAvailable"] == 1
    scale = OTHERS["HorizontalPodAutoscaler", "maristan-web"]["spec"]
    assert (scale["minReplicas"], scale["maxReplicas"]) == (2, 10)
    assert scale["metrics"][0]["resource"]["target"]["averageUtilization"] == 70
    assert OTHERS["NetworkPolicy", "maristan"]["spec"]["ingress"] == []


def test_a_command_in_the_cluster_has_what_the_worker_of_operations_has() -> None:
    command = json.loads((DEPLOY / "kubernetes" / "command.json").read_text(encoding="utf-8"))
    operations, (container,) = PODS["maristan-operations"]["spec"]["template"]["spec"], command["spec"]["containers"]
    for name in ("securityContext", "volumes", "automountServiceAccountToken"):
        assert command["spec"][name] == operations[name]
    for name in ("securityContext", "volumeMounts", "envFrom", "resources"):
        assert container[name] == container_of("maristan-operations")[name]
    known = container_of("maristan-operations")["env"]
    added = {each["name"]: each["value"] for each in container["env"] if each not in known}
    assert added == {"DEPLOY_TARGET": "kubernetes", "WEB_BIND": "maristan:80"}
    service = OTHERS["Service", "maristan"]["spec"]
    assert [each["port"] for each in service["ports"]] == [80]
    # It is no worker: a stop of the workers waits for the end of every pod of theirs.
    assert command["metadata"]["labels"]["app.kubernetes.io/component"] == "command"
    egress = OTHERS["NetworkPolicy", "maristan"]["spec"]["egress"][0]["ports"]
    assert 8000 in {each["port"] for each in egress}


def test_only_who_copies_sets_reaches_a_far_side_by_ssh_and_holds_the_key_for_it() -> None:
    out = {
        name: {port["port"] for rule in each["spec"]["egress"] for port in rule["ports"]}
        for (kind, name), each in OTHERS.items() if kind == "NetworkPolicy" and "egress" in each["spec"]
    }  # fmt: skip
    assert out == {"maristan": {53, 5432, 6379, 6432, 443, 8000, 8443, 465, 587}, "maristan-copies": {22}}
    asked = OTHERS["NetworkPolicy", "maristan-copies"]["spec"]["podSelector"]["matchExpressions"]
    assert asked == [{"key": "maristan/process", "operator": "In", "values": ["operations", "command"]}]
    pods = {name: [each["mountPath"] for each in container_of(name)["volumeMounts"]] for name in PODS}
    assert [name for name, paths in pods.items() if f"{HOME}/.ssh" in paths] == ["maristan-operations"]
    mounted = {name: [str(each).split(":")[1] for each in COMPOSE["services"][name]["volumes"]] for name in PRODUCT}
    assert [name for name, paths in mounted.items() if f"{HOME}/.ssh" in paths] == ["operations"]
    assert set(mounted["operations"]) == {*mounted["worker"], f"{HOME}/.ssh"}


def test_every_file_of_the_cluster_is_applied_and_its_settings_are_known() -> None:
    folder = DEPLOY / "kubernetes"
    said = read(folder / "kustomization.yaml")
    files = {each.name for each in folder.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(said["resources"]) == files
    lines = (folder / "settings.env").read_text(encoding="utf-8").splitlines()
    names = {each.partition("=")[0] for each in lines}
    assert settings_in(names) == set()
    assert not names & {each.name for each in variables.TABLE if each.secret}


# --- hosts ------------------------------------------------------------------------------------------------------------

UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVES = {"maristan-web.service", "maristan-worker@.service", "maristan-operations.service"}


def unit(file: Path) -> dict[str, dict[str, list[str]]]:
    """The sections of a unit, where a name may stand several times."""
    found: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if RawConfigParser.SECTCRE.match(line):
            section = found.setdefault(line.strip("[]"), {})
        elif line:
            name, _, value = line.partition("=")
            section.setdefault(name, []).append(value)
    return found


def test_every_unit_is_there() -> None:
    timers = {f"maristan-{name}.{kind}" for name in ("watchdog", "backup") for kind in ("service", "timer")}
    assert {each.name for each in UNITS} == SERVES | timers
    assert unit(DEPLOY / "systemd" / "maristan-watchdog.timer")["Timer"]["OnUnitActiveSec"] == ["30"]


@pytest.mark.parametrize("file", [each for each in UNITS if each.suffix == ".service"], ids=lambda each: each.name)
def test_a_unit_is_sandboxed_and_what_serves_comes_back_but_not_with_a_wrong_configuration(file: Path) -> None:
    service = unit(file)["Service"]
    assert service["User"] == ["maristan"]
    assert service["NoNewPrivileges"] == ["true"]
    assert service["ProtectSystem"] == ["strict"]
    assert service["CapabilityBoundingSet"] == [""]
    assert service["ExecStart"][0].startswith("/srv/maristan/current/bin/maristan ")
    if file.name in SERVES:
        assert (service["Restart"], service["RestartPreventExitStatus"]) == (["on-failure"], ["78"])
    holds_owner = service.get("EnvironmentFile") == ["/srv/maristan/owner.env"]
    assert holds_owner == (file.name in ("maristan-operations.service", "maristan-backup.service"))


# --- proxies ----------------------------------------------------------------------------------------------------------

ROUTES = ("api", "admin", "health", "healthz", "readiness", "liveness", "static", "media", "accounts")


def test_caddy_leads_everything_to_the_one_process_and_figures_nowhere() -> None:
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert set(re.findall(r"reverse_proxy (\S+)", text)) == {"127.0.0.1:8010"}
    assert all(f"/{each}" in text for each in ROUTES)
    assert re.search(r"handle /metrics\* \{\s+respond 404", text)
    assert "max_size 25MB" in text
    assert "encode zstd gzip" in text
    assert text.count("{") == text.count("}")


def test_nginx_does_the_same() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"server (127[^;]*);", text)) == {"127.0.0.1:8010"}
    assert set(re.findall(r"proxy_pass (\S+);", text)) == {"http://maristan"}
    assert all(each in text for each in ROUTES)
    assert re.search(r"location /metrics \{\s+return 404;", text)
    assert "client_max_body_size 25m;" in text
    assert "return 301 https://$host$request_uri;" in text
    assert {"X-Forwarded-For $proxy_add_x_forwarded_for", "X-Forwarded-Proto $scheme"} <= set(
        re.findall(r"proxy_set_header (.+);", text)
    )


KEY = "mrs-0f1e2d3c.4b5a_6978:Z%3D"


def keyed() -> list[str]:
    """Every address whose path holds the key of a link: of the API, of its pages and of its mails."""
    described = json.loads((ROOT / "docs" / "generated" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    found = [each for each, said in described.items() if any("x-public" in of for of in said.values()) and "{" in each]
    found += [each for each in settings.HEADLESS_FRONTEND_URLS.values() if "{" in each]
    pages = (ROOT / "web" / "src" / "features").glob("*/routes.tsx")
    for text in (each.read_text(encoding="utf-8") for each in pages):
        found += [f"/{each}" for each in re.findall(r'path: "([a-z/-]*\$(?:token|key|code))"', text)]
    return [re.sub(r"\{kind\}", "photo", re.sub(r"\{(?:token|key|code)\}|\$\w+", KEY, each)) for each in found]


def logged_by_caddy(uri: str) -> str:
    """What its log keeps of an address."""
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert text.count("import without_secrets") == text.count("log {") == 2  # of who asked, and of what went wrong
    assert {"request>headers delete", "resp_headers delete"} <= set(re.findall(r"\S+ delete", text))
    pattern, put = re.findall(r'request>uri regexp "(.+)" "(.+)"', text)[0]
    return re.sub(pattern, re.sub(r"\$\{(\d)\}", r"\\g<\1>", put), uri)


def logged_by_nginx(uri: str) -> str:
    """What its log keeps of an address: the first line of the map that fits."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    servers = text.count("server {")
    assert re.findall(r"access_log (?!off;)\S+ (.+);", text) == ["maristan"] * servers
    assert re.findall(r"error_log \S+ (.+);", text) == ["alert"] * servers  # milder lines quote the request
    written = re.findall(r"log_format maristan (.+?);", text, re.S)[0]
    assert not re.search(r"\$(request|request_uri|uri|args|query_string|http_referer|http_cookie)\b", written)
    for pattern, put in re.findall(r'^ +"~(\^.+)" (\S+);$', text, re.M):
        found = re.search(pattern.replace("?<", "?P<"), uri)
        if found:
            return found.expand(re.sub(r"\$(\w+)", r"\\g<\1>", put))
    raise AssertionError(uri)


LOGS = {"Caddyfile": logged_by_caddy, "nginx.conf": logged_by_nginx}


@pytest.mark.parametrize("file", sorted(LOGS))
def test_a_log_of_a_proxy_holds_no_key_of_a_link_and_no_query(file: str) -> None:
    logged, addresses = LOGS[file], keyed()
    starts = {each[: each.index(KEY)] for each in addresses}
    assert {"/apply/", "/invitation/", "/account/reset/", "/account/verify-email/"} <= starts
    assert {"/api/v1/agenda/feeds/", "/api/v1/directory/invitations/accept/", "/api/v1/transcripts/verify/"} <= starts
    addresses += [f"/verify/{KEY}", f"/invitations/accept/{KEY}/", f"/accounts/login/?next=/apply/{KEY}"]
    addresses += [f"/api/v1/transcripts/signed/?token={KEY}", f"/sign-in?next=%2Fapply%2F{KEY}&code={KEY}"]
    for each in addresses:
        for uri in (each, f"{each}?token={KEY}".replace("?", "&").replace("&", "?", 1)):
            assert KEY not in logged(uri), uri
            assert logged(uri).startswith(each[: each.index(KEY)].partition("?")[0]), uri
    assert logged(f"/api/v1/agenda/feeds/{KEY}/calendar.ics") == "/api/v1/agenda/feeds/***/calendar.ics"
    for plain in ("/", "/api/v1/work/tasks/17/moves/verify/", "/static/apply.js", "/api/v1/academics/apply/"):
        assert logged(plain) == plain


SUITES = re.compile(
    r"^(?:TLS-)?ECDHE-(?:ECDSA|RSA)-(?:WITH-)?"
    r"(?:AES-?(?:128|256)-GCM-SHA(?:256|384)|CHACHA20-POLY1305(?:-SHA256)?)$"
)


def weak(file: str, text: str) -> list[str]:
    """Versions of TLS below 1.2, suites of 1.2 without forward secrecy or authenticated encryption; or none said."""
    said = {
        "Caddyfile": (r"protocols (tls[^\n]+)\n", r"ciphers (TLS_[^\n]+)\n", r"\s+"),
        "nginx.conf": (r"ssl_protocols ([^;]+);", r"ssl_ciphers ([^;]+);", r"[:\s]+"),
    }[file]
    versions, suites = ((re.search(each, text) or [""] * 2)[1] for each in said[:2])
    found = [] if re.fullmatch(r"tlsv?1\.2 tlsv?1\.3", versions.lower()) else [f"versions: {versions or 'by default'}"]
    named = [each.replace("_", "-") for each in re.split(said[2], suites) if each]
    return found + ([f"suite: {each}" for each in named if not SUITES.match(each)] if named else ["suites: by default"])


@pytest.mark.parametrize("file", ["Caddyfile", "nginx.conf"])
def test_only_versions_and_suites_of_tls_that_are_recommended_are_spoken_the_strongest_first(file: str) -> None:
    text = (DEPLOY / file).read_text(encoding="utf-8")
    assert weak(file, text) == []
    assert weak(file, text.replace("1.2 ", "1.1 ")) != []
    assert weak(
        file, text.replace("TLS_ECDHE_RSA_WITH_AES_128", "TLS_RSA_WITH_AES_128").replace("ECDHE-RSA-AES128", "AES128")
    )
    assert weak(file, re.sub(r"ciphers .*", "", text)) == ["suites: by default"]
    strengths = re.findall(r"256_GCM|256-GCM|CHACHA20|128_GCM|128-GCM", text)
    assert strengths == sorted(strengths, key=lambda each: ("256", "CHA", "128").index(each[:3]))


def test_nginx_chooses_the_suite_itself() -> None:
    assert "ssl_prefer_server_ciphers on;" in (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
