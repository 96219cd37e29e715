"""Whether an answer looks as its schema says: the same names, the same kinds of values, at every depth."""

from typing import Any

from rest_framework import serializers


def check(value: Any, shape: serializers.BaseSerializer[Any], where: str = "answer") -> None:
    """Fails with the place where the two differ."""
    if isinstance(shape, serializers.ListSerializer):
        assert isinstance(value, list), where
        for place, item in enumerate(value):
            check(item, shape.child, f"{where}[{place}]")
        return
    assert isinstance(shape, serializers.Serializer)
    assert set(value) == set(shape.fields), where
    for name, field in shape.fields.items():
        _check_field(value[name], field, f"{where}.{name}")


def _check_field(value: Any, field: Any, where: str) -> None:
    if value is None:
        assert field.allow_null, f"{where} is null"
    elif isinstance(field, serializers.BaseSerializer):
        check(value, field, where)
    else:
        field.run_validation(value) if value != "" else _is_text(field, where)


def _is_text(field: Any, where: str) -> None:
    assert isinstance(field, serializers.CharField), where
