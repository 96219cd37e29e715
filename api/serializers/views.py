"""Saved views as machines send and get them."""

from __future__ import annotations

from rest_framework import serializers

from api.serializers.inputs import LARGEST_ID, Strict
from api.serializers.outputs import Json, Shape
from inbox.models.view import SavedView
from inbox.selectors.conversations import Sort
from inbox.services.views import NAME_LENGTH, QUERY_LENGTH

SORTS = [sort.value for sort in Sort]


class ViewInput(Strict):
    """A search under a name."""

    name = serializers.CharField(max_length=NAME_LENGTH)
    query = serializers.CharField(
        max_length=QUERY_LENGTH, required=False, default="", allow_blank=True, help_text="As in `q` of conversations."
    )
    sort = serializers.ChoiceField(SORTS, required=False, default="")
    audience = serializers.ChoiceField(SavedView.Audience.choices, required=False, default="private")
    team = serializers.IntegerField(
        required=False, default=None, allow_null=True, max_value=LARGEST_ID, help_text="One of your teams."
    )


class ViewShape(Shape):
    """Its conversations: `conversations?status=any&q=<query>&sort=<sort>`."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    query = serializers.CharField(allow_blank=True)
    sort = serializers.ChoiceField(SORTS)
    audience = serializers.ChoiceField(SavedView.Audience.choices)
    team = serializers.IntegerField(allow_null=True)
    owner = serializers.IntegerField(help_text="Id of an agent.")


class ViewsShape(Shape):
    results = ViewShape(many=True)


class CountedViewShape(ViewShape):
    count = serializers.IntegerField(help_text="What you see of it, counted up to 1,000.")
    more = serializers.BooleanField(help_text="There are more than that.")


def view(row: SavedView) -> Json:
    """One saved view."""
    return {
        "id": row.pk,
        "name": row.name,
        "query": row.query,
        "sort": row.sort,
        "audience": row.audience,
        "team": row.team_id,
        "owner": row.owner_id,
    }
