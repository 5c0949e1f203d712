# Three stages: the web client, the wheel in an environment of its own, and what runs. Nothing migrates on start.
FROM node:20-bookworm-slim AS client
WORKDIR /build/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund --loglevel=error
COPY docs/generated/openapi.json /build/docs/generated/openapi.json
COPY web ./
RUN npm run --silent build

FROM python:3.11-bookworm AS wheel
WORKDIR /build
COPY requirements.txt requirements-dev.txt ./
RUN python -m venv /build/tools \
    && /build/tools/bin/pip install --no-cache-dir --require-hashes -r requirements.txt -r requirements-dev.txt \
    && python -m venv /opt/maristan \
    && /opt/maristan/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=client /build/web/dist src/maristan/webclient
RUN PYTHONPATH=src MARISTAN_ENV=test MARISTAN_HOME=/build/var/test /build/tools/bin/python -m maristan release manifest --build \
    && /build/tools/bin/python -m pip wheel --no-cache-dir --no-deps --no-build-isolation -w dist . \
    && /opt/maristan/bin/pip install --no-cache-dir --no-deps dist/*.whl

FROM python:3.11-slim-bookworm
# The client programs of PostgreSQL make and restore sets, rsync and ssh copy them to a far side with what lies in
# /srv/maristan/.ssh; the fonts write names in Arabic script into papers.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-15 rsync openssh-client fonts-noto-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /srv/maristan --no-create-home --shell /usr/sbin/nologin maristan \
    && install -d -o 10001 -g 10001 /srv/maristan /srv/maristan/var /srv/maristan/backups
COPY --from=wheel /opt/maristan /opt/maristan
# Hooks are called on the host: scripts/with_image.sh answers what these ask.
COPY deploy/asking /opt/maristan/deploy/asking
ENV PATH=/opt/maristan/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    MARISTAN_ENV=production \
    MARISTAN_CONTAINER=true \
    MARISTAN_HOME=/srv/maristan \
    LOG_DIR= \
    DEPLOY_HOOKS_DIR=/opt/maristan/deploy/asking \
    MAINTENANCE_FILE=/srv/maristan/var/MAINTENANCE_MODE \
    WEB_BIND=0.0.0.0:8000
WORKDIR /srv/maristan
USER 10001:10001
VOLUME ["/srv/maristan/var", "/srv/maristan/backups"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/liveness/', timeout=2)"]
ENTRYPOINT ["maristan"]
CMD ["web"]
