"""Rules of the house about writes, logs and configuration, read from the source."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from socialcare.env import VARIABLES
from tests.architecture.test_layers import LAYERS, OURS, ROOT, imported, sources

# What must never reach a log (house.md §9): words of people, names of people, secrets.
UNSPEAKABLE = {
    "text", "body", "message", "note", "raw", "payload", "data", "handle", "name", "email", "bio", "url",
    "token", "secret", "password", "credentials", "authorization", "headers", "key", "code_verifier",
}  # fmt: skip
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
OPENS_A_TRANSACTION = {"atomic", "acting", "deciding", "_deciding"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def parsed(*areas: str) -> Iterator[tuple[Path, ast.Module]]:
    for file in sources(*areas):
        yield file.relative_to(ROOT), ast.parse(file.read_text(encoding="utf-8"))


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Each call with the last part of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", None) or getattr(node.func, "id", ""), node


def test_imports_point_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_no_signals_of_models() -> None:
    found = [
        f"{path}: {name}" for path, tree in parsed(*LAYERS) for name in imported(tree) if "db.models.signals" in name
    ]
    assert found == []


def test_no_model_hides_work_in_save_or_delete() -> None:
    found = [
        f"{path}: {outer.name}.{inner.name}"
        for path, tree in parsed(*LAYERS)
        if "models" in path.parts or path.name == "models.py"
        for outer in ast.walk(tree)
        if isinstance(outer, ast.ClassDef)
        for inner in outer.body
        if isinstance(inner, Function) and inner.name in {"save", "delete", "full_clean", "__init__"}
    ]
    assert found == []


def test_every_write_says_what_it_records() -> None:
    """A service that opens a transaction names its events in the docstring, or says that and why it has none."""
    silent = [
        f"{path}: {function.name}"
        for path, tree in parsed("inbox/services", "routing/services")
        for function in tree.body
        if isinstance(function, Function) and not function.name.startswith("_")
        if any(name in OPENS_A_TRANSACTION for name, _ in calls(function))
        if not any(is_context_manager(decorator) for decorator in function.decorator_list)
        if "record" not in (ast.get_docstring(function) or "").lower()
    ]
    assert silent == []


def is_context_manager(decorator: ast.expr) -> bool:
    return getattr(decorator, "id", "") == "contextmanager"


def test_services_lock_without_blocking_those_who_point_at_the_row() -> None:
    found = [
        f"{path}:{call.lineno}"
        for path, tree in parsed(*LAYERS)
        for name, call in calls(tree)
        if name == "select_for_update" and "no_key" not in {keyword.arg for keyword in call.keywords}
    ]
    assert found == []


def test_nothing_is_hinted_before_the_commit() -> None:
    """Services give hints by `hint_on_commit`; tasks, which run outside of transactions, may hint each other."""
    found = [
        f"{path}:{call.lineno}"
        for path, tree in parsed(*OURS)
        if path.name != "tasks.py" and path != Path("core/hints.py")
        for name, call in calls(tree)
        if name in {"delay", "apply_async", "send_task"}
    ]
    assert found == []


def test_logs_carry_constants_and_ids_but_no_words_of_people() -> None:
    found = []
    for path, tree in parsed(*OURS):
        for name, call in calls(tree):
            owner = getattr(getattr(call.func, "value", None), "id", "")
            if owner in {"log", "logger"} and name in LEVELS:
                found += [f"{path}:{call.lineno} {what}" for what in wrong_in(call)]
    assert found == []


def wrong_in(call: ast.Call) -> Iterator[str]:
    event = call.args[0] if call.args else None
    if len(call.args) != 1 or not isinstance(event, ast.Constant) or not re.fullmatch(r"[a-z_.]+", str(event.value)):
        yield "is not one constant event name"
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in UNSPEAKABLE:
            yield f"logs {keyword.arg}"


def test_the_detector_of_words_in_logs_detects() -> None:
    """A guard that never fires proves nothing."""
    bad = ast.parse("log.info(f'sent {x}', text=message.text, message_id=1)").body[0].value
    assert sorted(wrong_in(bad)) == ["is not one constant event name", "logs text"]
    good = ast.parse("log.info('delivery.sent', message_id=1)").body[0].value
    assert list(wrong_in(good)) == []


README = ROOT / "README.md"


def test_the_readme_lists_exactly_the_variables_that_are_read() -> None:
    listed = set(re.findall(r"^\| `([A-Z][A-Z0-9_]*)` \|", README.read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == set(VARIABLES)


def test_pages_and_api_read_through_selectors() -> None:
    """No manager of a model is named there; what the demo lays down is a script."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in parsed("web", "api")
        if path != Path("web/demo.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
    ]
    assert found == []
