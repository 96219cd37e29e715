"""The rules of the house that import-linter cannot see."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ["core", "accounts", "channels", "inbox", "routing"]  # from the ground up; foreign keys point down
OURS = [*LAYERS, "web", "api", "socialcare"]


def sources(*areas: str) -> list[Path]:
    """All modules below these paths, migrations and tests left out."""
    found = [path for area in areas for path in [ROOT / area, ROOT / f"{area}.py"] if path.exists()]
    files = [file for path in found for file in ([path] if path.is_file() else path.rglob("*.py"))]
    return [file for file in files if "migrations" not in file.parts]


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def offenders(files: list[Path], *forbidden: str) -> list[str]:
    return [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files
        for name in imported(ast.parse(file.read_text(encoding="utf-8")))
        if any(name == bad or name.startswith(f"{bad}.") for bad in forbidden)
    ]


def test_the_domain_knows_no_web() -> None:
    files = sources("routing", "inbox", "channels", "core")
    assert files
    assert offenders(files, "django.http", "rest_framework", "django.views", "django.urls") == []


def test_adapters_and_contracts_know_no_database() -> None:
    files = sources("channels/adapters", "channels/contracts", "channels/http")
    assert files
    assert offenders(files, "django.db", "channels.models") == []


def test_parsers_and_contracts_know_no_django() -> None:
    pure = ("channels/contracts", "routing/rules", "routing/assignment", "routing/calendar", "routing/clocks")
    pure += ("inbox/query", "inbox/marking", "inbox/bulk_rules")
    files = [*sources(*pure), *(ROOT / "channels" / "adapters").rglob("parse.py")]
    assert files
    assert offenders(files, "django") == []


@pytest.mark.parametrize("area", OURS)
def test_nothing_is_imported_inside_a_function(area: str) -> None:
    hidden = [
        f"{file.relative_to(ROOT)}:{inner.lineno}"
        for file in sources(area)
        for outer in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef) and not _is_ready(outer)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def _is_ready(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """AppConfig.ready is where Django wants imports that need the models."""
    return function.name == "ready"


def test_foreign_keys_point_down() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in LAYERS
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model._meta.app_label in LAYERS
        if LAYERS.index(field.related_model._meta.app_label) > LAYERS.index(model._meta.app_label)
    ]
    assert wrong == []


def test_the_pinned_clients_are_what_runs() -> None:
    """tweepy and django-allauth disagree about oauthlib; unpinned, a resolver takes a tweepy of 2022 in silence."""
    locked = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for line in (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines():
        wanted = line.split("#")[0].strip()
        if wanted:
            name, _, version = wanted.partition("==")
            assert version, f"{name} is not pinned"
            assert f"\n{name.split('[')[0].lower()}=={version} " in f"\n{locked.lower()}", wanted
