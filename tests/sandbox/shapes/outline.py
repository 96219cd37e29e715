"""Outlines of JSON and how two of them differ.

    python -m tests.sandbox.shapes.outline     writes captured.json and x_openapi.json from the captured payloads

The outlines hold key names and types only. Where the payloads are at hand they are read themselves.
"""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAYLOADS = HERE.parents[3] / "shared" / "data" / "payloads"
CAPTURED, OPENAPI = HERE / "captured.json", HERE / "x_openapi.json"

X = "x/tweepy/"
FB = "facebook/python-facebook/"
# name → file and the way to the body inside it.
SOURCES: dict[str, tuple[str, tuple[str | int, ...]]] = {
    "x.me": (X + "test_client_get_me.json", (0, "response", "body")),
    "x.mentions": (X + "test_client_get_users_mentions.json", (0, "response", "body")),
    "x.search": (X + "test_client_search_recent_tweets.json", (0, "response", "body")),
    "x.tweets": (X + "test_client_get_tweets.json", (0, "response", "body")),
    "x.tweet": (X + "test_client_get_tweet.json", (0, "response", "body")),
    "x.users": (X + "test_client_get_users.json", (0, "response", "body")),
    "x.timeline": (X + "test_client_get_users_tweets.json", (0, "response", "body")),
    "x.create": (X + "test_client_create_and_delete_tweet.json", (0, "response", "body")),
    "x.delete": (X + "test_client_create_and_delete_tweet.json", (1, "response", "body")),
    "x.hide": (X + "test_client_hide_and_unhide_reply.json", (0, "response", "body")),
    "x.like": (X + "test_client_like_and_unlike.json", (0, "response", "body")),
    "x.dm_sent": (X + "test_manage_and_lookup_direct_messages.json", (0, "response", "body")),
    "x.dm_events": (X + "test_manage_and_lookup_direct_messages.json", (5, "response", "body")),
    "x.dm_empty": (X + "test_manage_and_lookup_direct_messages.json", (3, "response", "body")),
    "x.limit": ("x/errors/errors.json", (0, "body")),
    "x.limit_headers": ("x/errors/rate_limit_headers.json", ("headers",)),
    "x.partial": ("x/xdevplatform-docs/fundamentals_response-codes-and-errors__02.json", ()),
    "x.full_tweet": ("x/xdevplatform-docs/fundamentals_data-dictionary_reference__05.json", ()),
    "fb.comments": (FB + "comments/comments_p1.json", ()),
    "fb.comment": (FB + "models/comment.json", ()),
    "fb.feed": (FB + "base/full_connecions_p1.json", ()),
    "fb.post": (FB + "posts/single_post_data_fields.json", ()),
    "fb.conversation": (FB + "conversations/cvs_info.json", ()),
    "fb.conversation_full": (FB + "models/conversation.json", ()),
    "fb.message": (FB + "messages/message_info.json", ()),
    "fb.accounts": (FB + "users/user_accounts_p1.json", ()),
    "fb.user": (FB + "users/user.json", ()),
    "fb.debug_token": (FB + "base/token_info.json", ()),
    "fb.error": (FB + "base/error_data.json", ()),
    "fb.limit": ("facebook/errors/errors.json", (0, "body")),
    "fb.expired": ("facebook/errors/errors.json", (1, "body")),
}
KEPT_WORDS = ("type", "properties", "items", "required", "$ref", "oneOf", "anyOf", "allOf", "nullable")


def outline(value: Any) -> Any:
    """Objects keep their keys, lists the union of their items, the rest becomes the name of its type."""
    if isinstance(value, dict):
        return {key: outline(item) for key, item in sorted(value.items())}
    if isinstance(value, list):
        merged: Any = None
        for item in value:
            merged = outline(item) if merged is None else merge(merged, outline(item))
        return [] if merged is None else [merged]
    return type(value).__name__


def merge(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted({*one, *other})
        return {k: merge(one[k], other[k]) if k in one and k in other else one.get(k, other.get(k)) for k in keys}
    if isinstance(one, list) and isinstance(other, list):
        return [merge(one[0], other[0])] if one and other else one or other
    return one


def missing(ours: Any, theirs: Any, where: str = "") -> list[str]:
    """Places that `theirs` has and `ours` has not, or has with another type."""
    if isinstance(theirs, dict):
        if not isinstance(ours, dict):
            return [f"{where}: {ours} instead of an object"]
        lost = [f"{where}.{key}" for key in theirs if key not in ours]
        return lost + [m for key in theirs if key in ours for m in missing(ours[key], theirs[key], f"{where}.{key}")]
    if isinstance(theirs, list):
        if not isinstance(ours, list):
            return [f"{where}: {ours} instead of a list"]
        return missing(ours[0], theirs[0], f"{where}[]") if ours and theirs else []
    return [] if ours == theirs else [f"{where}: {ours} instead of {theirs}"]


def from_payloads(name: str) -> Any:
    file, way = SOURCES[name]
    value = json.loads((PAYLOADS / file).read_text())
    for step in way:
        value = value[step]
    return outline(value)


def captured(name: str) -> Any:
    """The outline of a captured answer: of the payload itself where it is at hand, else the one that is kept."""
    return from_payloads(name) if PAYLOADS.exists() else json.loads(CAPTURED.read_text())[name]


# X's OpenAPI file, reduced to what the sandbox has


def skeleton(schema: Any) -> Any:
    """A schema without its words: structure and types only."""
    if isinstance(schema, list):
        return [skeleton(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for word in KEPT_WORDS:
        if word == "properties" and isinstance(schema.get(word), dict):
            kept[word] = {name: skeleton(item) for name, item in schema[word].items()}
        elif word in schema and not (word == "type" and isinstance(schema[word], dict)):
            kept[word] = skeleton(schema[word])
    return kept


def reduced_openapi(routes: list[tuple[str, str]]) -> dict[str, Any]:
    """Parameters and good answers of some routes, with the schemas that they need."""
    whole = json.loads((PAYLOADS / "x/xdevplatform-docs/openapi.json").read_text())
    operations: dict[str, Any] = {}
    for method, route in routes:
        operation = whole["paths"][route][method.lower()]
        good = next(value for code, value in operation["responses"].items() if code.startswith("2"))
        operations[f"{method} {route}"] = {
            "parameters": sorted(_parameter(whole, item) for item in operation.get("parameters", [])),
            "answer": skeleton(good["content"]["application/json"]["schema"]),
        }
    schemas: dict[str, Any] = {}
    _gather(whole["components"]["schemas"], operations, schemas)
    return {"operations": operations, "schemas": dict(sorted(schemas.items()))}


def _parameter(whole: dict, item: dict) -> str:
    if "$ref" in item:
        item = whole["components"]["parameters"][item["$ref"].rpartition("/")[2]]
    return item["name"]


def _gather(known: dict, value: Any, found: dict) -> None:
    if isinstance(value, list):
        for item in value:
            _gather(known, item, found)
    elif isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            name = value["$ref"].rpartition("/")[2]
            if name not in found:
                found[name] = skeleton(known[name])
                _gather(known, found[name], found)
        for item in value.values():
            _gather(known, item, found)


TYPES = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def against(schemas: dict, schema: dict, value: Any, where: str = "") -> list[str]:
    """What in a value the schema does not allow: other types, missing keys, keys that it does not know."""
    if "$ref" in schema:
        return against(schemas, schemas[schema["$ref"].rpartition("/")[2]], value, where)
    choices = schema.get("oneOf") or schema.get("anyOf")
    if choices:
        return min((against(schemas, choice, value, where) for choice in choices), key=len)
    kind = schema.get("type")
    if value is None:
        return [] if schema.get("nullable") else [f"{where}: null"]
    if kind and (not isinstance(value, TYPES[kind]) or (kind == "integer" and isinstance(value, bool))):
        return [f"{where}: {type(value).__name__} instead of {kind}"]
    if isinstance(value, list):
        return [e for i in value for e in against(schemas, schema.get("items", {}), i, f"{where}[]")]
    if not isinstance(value, dict):
        return []
    known = schema.get("properties", {})
    errors = [f"{where}.{key} is required" for key in schema.get("required", []) if key not in value]
    errors += [f"{where}.{key} is unknown" for key in value if known and key not in known]
    return errors + [
        e for k, item in value.items() if k in known for e in against(schemas, known[k], item, f"{where}.{k}")
    ]


def main() -> None:
    from tests.sandbox.test_shapes import ROUTES

    CAPTURED.write_text(json.dumps({name: from_payloads(name) for name in SOURCES}, indent=1) + "\n")
    OPENAPI.write_text(json.dumps(reduced_openapi(ROUTES), indent=1) + "\n")


if __name__ == "__main__":
    main()
