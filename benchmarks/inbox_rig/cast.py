"""Who and what takes part: found again in a store that an earlier run has filled."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from channels.models import Channel
from inbox.models.queue import Queue
from tests import personas


@dataclass(frozen=True)
class Cast:
    """Ana and Omar of Care, who read two queues of three, and the channels of two brands."""

    ana: User
    omar: User
    care: Queue
    pr: Queue
    northwind_x: Channel
    northwind_facebook: Channel
    lumo_x: Channel


def cast() -> Cast:
    """Everybody, made where the store is new."""
    if not User.objects.exists():
        personas.world()
    channels = {channel.external_id: channel for channel in Channel.objects.select_related("brand")}
    queues = {queue.desk.slug: queue for queue in Queue.objects.select_related("desk").filter(first_of_desk=True)}
    return Cast(
        ana=User.objects.get(name="Ana Sandoval"),
        omar=User.objects.get(name="Omar Haddad"),
        care=queues["care"],
        pr=queues["pr"],
        northwind_x=channels[personas.NORTHWIND_X_ID],
        northwind_facebook=channels[personas.NORTHWIND_PAGE_ID],
        lumo_x=channels[personas.LUMO_X_ID],
    )
