"""Setting up, joining, people, the audit list and one's own account."""

from django.urls import path

from web.views import account, audit, organisation, people, setup

urlpatterns = [
    path("setup/", setup.administrator, name="setup"),
    path("setup/company/", setup.company, name="setup-company"),
    path("setup/desks/", setup.desks, name="setup-desks"),
    path("setup/channel/", setup.channel, name="setup-channel"),
    path("setup/ready/", setup.ready, name="setup-ready"),
    path("join/", setup.join, name="join"),
    path("people/", people.everybody, name="people"),
    path("people/policy/", people.policy, name="people-policy"),
    path("people/invitations/", people.invite, name="people-invite"),
    path("people/invitations/<int:pk>/revocation/", people.revoke, name="people-revoke"),
    path("people/<int:pk>/", people.one, name="person"),
    path("people/<int:pk>/suspension/", people.disable, name="person-suspension"),
    path("people/<int:pk>/suspension/end/", people.enable, name="person-enabling"),
    path("people/<int:pk>/sessions/end/", people.sign_out, name="person-sessions"),
    path("people/<int:pk>/password-link/", people.password_link, name="person-password-link"),
    path("people/<int:pk>/tokens/", people.tokens, name="person-tokens"),
    path("teams/new/", organisation.new_team, name="team-new"),
    path("teams/<int:pk>/", organisation.team, name="team"),
    path("queues/new/", organisation.new_queue, name="queue-new"),
    path("queues/<int:pk>/", organisation.queue, name="queue"),
    path("brands/new/", organisation.new_brand, name="brand-new"),
    path("brands/<int:pk>/", organisation.brand, name="brand"),
    path("audit/", audit.page, name="audit"),
    path("audit/export.csv", audit.export, name="audit-export"),
    path("you/", account.you, name="you"),
    path("you/theme/", account.theme, name="your-theme"),
    path("you/presence/", account.presence, name="your-presence"),
    path("you/sessions/end/", account.sign_out, name="your-sessions"),
    path("you/tokens/", account.tokens, name="your-tokens"),
    path("tokens/<int:pk>/revocation/", account.revoke_token, name="token-revoke"),
]
