"""Who a session belongs to, loaded in one query with all that every page asks about the person."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from accounts.models import Installation, User
from core.fixed import Slot, fixed

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def signed_in_people() -> QuerySet[User]:
    """People who may use the pages, with `company`, `mfa_policy`, `has_second_factor` and `presence_status`."""
    installation = Installation.objects.filter(pk=1)
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    return User.objects.filter(is_active=True, is_integration=False).annotate(
        company=Subquery(installation.values("company")),
        mfa_policy=Subquery(installation.values("mfa_policy")),
        has_second_factor=Exists(factors),
        presence_status=F("presence__status"),
    )


@fixed(user="bigint")
def _signed_in(user: Slot) -> QuerySet[User]:
    return signed_in_people().filter(pk=user)


class Backend(AuthenticationBackend):
    """Sign-in by e-mail address and password; machines and disabled people are refused like a wrong password."""

    def user_can_authenticate(self, user: User) -> bool:
        return user.is_active and not user.is_integration

    def get_user(self, user_id: int) -> User | None:
        return _signed_in.first(user=user_id)

    async def aget_user(self, user_id: int) -> User | None:
        return await signed_in_people().filter(pk=user_id).afirst()
