"""What can be known about the production files without an engine: they are well-formed and hang together."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from socialcare.env import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PINNED = re.compile(r"[\w./-]+:\d[\w.-]*\d[\w.-]*")
OF_OTHER_IMAGES = {"WEB_THREADS"}  # read where no settings are loaded yet


def of_ours() -> dict[str, dict]:
    return {name: service for name, service in SERVICES.items() if "build" in service}


def test_the_compose_specification_accepts_it() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run(
        [checker, "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_volume_and_network_that_is_named_exists() -> None:
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES) - {name}
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert (ROOT / source).is_file() if source.startswith(".") else source in COMPOSE["volumes"], mount


def test_who_waits_for_health_waits_for_somebody_who_tells_it() -> None:
    for service in SERVICES.values():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], other


def test_every_lasting_service_restarts_and_tells_its_health() -> None:
    lasting = {name: service for name, service in SERVICES.items() if service["restart"] != "no"}
    assert set(SERVICES) - set(lasting) == {"migrate"}
    assert all(service["restart"] == "unless-stopped" and "healthcheck" in service for service in lasting.values())


def test_images_are_pinned_and_ours_are_built_the_same() -> None:
    images = [service["image"] for service in SERVICES.values()]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert all(PINNED.fullmatch(image) for image in images), images
    assert len({service["image"] for service in of_ours().values()}) == 1


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert SERVICES["db"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_no_secret_stands_in_the_file() -> None:
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|TOKEN|KEYS", variable):
                assert re.fullmatch(r"\$\{\w+(:[?-][^}]*)?\}", str(value)), variable


def test_every_variable_that_ours_get_is_one_that_the_settings_read() -> None:
    given = {variable for service in of_ours().values() for variable in service["environment"]}
    assert given <= set(VARIABLES) | OF_OTHER_IMAGES


def test_every_value_that_is_asked_for_stands_in_the_example() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    required = set(re.findall(r"\$\{(\w+):\?", text))
    example = set(re.findall(r"^(\w+)=", (ROOT / "deploy" / "env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert required <= example


def test_ours_run_without_rights() -> None:
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["10001:10001"]
    assert "--require-hashes" in DOCKERFILE
    for service in of_ours().values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_the_image_holds_every_package_of_ours_and_nothing_else() -> None:
    config = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ours = set(json.loads(re.findall(r"^root_packages = (\[.*\])$", config, re.MULTILINE)[0])) - {"sandbox"}
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    allowed = set(re.findall(r"^!(\w+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    assert copied == allowed == ours | {"locale", "templates", "static"}


def test_hadolint_finds_nothing() -> None:
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if linter is None:
        pytest.fail("hadolint is not installed; it comes with requirements-dev.txt")
    done = subprocess.run([linter, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
