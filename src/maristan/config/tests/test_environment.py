"""The environment is read strictly, all faults at once, never showing a secret."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from maristan.config import cli, database, deployment, documents, environment, variables
from maristan.config.environment import Environment, EnvironmentFault, read
from maristan.conftest import _as_owner

GOOD = {
    "MARISTAN_ENV": "production", "SECRET_KEY": "k3y-9abc" * 8, "ALLOWED_HOSTS": "maristan.example",
    "DATABASE_URL": "postgresql://maristan@db/maristan",
}  # fmt: skip
POSTGRES = {"POSTGRES_DB": "d", "POSTGRES_USER": "u"}


def well(**source: str) -> Environment:
    return read({"MARISTAN_ENV": "test", **source})


def faults(**source: str) -> list[str]:
    with pytest.raises(EnvironmentFault) as refused:
        read({"MARISTAN_ENV": "test", **source})
    return refused.value.faults


def names(found: list[str]) -> list[str]:
    return sorted(line.split(":")[0] for line in found)


def test_nothing_set_is_well_for_a_developer_and_not_for_an_institution() -> None:
    assert well()["TIMETABLE_SLOT_COUNT"] == 8
    assert names(faults(MARISTAN_ENV="")) == ["ALLOWED_HOSTS", "DATABASE_URL", "SECRET_KEY"]
    assert read(GOOD)["DEBUG"] is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "1"), ("SECRET_KEY", ""), ("SECRET_KEY", "short"), ("SECRET_KEY", "abc" * 30),
        ("SECRET_KEY", "django-insecure-" + "0123456789" * 5), ("ALLOWED_HOSTS", ""), ("ALLOWED_HOSTS", "a.example,*"),
        ("DATABASE_URL", ""),
    ],
)  # fmt: skip
def test_what_only_a_developer_may_have_stops_the_start_and_is_shown_by_check(name: str, value: str) -> None:
    assert names(faults(**{**GOOD, name: value})) == [name]
    checked = read({**GOOD, name: value, "MARISTAN_CHECK": "1"})
    assert [each.name for each in deployment.weaknesses(checked.values)] == [name]


POOLED = {
    "DATABASE_POOL": "transaction", "DATABASE_URL": "postgresql://m_app:x@pooler:6432/m",
    "DATABASE_OWNER_URL": "postgresql://m:x@db/m", "DATABASE_DIRECT_URL": "postgresql://m_app:x@db/m",
}  # fmt: skip


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_DIRECT_URL"])
def test_a_pooler_by_transaction_needs_the_ways_around_it(name: str) -> None:
    assert names(faults(**{**POOLED, name: ""})) == [name]
    assert well(**{**POOLED, "DATABASE_POOL": "off"})["DATABASE_POOL"] == "off"


def test_through_a_pooler_nothing_belongs_to_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MARISTAN_DB_OWNER")
    monkeypatch.setenv("PGTZ", "")
    env = well(**POOLED)
    found = database.settings_for(env)
    assert (found["HOST"], found["USER"], found["DISABLE_SERVER_SIDE_CURSORS"]) == ("pooler", "m_app", True)
    assert found["OPTIONS"] == {"prepare_threshold": None}
    assert os.environ["PGTZ"] == "UTC"
    monkeypatch.setenv("MARISTAN_DB_POOL", "1")
    assert database.of_transaction(env) == {"statement_timeout": "30000", "random_page_cost": "1.1"}
    direct = well(**{**POOLED, "DATABASE_POOL": "off"})
    assert database.of_transaction(direct) == {}
    monkeypatch.setenv("MARISTAN_DB_OWNER", "1")
    assert (database.settings_for(env)["HOST"], database.of_transaction(env)) == ("db", {})


@pytest.mark.parametrize(("pool", "bounds"), [("1", True), ("", False)])
def test_a_statement_of_a_request_is_bounded_and_one_of_a_worker_or_a_command_is_not(
    monkeypatch: pytest.MonkeyPatch, pool: str, bounds: bool
) -> None:
    monkeypatch.delenv("MARISTAN_DB_OWNER")
    monkeypatch.setenv("MARISTAN_DB_POOL", pool)
    env = well(DATABASE_URL="postgresql://m@db/m", DB_STATEMENT_TIMEOUT_MS="1234")
    found = database.settings_for(env)["OPTIONS"]
    limit = ["-c statement_timeout=1234"] if bounds else []
    assert found["options"] == " ".join(["-c random_page_cost=1.1", *limit, "-c role=m_app"])
    assert ("pool" in found) is bounds
    assert ("statement_timeout" in database.of_transaction(well(**POOLED))) is bounds


def test_what_is_kept_in_redis_is_of_one_installation_whatever_it_runs(tmp_path: Path) -> None:
    own = deployment.cache_prefix("k" * 50, "https://a.example")
    assert re.fullmatch(r"maristan:[0-9a-f]{12}", own)
    assert own == deployment.cache_prefix("k" * 50, "https://a.example")
    others = {
        deployment.cache_prefix("k" * 50, "https://b.example"),
        deployment.cache_prefix("l" * 50, "https://a.example"),
    }
    assert len(others - {own}) == 2
    env = {"MARISTAN_ENV": "test", "SECRET_KEY": "k" * 50, "SITE_URL": "https://a.example",
           "REDIS_URL": "redis://:hunter2@r:6379/1"}  # fmt: skip
    said = "settings.CACHE_PREFIX, settings.CACHES['default']['KEY_PREFIX']"
    for url in ("postgresql://u_app@pooler/other", "postgresql://u@db/d"):
        assert started(tmp_path, said, **env, DATABASE_URL=url)[:2] == (0, f"{own} {own}\n")


def test_the_embedded_database_serves_production_only_when_it_is_permitted() -> None:
    assert read({**GOOD, "DATABASE_URL": "", "ALLOW_EMBEDDED_DATABASE": "1"})["DATABASE_URL"] is None


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:hunter2@h/db",
        "postgresql://u:hunter2/x@h:5432/db",
        "postgresql:///db",
        "hunter2",
        "postgres://[hunter2",
    ],
)
@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL"])
def test_an_address_that_is_none_is_named_without_its_password(name: str, url: str) -> None:
    found = faults(**{name: url})
    assert names(found) == [name]
    assert "hunter2" not in "".join(found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "proxyhost"), ("TRUSTED_PROXIES", "10.0.0.1/8"), ("TIME_ZONE", "Mars/Olympus"),
        ("MEDIA_ROOT", "~nobody-of-this-name/x"), ("WEB_BIND", "abc"), ("WEB_BIND", ":8010"), ("WEB_BIND", "h:0"),
        ("WEB_BIND", "127.0.0.1:65536"), ("WEB_BIND", "::1:80"), ("WEB_BIND", "[x]:80"), ("WEB_BIND", "a b:80"),
        ("REDIS_URL", "hunter2:6379"), ("REDIS_URL", "http://:hunter2@r"), ("REDIS_URL", "redis:///hunter2"),
        ("REDIS_URL", "redis://:hunter2@r:0"), ("REDIS_URL", "redis://:hunter2@r:99999"), ("REDIS_URL", "unix://"),
        ("REDIS_URL", "redis://:hunter2@r/0?db=x"), ("REDIS_URL", "redis://:hunter2@r?nothing=1"),
        ("REDIS_URL", f"redis://:hunter2@{'r' * 64}"), ("REDIS_URL", "rediss://:hunter2@r?ssl_cert_reqs=perhaps"),
    ],
)  # fmt: skip
def test_a_value_that_would_fail_later_fails_at_the_start(name: str, value: str) -> None:
    found = faults(**{name: value})
    assert names(found) == [name]
    assert "hunter2" not in "".join(found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_BIND", "127.0.0.1:8010"), ("WEB_BIND", "0.0.0.0:8000"), ("WEB_BIND", "[::1]:80"), ("WEB_BIND", "web:80"),
        ("REDIS_URL", "redis://127.0.0.1:6379/0"), ("REDIS_URL", "redis://:p%40ss@r"), ("REDIS_URL", "redis://[::1]:1/"),
        ("REDIS_URL", "rediss://u:p@r:6380/2?ssl_cert_reqs=none"), ("REDIS_URL", "unix:///run/redis.sock?db=1"),
    ],
)  # fmt: skip
def test_where_redis_is_and_where_the_server_listens_is_taken_as_it_stands(name: str, value: str) -> None:
    assert well(**{name: value})[name] == value


def test_variables_that_contradict_one_another_are_faults() -> None:
    assert names(faults(POSTGRES_DB="d")) == ["POSTGRES_USER"]
    assert names(faults(DB_USER="u")) == ["POSTGRES_DB"]
    assert names(faults(DB_POOL_MIN_SIZE="50", DB_POOL_MAX_SIZE="5")) == ["DB_POOL_MIN_SIZE"]
    assert names(faults(EMAIL_USE_TLS="1", EMAIL_USE_SSL="1")) == ["EMAIL_USE_TLS"]
    assert well(EMAIL_USE_SSL="1")["EMAIL_USE_SSL"] is True


def test_the_database_url_wins_and_whoever_disagrees_is_told() -> None:
    url = "postgresql://u@h:5433/db"
    assert well(DATABASE_URL=url, DB_NAME="db", DB_USER="u", DB_HOST="h", DB_PORT="5433").warnings == []
    found = well(DATABASE_URL=url, DB_NAME="other", DB_USER="x", DB_HOST="elsewhere", DB_PORT="5432").warnings
    assert names(found) == ["POSTGRES_DB", "POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_USER"]


def test_any_password_reaches_the_database_as_it_is() -> None:
    found = database.parts(database.owner_url(well(**POSTGRES, POSTGRES_PASSWORD="p@ss/w%41:rd?#", DB_HOST="::1")))
    assert (found["PASSWORD"], found["HOST"], found["USER"], found["NAME"]) == ("p@ss/w%41:rd?#", "::1", "u", "d")
    assert database.parts(database.owner_url(well(**POSTGRES, DB_HOST="/run/pg")))["HOST"] == "/run/pg"


def test_a_secret_comes_from_a_file_under_its_other_name_too(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret\n")
    file = str(tmp_path / "key")
    assert well(**POSTGRES, DB_PASSWORD_FILE=file)["POSTGRES_PASSWORD"] == "s3cret"
    assert names(faults(**POSTGRES, DB_PASSWORD_FILE=file, POSTGRES_PASSWORD="x")) == ["POSTGRES_PASSWORD"]
    assert names(faults(**POSTGRES, DB_PASSWORD_FILE=file + "-none")) == ["DB_PASSWORD_FILE"]


def test_a_file_that_is_no_text_is_a_fault_without_its_content(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff\xfehunter2")
    assert faults(SECRET_KEY_FILE=str(tmp_path / "key")) == ["SECRET_KEY_FILE: expected a file of UTF-8 text"]


@pytest.mark.parametrize("content", ["", "\n", "\r\n", "  \n"])
@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "DEMO_PASSWORD"])
def test_an_empty_file_of_a_secret_is_a_fault_of_that_file_alone(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / "kept").write_text(content)
    given = {**GOOD, name: "", f"{name}_FILE": str(tmp_path / "kept")}
    assert faults(**given) == [f"{name}_FILE: expected a file that is not empty"]
    assert names(faults(**given, MARISTAN_CHECK="1")) == [f"{name}_FILE"]
    assert names(faults(**{**given, f"{name}_FILE": str(tmp_path)})) == [f"{name}_FILE"]


def started(
    home: Path, said: str = "settings.TIME_ZONE, settings.DATABASES['default']['NAME']", **source: str
) -> tuple[int, str, str]:
    code = f"from maristan.config import settings; print({said})"
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(documents.ROOT / "src"), "MARISTAN_HOME": str(home), **source}
    made = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60)
    return made.returncode, made.stdout, made.stderr


def test_a_start_that_is_refused_ends_with_78_and_every_fault(tmp_path: Path) -> None:
    status, _, told = started(tmp_path, ALLOWED_HOSTS="x", LOG_LEVEL="loud", DATABASE_URL="mysql://u:hunter2@h/db")
    assert status == 78
    assert names(lines(told)) == ["DATABASE_URL", "LOG_LEVEL", "SECRET_KEY"]
    assert "hunter2" not in told
    assert "Traceback" not in told


def lines(told: str) -> list[str]:
    return [line.strip() for line in told.splitlines()[1:]]


def test_a_start_without_any_variable_names_all_that_it_needs_and_says_which_database(tmp_path: Path) -> None:
    status, _, told = started(tmp_path)
    assert (status, [line.split(":")[0] for line in lines(told)]) == (
        78,
        ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"],
    )
    status, _, told = started(tmp_path, DATABASE_URL="sqlite:///x")
    assert (status, len(lines(told))) == (78, 3)
    assert lines(told)[2].startswith("DATABASE_URL: expected PostgreSQL only")


def test_dotenv_counts_where_the_real_variable_is_empty(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TIME_ZONE=Asia/Karachi\nPOSTGRES_DB=written\nPOSTGRES_USER=u\n")
    status, told, _ = started(tmp_path, MARISTAN_ENV="test", TIME_ZONE="", DB_NAME="real")
    assert (status, told.split()) == (0, ["Asia/Karachi", "real"])


def test_a_home_of_nobody_is_a_fault() -> None:
    given = {"MARISTAN_ENV": "test", "DATABASE_URL": "postgresql://u@h/db"}
    status, _, told = started(Path("~nobody_of_this_host/maristan"), **given)
    assert (status, told.splitlines()[1:]) == (78, ["  MARISTAN_HOME: expected a folder of a user that exists"])


def test_a_dotenv_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe")
    status, _, told = started(tmp_path, MARISTAN_ENV="test", DATABASE_URL="postgresql://u@h/db")
    assert (status, told.splitlines()[1:]) == (78, ["  .env: expected UTF-8 text"])


def test_a_dotenv_that_may_not_be_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    status, _, told = started(tmp_path, MARISTAN_ENV="test", DATABASE_URL="postgresql://u@h/db")
    assert (status, told.splitlines()[1:]) == (78, ["  .env: expected a readable file (Is a directory)"])


def test_all_faults_are_reported_at_once() -> None:
    found = faults(DEBUG="perhaps", DB_POOL_MAX_SIZE="many", ENABLE_LEGACY_MODULES="yes")
    assert sorted(line.split(":")[0] for line in found) == ["DB_POOL_MAX_SIZE", "DEBUG", "ENABLE_LEGACY_MODULES"]


@pytest.mark.parametrize("value", ["1", "true", "YES", "On"])
def test_booleans_are_read_in_any_case(value: str) -> None:
    assert well(DEBUG=value)["DEBUG"] is True


def test_an_unknown_name_of_ours_is_an_error_with_the_nearest_known_one() -> None:
    assert faults(MARISTAN_PROT="80") == ["MARISTAN_PROT: unknown name; did you mean MARISTAN_PORT?"]


def test_a_name_of_another_system_is_a_warning() -> None:
    assert well(CELERY_BROKER_URL="x").warnings == ["CELERY_BROKER_URL: has no effect here"]


def test_a_secret_comes_from_a_file_without_its_last_newline(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"s3cret\r\n")
    assert well(SECRET_KEY_FILE=str(file))["SECRET_KEY"] == "s3cret"


def test_a_secret_given_twice_is_an_error_that_does_not_show_it(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("hidden")
    found = faults(SECRET_KEY="shown", SECRET_KEY_FILE=str(file))
    assert len(found) == 1
    assert "shown" not in found[0]
    assert "hidden" not in found[0]


def test_blanks_are_dropped_and_empty_is_unset() -> None:
    assert well(TIME_ZONE="  Asia/Karachi ")["TIME_ZONE"] == "Asia/Karachi"
    assert well(TIME_ZONE="   ")["TIME_ZONE"] == "UTC"


def test_dotenv_is_read(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# a comment\nexport TIME_ZONE='Asia/Karachi'\nDEBUG=1\n")
    assert environment.dotenv(file) == {"TIME_ZONE": "Asia/Karachi", "DEBUG": "1"}


def test_every_variable_is_read_somewhere() -> None:
    package = documents.ROOT / "src" / "maristan"
    code = "".join(
        file.read_text(encoding="utf-8") for file in package.rglob("*.py")
        if file.name != "variables.py" and "tests" not in file.parts
    )  # fmt: skip
    assert [each.name for each in variables.TABLE if not re.search(f"[\"']{each.name}[\"']", code)] == []


def test_the_demonstration_makes_a_home_for_development_wherever_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MARISTAN_ENV")
    new, kept = tmp_path / "deep" / "home", tmp_path / "kept"
    kept.mkdir()
    (kept / ".env").write_text("MARISTAN_ENV=production\n", encoding="utf-8")
    for home in (new, kept):
        cli.begin_development(home)
    assert environment.dotenv(new / ".env") == {"MARISTAN_ENV": "development", "LOG_LEVEL": "warning"}
    assert environment.dotenv(kept / ".env") == {"MARISTAN_ENV": "production"}
    monkeypatch.setenv("MARISTAN_ENV", "staging")
    cli.begin_development(tmp_path / "named")
    assert not (tmp_path / "named").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "acts_as"),
    [
        ({"DATABASE_URL": "{owner}"}, "{user}_app"),
        ({"DATABASE_URL": "{runtime}"}, "{user}_app"),
        ({"DATABASE_URL": "{runtime}", "DATABASE_OWNER_URL": "{owner}"}, "{user}_app"),
        ({"DATABASE_URL": "{owner}", "MARISTAN_DB_OWNER": "1"}, "{user}"),
        ({"DATABASE_URL": "{runtime}", "DATABASE_OWNER_URL": "{owner}", "MARISTAN_DB_OWNER": "1"}, "{user}"),
    ],
)
def test_a_process_acts_as_the_runtime_role_whether_it_knows_the_owner_or_not(
    given: dict[str, str], acts_as: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = connection.settings_dict
    user = where["USER"]
    known = {
        name: f"postgresql://{login}@:{where['PORT']}/{where['NAME']}?host={quote(where['HOST'], safe='')}"
        for name, login in (("owner", user), ("runtime", f"{user}_app"))
    }
    monkeypatch.setenv("MARISTAN_DB_OWNER", given.get("MARISTAN_DB_OWNER", ""))
    monkeypatch.delenv("MARISTAN_DB_POOL", raising=False)
    urls = {name: url.format(**known) for name, url in given.items() if name != "MARISTAN_DB_OWNER"}
    found = database.settings_for(well(**urls))
    _as_owner(f'ALTER ROLE "{user}_app" LOGIN')
    try:
        with psycopg.connect(
            host=found["HOST"], port=found["PORT"], user=found["USER"], dbname=found["NAME"], **found["OPTIONS"]
        ) as there:
            assert there.execute("SELECT current_user").fetchone() == (acts_as.format(user=user),)
    finally:
        _as_owner(f'ALTER ROLE "{user}_app" NOLOGIN')


@pytest.mark.parametrize(
    ("given", "leaves", "said"),
    [
        ({}, "off", ["EMAIL_HOST: unset, so no mail leaves; EMAIL_BACKEND=off says that it is meant"]),
        ({"EMAIL_BACKEND": "off"}, "off", []),
        ({"EMAIL_HOST": "smtp.example"}, "smtp", []),
        ({"EMAIL_HOST": "smtp.example", "EMAIL_BACKEND": "console"}, "console", []),
        ({"MARISTAN_ENV": "development"}, "file", []),
    ],
)
def test_mail_that_does_not_leave_is_said(given: dict[str, str], leaves: str, said: list[str]) -> None:
    found = read({**GOOD, **given})
    assert (environment.mail(found), found.warnings) == (leaves, said)


def test_smtp_needs_a_server_and_what_nothing_reads_is_said() -> None:
    assert faults(EMAIL_BACKEND="smtp") == ["EMAIL_HOST: expected with EMAIL_BACKEND=smtp"]
    assert names(faults(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend")) == ["EMAIL_BACKEND"]
    assert well(AWS_S3_CUSTOM_DOMAIN="cdn.example").warnings == ["AWS_S3_CUSTOM_DOMAIN: has no effect here"]


def test_files_in_a_bucket_need_its_name_and_only_they_are_saved_by_reference() -> None:
    assert faults(STORAGE_BACKEND="s3") == ["AWS_STORAGE_BUCKET_NAME: expected with STORAGE_BACKEND=s3"]
    assert names(faults(STORAGE_BACKEND="ftp")) == ["STORAGE_BACKEND"]
    assert faults(BACKUP_MEDIA="reference") == [
        "BACKUP_MEDIA: expected copy or none; reference needs STORAGE_BACKEND=s3"
    ]
    bucket = {"STORAGE_BACKEND": "s3", "AWS_STORAGE_BUCKET_NAME": "files"}
    assert well(**bucket, BACKUP_MEDIA="reference")["BACKUP_MEDIA"] == "reference"


@pytest.mark.parametrize(
    ("name", "given", "found"),
    [
        ("ALLOWED_UPLOAD_EXTENSIONS", ".pdf, JPG .Png", ("pdf", "jpg", "png")),
        ("ALLOWED_UPLOAD_EXTENSIONS", ".pdf ..", None),
        ("ALLOWED_UPLOAD_EXTENSIONS", "*", None),
        ("CORS_ALLOWED_ORIGINS", "https://a.example http://b:8443", ("https://a.example", "http://b:8443")),
        ("CORS_ALLOWED_ORIGINS", "*", None), ("CORS_ALLOWED_ORIGINS", "https://a.example/", None),
        ("CORS_ALLOWED_ORIGINS", "https://u:p@a.example", None), ("CORS_ALLOWED_ORIGINS", "a.example", None),
    ],
)  # fmt: skip
def test_endings_and_origins_are_read_or_refused(name: str, given: str, found: tuple[str, ...] | None) -> None:
    if found is None:
        assert names(faults(**{name: given})) == [name]
    else:
        assert well(**{name: given})[name] == found


def test_where_files_lie_and_who_else_may_call_is_as_the_environment_says(tmp_path: Path) -> None:
    said = "settings.STORAGES['default'], settings.CLIENT_COPY, 'corsheaders' in ' '.join(settings.MIDDLEWARE)"
    env = {"MARISTAN_ENV": "test", "DATABASE_URL": "postgresql://u@h/db"}
    status, told, _ = started(tmp_path, said, **env)
    assert (status, "FileSystemStorage" in told, told.endswith("None False\n")) == (0, True, True)
    given = {
        "STORAGE_BACKEND": "s3", "AWS_STORAGE_BUCKET_NAME": "files", "STATIC_ROOT": "served",
        "CORS_ALLOWED_ORIGINS": "https://a.example",
    }  # fmt: skip
    status, told, _ = started(tmp_path, said, **env, **given)
    bucket = "{'BACKEND': 'maristan.kernel.buckets.Bucket', 'OPTIONS': {'bucket_name': 'files'}}"
    assert (status, told) == (0, f"{bucket} {tmp_path}/served True\n")
