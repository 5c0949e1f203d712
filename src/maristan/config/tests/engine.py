"""Stands in for `docker` and `kubectl`: it keeps on the disk which images are there and what runs.

The folder ENGINE holds `images/<tag>` and `registry/<tag>` (a digest in each), `running/<service>` (its image),
`workers` (how many there are of the service), `noted` (what was noted at their deployment), `calls` (a line for each),
and `down` while nothing answers. A container of the command line is
$PROGRAM, run with a folder of its own for /tmp.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ENGINE = Path(os.environ.get("ENGINE", ""))
ASKING = "/opt/maristan/deploy/asking/host"
JSONPATH = {"workers": "{.spec.replicas}", "noted": "{.metadata.annotations.maristan/replicas}"}


def kept(kind: str, tag: str) -> str:
    """The digest of a tag, on this host or in the registry."""
    file = ENGINE / kind / tag
    return file.read_text() if file.exists() else ""


def run(service: str, image: str) -> None:
    """Something runs an image now."""
    (ENGINE / "running" / service).write_text(image)


def written(name: str, number: str) -> None:
    """A number is kept."""
    (ENGINE / name).write_text(number)


def number(name: str) -> str:
    """A number that was kept; nothing without one."""
    file = ENGINE / name
    return file.read_text() if file.exists() else ""


def commanded(name: str, words: list[str], more: dict[str, str]) -> int:
    """A command of the product in a container of its own, which others may reach while it lives."""
    room = ENGINE / "containers" / name
    (room / "tmp").mkdir(parents=True)
    try:
        return subprocess.run([os.environ["PROGRAM"], *words], env=inside(room, more)).returncode
    finally:
        (room / "ended").touch()
        for each in room.glob("pid *"):  # what was reached in a container ends with it
            with suppress(ProcessLookupError):
                os.killpg(int(each.name.split()[1]), signal.SIGKILL)


def inside(room: Path, more: dict[str, str]) -> dict[str, str]:
    """What a container sees: its own /tmp, and where hooks ask."""
    return {
        **os.environ,
        "TMPDIR": str(room / "tmp"),
        **more,
        "DEPLOY_HOOKS_DIR": str(Path(os.environ["ROOT"], "deploy/asking")),
    }


def reached(name: str, words: list[str]) -> int:
    """A program in a container that lives."""
    room = ENGINE / "containers" / name
    if not room.exists() or (room / "ended").exists() or words[0] != ASKING:
        print(f"no such container: {name}", file=sys.stderr)
        return 1
    program = [str(Path(os.environ["ROOT"], "deploy/asking/host")), *words[1:]]
    with subprocess.Popen(program, env=inside(room, {}), start_new_session=True) as running:
        (room / f"pid {running.pid}").touch()
        if (room / "ended").exists():  # it ended meanwhile
            running.kill()
        return running.wait()


def options(words: list[str], *flags: str) -> tuple[dict[str, list[str]], list[str]]:
    """Options before the first word that is none; `flags` are those without a value."""
    found: dict[str, list[str]] = {}
    while words and words[0].startswith("-"):
        name, given, value = words.pop(0).partition("=")
        if name == "--":
            break
        found.setdefault(name, []).append(value if given else "" if name in flags else words.pop(0))
    return found, words


def listed(*, is_whole: bool) -> int:
    """The containers of workers: those that were stopped are there all the same."""
    print("\n".join(f"id{each}" for each in range(int(number("workers") or 0) if is_whole else 0)))
    return 0


def compose(words: list[str]) -> int:
    """The verbs of compose that hooks and scripts use."""
    env = Path(".env").read_text() if Path(".env").exists() else ""
    named = dict(line.partition("=")[::2] for line in env.splitlines()) | dict(os.environ)
    image = f"{named.get('IMAGE', 'maristan')}:{named.get('RELEASE_TAG', 'latest')}"
    verb, rest = words[0], words[1:]
    given, names = options(rest, "--rm", "--no-deps", "--no-TTY", "-T", "--detach", "--wait", "--all", "--quiet")
    if verb == "ps":
        return listed(is_whole="--all" in given)
    if verb == "run":
        more = dict(each.partition("=")[::2] for each in given["--env"])
        return commanded(given["--name"][0], names[1:], more) if kept("images", image.rpartition(":")[2]) else 125
    if verb == "exec":
        serving = ENGINE / "running" / names[0]
        if not serving.exists():
            print(f"service {names[0]!r} is not running", file=sys.stderr)
            return 1
        print(os.environ.get("SAYS") or f"{serving.read_text()} {' '.join(names[1:])}")
        return int(os.environ.get("SAYS_CODE", "0"))
    for each in names:
        if verb == "stop":
            (ENGINE / "running" / each).unlink(missing_ok=True)
        elif verb == "up" and kept("images", image.rpartition(":")[2]):
            run(each, image)
            written("workers", given.get("--scale", ["=" + number("workers")])[0].partition("=")[2])
        else:
            print(f"no image {image}", file=sys.stderr)
            return 1
    return 0


def docker(words: list[str]) -> int:
    """The verbs of docker that hooks and scripts use."""
    if words[0] == "compose":
        return compose(words[1:])
    if words[0] == "exec":
        return reached(words[2], words[3:])
    tag = words[-1].rpartition(":")[2]
    if words[0] == "pull":
        if not (digest := kept("registry", tag)):
            print(f"manifest for {words[-1]} not found: manifest unknown", file=sys.stderr)
            return 1
        (ENGINE / "images" / tag).write_text(digest)
    elif digest := kept("images", tag):
        print(digest)
    return 0


def pod(words: list[str]) -> int:
    """One pod that is run: to see whether its image can be pulled, or for a command of the product."""
    name = words.pop(0)
    given, words = options(words, "--rm", "--quiet", "--stdin", "--tty", "--command")
    image, (container,) = given["--image"][0], json.loads(given["--overrides"][0])["spec"]["containers"]
    if container["name"] != name:
        return 2
    if "--command" in given:
        run(name, image)
        return 0
    values = {each["name"]: each["value"] for each in container["env"]}
    return commanded(name, words, values) if kept("registry", image.rpartition(":")[2]) else 1


def in_pod(words: list[str]) -> int:
    """A program in a pod that runs."""
    name = options(words, "-i")[1][0]
    if "/" not in name:
        return reached(name, words[2:])
    print(os.environ.get("SAYS") or f"{(ENGINE / 'running' / 'operations').read_text()} {' '.join(words[4:])}")
    return int(os.environ.get("SAYS_CODE", "0"))


def seen(words: list[str]) -> int:
    """What runs: a pod with the digest that it pulled, or the image of a deployment."""
    if words[0] == "deployment/maristan-worker":
        print(" ".join(number(each) for each in ("workers", "noted") if JSONPATH[each] in words[2]), end="")
        return 0
    if words[0] != "pod":
        print((ENGINE / "running" / "web").read_text(), end="")
        return 0
    image = (ENGINE / "running" / words[1]).read_text()
    digest = kept("registry", image.rpartition(":")[2])
    print(f"Succeeded {image.rpartition(':')[0]}@{digest} " if digest else "Pending  ImagePullBackOff")
    return 0


def named(words: list[str]) -> int:
    """A deployment gets another image."""
    service, _, image = words[2].partition("=")
    run(service, image)
    return 0


def scaled(words: list[str]) -> int:
    """How many pods a deployment has."""
    if "deployment/maristan-worker" in words:
        written("workers", words[-1].partition("=")[2])
    return 0


def noted(words: list[str]) -> int:
    """Something is noted at a deployment."""
    written("noted", words[1].partition("=")[2])
    return 0


def gone(words: list[str]) -> int:
    """A pod is removed."""
    (ENGINE / "running" / words[1]).unlink(missing_ok=True)
    return 0


def kubectl(words: list[str]) -> int:
    """The verbs of kubectl that hooks and scripts use; a deployment is what runs of its name."""
    verbs = {"run": pod, "exec": in_pod, "get": seen, "set": named, "delete": gone, "scale": scaled, "annotate": noted}
    return verbs.get(words[0], lambda _: 0)(words[1:])


if __name__ == "__main__":
    kind, *asked = sys.argv[1:]
    with (ENGINE / "calls").open("a") as out:
        out.write(" ".join([kind, *(each for each in asked if not each.startswith("--overrides"))]) + "\n")
    if (ENGINE / "down").exists():
        sys.exit("Cannot connect to the engine")
    sys.exit({"docker": docker, "kubectl": kubectl}[kind](asked))
