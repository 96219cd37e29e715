"""Questions that are asked in the same words every time: put into SQL once, and planned once per connection.

The ORM writes a statement anew at each use, which takes several times as long as PostgreSQL needs to answer it. Where
nothing but values changes, `fixed` keeps what was written:

    @fixed(ids="bigint[]")
    def _notes(ids: Slot) -> QuerySet[Note]:
        return Note.objects.filter(conversation_id__anyof=ids).select_related("author")

    _notes(ids=[41, 42])  # a list of notes

Whatever else the function uses is read at the first question and holds for the life of the process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import BooleanField, Expression, Field, ForeignKey, Lookup, Model, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators
from psycopg2.extensions import AsIs

from core.prepared import Prepared

R = TypeVar("R")
LONGEST_NAME = 63  # bytes; PostgreSQL cuts what is longer
_names: set[str] = set()


class Slot(Expression):
    """Stands in a queryset where each use puts a value; a boolean one is a condition."""

    def __init__(self, name: str, kind: str) -> None:
        super().__init__()
        self.name, self.kind = name, kind

    def _resolve_output_field(self) -> Any:
        return BooleanField() if self.kind == "boolean" else None

    def as_sql(self, *_: Any) -> tuple[str, Any]:
        return "%s", [self]


@Field.register_lookup
@ForeignKey.register_lookup
class AnyOf(Lookup):
    """`column__anyof=ids`: as `in`, with one array whatever its length."""

    lookup_name = "anyof"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} = ANY(%s)", [*params, self.rhs if isinstance(self.rhs, Slot) else list(self.rhs)]


@dataclass(frozen=True, slots=True)
class _Written:
    """What the ORM made of a queryset: the statement, and how its lines become what the queryset yields."""

    statement: Prepared
    places: tuple[str, ...]
    read: Callable[[list[Any]], Iterator[Any]]


class Fixed(Generic[R]):
    """A question with places for values; called with a value for each, it answers with a list."""

    def __init__(self, rows: Callable[..., QuerySet[Any, R]], kinds: Mapping[str, str]) -> None:
        self.__doc__ = rows.__doc__
        self._rows, self._kinds = rows, dict(kinds)
        self._name = _named(f"{rows.__module__}_{rows.__qualname__}".replace(".", "_"))
        self._written: _Written | None = None

    def __call__(self, **values: Any) -> list[R]:
        if values.keys() != self._kinds.keys():
            raise TypeError(f"{self._rows.__qualname__} is asked with {', '.join(self._kinds)}")
        written = self._written = self._written or self._write()  # two at once write the same
        with connection.cursor() as cursor:
            written.statement.execute(cursor, [_sent(values[place]) for place in written.places])
            return list(written.read(cursor.fetchall()))

    def first(self, **values: Any) -> R | None:
        """The first line, where the question is for one."""
        return next(iter(self(**values)), None)

    def _write(self) -> _Written:
        rows = self._rows(**{name: Slot(name, kind) for name, kind in self._kinds.items()})
        compiler = rows.query.get_compiler(using=rows.db)
        sql, params = compiler.as_sql()
        places = tuple(dict.fromkeys(one.name for one in params if isinstance(one, Slot)))
        numbers = {name: AsIs(f"${at}") for at, name in enumerate(places, 1)}
        with connection.cursor() as cursor:
            body = cursor.mogrify(sql, [numbers[one.name] if isinstance(one, Slot) else one for one in params])
        statement = Prepared(self._name, [self._kinds[place] for place in places], body.decode())
        return _Written(statement, places, _reader(rows, compiler))


def fixed(**kinds: str) -> Callable[[Callable[..., QuerySet[Any, R]]], Fixed[R]]:
    """Keep what a function writes.

    Args:
        kinds: the parameters of the function, each with its type in PostgreSQL.
    """
    return lambda rows: Fixed(rows, kinds)


def _named(name: str) -> str:
    """A name that no other question has: a connection asks what it prepared first under a name."""
    if name in _names or len(name.encode()) > LONGEST_NAME:
        raise ValueError(name)
    _names.add(name)
    return name


def _sent(value: Any) -> Any:
    return list(value) if isinstance(value, (set, frozenset, tuple)) else value


def _reader(rows: QuerySet[Any, Any], compiler: Any) -> Callable[[list[Any]], Iterator[Any]]:
    """What Django's own iterables do with the lines, without writing the statement again."""
    if rows._prefetch_related_lookups:  # type: ignore[attr-defined]
        raise TypeError("What is fetched afterwards is a question of its own.")
    converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])

    def converted(found: list[Any]) -> Iterable[Any]:
        return compiler.apply_converters(map(list, found), converters) if converters else found

    if rows._iterable_class is ModelIterable:
        make = _maker(rows.db, compiler)
        return lambda found: map(make, converted(found))
    if rows._iterable_class is FlatValuesListIterable:
        return lambda found: (line[0] for line in converted(found))
    return lambda found: map(tuple, converted(found))


def _maker(using: str, compiler: Any) -> Callable[[Any], Model]:
    """A line to an object with what is related to it and what was annotated."""
    model, own = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    first, last = own[0], own[-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:last]]
    related = get_related_populators(compiler.klass_info, compiler.select, using)  # type: ignore[call-arg]
    annotated = list(compiler.annotation_col_map.items())

    def make(line: Any) -> Model:
        found: Model = model.from_db(using, names, line[first:last])
        for one in related:
            one.populate(line, found)
        for name, at in annotated:
            setattr(found, name, line[at])
        return found

    return make
