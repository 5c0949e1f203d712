#!/bin/sh
# Makes a Debian host ready for its first release: the user, the folders, secrets, settings, units, the rule by which the
# user starts them, the command `maristan`, and Caddy's file. $1: the domains, with commas, the first one is SITE_URL.
# Secrets and settings that are there stay. ROOT: write below this folder instead, which makes no user and starts nothing.
# MARISTAN_USER: the user (maristan), as the units and the rule know it.
set -eu
domains="${1:?name the domain: prepare_host.sh maristan.example}"
here="$(cd "$(dirname "$0")/.." && pwd)"
root="${ROOT:-}"
home=/srv/maristan
user="${MARISTAN_USER:-maristan}"
if [ -z "$root" ]; then
    [ "$(id -u)" -eq 0 ] || { echo "run this with sudo" >&2; exit 2; }
    id "$user" >/dev/null 2>&1 || useradd --system --home-dir "$home" --shell /usr/sbin/nologin "$user"
fi
for folder in "" /releases /var /backups /secrets /incoming; do
    install -d -o "$user" -g "$user" -m 0750 "$root$home$folder"
done

once() { # $1: a file of the product; what is read from standard input is written unless the file is there
    file="$root$home/$1"
    if [ -e "$file" ]; then
        echo "$home/$1 stays as it is"
        return
    fi
    (umask 077 && cat >"$file")
    chown "$user:$user" "$file"
    echo "$home/$1 written"
}
random() { python3 -c 'import secrets; print(secrets.token_hex(32))'; }

random | once secrets/secret_key
# One login for each: the owner changes tables, the other one is bound by row-level security.
echo "DATABASE_OWNER_URL=postgresql://maristan:$(random)@127.0.0.1/maristan" | once owner.env
echo "postgresql://maristan_app:$(random)@127.0.0.1/maristan" | once secrets/app_url
once .env <<END
MARISTAN_ENV=production
ALLOWED_HOSTS=$domains
SITE_URL=https://${domains%%,*}
TIME_ZONE=$(cat /etc/timezone 2>/dev/null || echo Etc/UTC)
SECRET_KEY_FILE=$home/secrets/secret_key
DATABASE_URL_FILE=$home/secrets/app_url
REDIS_URL=redis://127.0.0.1:6379/0
DEPLOY_TARGET=systemd
MAINTENANCE_FILE=$home/var/MAINTENANCE_MODE
# Mail, and who is called at night: without them nobody hears of what fails.
#EMAIL_HOST=mail.${domains%%,*}
#DEFAULT_FROM_EMAIL=maristan@${domains%%,*}
#ALERT_EMAILS=operator@${domains%%,*}
END

put() { # $1: mode, $2: a file of the release, $3: where it goes
    install -D -m "$1" "$here/$2" "$root$3"
    echo "$3 put"
}
for unit in "$here"/deploy/systemd/*; do
    put 0644 "deploy/systemd/$(basename "$unit")" "/etc/systemd/system/$(basename "$unit")"
done
put 0755 deploy/host/maristan /usr/local/bin/maristan
put 0644 deploy/host/50-maristan.rules /etc/polkit-1/rules.d/50-maristan.rules
caddyfile="$root/etc/caddy/Caddyfile"
if [ -f "$caddyfile" ] && ! cmp -s "$caddyfile" "$here/deploy/Caddyfile"; then
    cp "$caddyfile" "$caddyfile.before"
    echo "/etc/caddy/Caddyfile.before is what was there"
fi
put 0644 deploy/Caddyfile /etc/caddy/Caddyfile
install -d -m 0755 "$root/etc/systemd/system/caddy.service.d"
printf '[Service]\nEnvironment="MARISTAN_DOMAINS=%s"\n' "$(echo "$domains" | sed 's/,/, /g')" \
    >"$root/etc/systemd/system/caddy.service.d/maristan.conf"
echo "/etc/systemd/system/caddy.service.d/maristan.conf put"
if [ -z "$root" ]; then
    systemctl daemon-reload
    systemctl enable maristan-web.service maristan-worker@1.service maristan-operations.service maristan-watchdog.timer
    systemctl restart caddy.service
fi
