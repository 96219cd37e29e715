"""The people of the tests, the same as in the demo and on the screenshots: Ana, Ben, Mia, Omar, Zoe and Ada.

world = personas.world()
client.force_login(world.ana)
"""

from dataclasses import dataclass

from accounts.models import Role, Team, User
from channels.models import Brand, Channel
from inbox.models.queue import Desk, Queue
from inbox.services.desks import create_first_desks
from tests.factories import people

NORTHWIND_X_ID = "1460000000000000001"
LUMO_X_ID = "1460000000000000002"
NORTHWIND_PAGE_ID = "100064000000001"


@dataclass(frozen=True)
class Brands:
    northwind: Brand
    lumo: Brand


@dataclass(frozen=True)
class Desks:
    care: Desk
    pr: Desk
    marketing: Desk


@dataclass(frozen=True)
class Queues:
    """The first queue of each desk."""

    care: Queue
    pr: Queue
    marketing: Queue


@dataclass(frozen=True)
class Teams:
    care: Team
    pr: Team
    marketing: Team


@dataclass(frozen=True)
class Channels:
    northwind_x: Channel
    northwind_facebook: Channel
    lumo_x: Channel


@dataclass(frozen=True)
class World:
    """A small organisation: two brands, three channels, three desks with a team and a queue each.

    Ana (care), Ben (PR) and Mia (marketing) are agents; Omar supervises Care; all four see both brands.
    Zoe may sign in and sees nothing; Ada is the administrator and a member of no team.
    """

    ana: User
    ben: User
    mia: User
    omar: User
    zoe: User
    ada: User
    brands: Brands
    desks: Desks
    queues: Queues
    teams: Teams
    channels: Channels


def world() -> World:
    """Everybody and everything, on a fresh database."""
    brands = Brands(people.brand("Northwind Air", "northwind-air"), people.brand("Lumo Mobile", "lumo-mobile"))
    desks = Desks(*create_first_desks())
    queues = Queues(*(desk.queues.get(first_of_desk=True) for desk in (desks.care, desks.pr, desks.marketing)))
    teams = Teams(queues.care.team, queues.pr.team, queues.marketing.team)
    both = (brands.northwind, brands.lumo)
    return World(
        ana=people.person("Ana Sandoval", teams=[teams.care], brands=both),
        ben=people.person("Ben Achterberg", teams=[teams.pr], brands=both),
        mia=people.person("Mia Castell", teams=[teams.marketing], brands=both),
        omar=people.person("Omar Haddad", teams=[teams.care], brands=both, team_role=Role.SUPERVISOR),
        zoe=people.person("Zoe Lindqvist"),
        ada=people.person("Ada Nwosu", role=Role.ADMINISTRATOR),
        brands=brands,
        desks=desks,
        queues=queues,
        teams=teams,
        channels=_channels(brands),
    )


def _channels(brands: Brands) -> Channels:
    return Channels(
        northwind_x=people.channel(brands.northwind, "x", NORTHWIND_X_ID, "northwindair"),
        northwind_facebook=people.channel(brands.northwind, "facebook", NORTHWIND_PAGE_ID, "northwindair"),
        lumo_x=people.channel(brands.lumo, "x", LUMO_X_ID, "lumomobile"),
    )
