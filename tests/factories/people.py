"""People, brands and channels for tests: each function saves one thing and returns it."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from accounts.models import Membership, Role, Team, User
from channels.models import Brand, BrandAccess, Channel
from inbox.models.queue import Desk, Queue

PASSWORD = "plain-sailing-9000"


def person(
    name: str,
    *,
    email: str = "",
    teams: Iterable[Team] = (),
    brands: Iterable[Brand] = (),
    team_role: str = Role.AGENT,
    **fields: object,
) -> User:
    """Somebody who signs in with PASSWORD, in these teams with `team_role`, who sees these brands."""
    address = email or f"{name.split(' ')[0].lower()}@socialcare.example"
    user = User.objects.create_user(address, PASSWORD, name=name, **fields)
    Membership.objects.bulk_create(Membership(user=user, team=team, role=team_role) for team in teams)
    BrandAccess.objects.bulk_create(BrandAccess(user=user, brand=brand) for brand in brands)
    return user


def brand(name: str, slug: str) -> Brand:
    return Brand.objects.create(name=name, slug=slug)


def team(name: str, slug: str) -> Team:
    return Team.objects.create(name=name, slug=slug)


def queue(desk: Desk, name: str, slug: str, *, staffed_by: Team, **fields: object) -> Queue:
    return Queue.objects.create(desk=desk, name=name, slug=slug, team=staffed_by, **fields)


def channel(of: Brand, kind: str, external_id: str, handle: str, **fields: object) -> Channel:
    """A connected account without credentials; connected an hour ago, reading from then on."""
    then = timezone.now() - timedelta(hours=1)
    values = {"name": of.name, "sealed_credentials": b"", "import_since": then, "connected_at": then, **fields}
    return Channel.objects.create(brand=of, kind=kind, external_id=external_id, handle=handle, **values)
