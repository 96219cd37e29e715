"""Addresses of the API for machines; a slash at the end is optional, since a POST cannot be redirected."""

from django.urls import URLPattern, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from api.views import acts, content, conversations, desks, handoffs, messages, notices, places, targets
from api.views import rules as rule_views
from api.views.base import Nowhere, View

# As many digits as every id of ours has at most: longer ones are no ids.
ONE = "(?P<pk>[0-9]{1,18})"


def at(route: str, view: type[View]) -> URLPattern:
    return re_path(rf"^{route}/?$", view.as_view())


urlpatterns = [
    re_path(r"^schema/?$", SpectacularJSONAPIView.as_view(), name="api-schema"),
    at("conversations", conversations.ConversationList),
    at(f"conversations/{ONE}", conversations.ConversationDetail),
    at(f"conversations/{ONE}/messages", conversations.ConversationMessages),
    at(f"conversations/{ONE}/notes", conversations.ConversationNotes),
    at(f"conversations/{ONE}/assignment", acts.Assignment),
    at(f"conversations/{ONE}/replies", acts.Replies),
    at(f"conversations/{ONE}/handoffs", handoffs.Handoffs),
    at(f"conversations/{ONE}/escalations", content.Escalations),
    at(f"conversations/{ONE}/content-asks", content.ConversationContent),
    at(f"conversations/{ONE}/summary", content.Summary),
    at(f"conversations/{ONE}/skip", desks.Skip),
    at(f"conversations/{ONE}/lane-return", desks.LaneReturn),
    at(f"conversations/{ONE}/resolution", acts.Resolution),
    at(f"conversations/{ONE}/snooze", acts.Snooze),
    at(f"conversations/{ONE}/priority", acts.Priority),
    at(f"conversations/{ONE}/tags", acts.Tags),
    at(f"conversations/{ONE}/mute", acts.Mute),
    at(f"conversations/{ONE}/answers", acts.Elsewhere),
    at(f"conversations/{ONE}/clocks", targets.Clocks),
    at("handoffs", handoffs.Asks),
    at(f"handoffs/{ONE}/acceptance", handoffs.HandoffDecision),
    at(f"handoffs/{ONE}/refusal", handoffs.HandoffDecline),
    at(f"handoffs/{ONE}/withdrawal", handoffs.HandoffWithdraw),
    at(f"handoffs/{ONE}/acknowledgement", content.Acknowledgement),
    at(f"handoffs/{ONE}/answer", content.HandoffAnswer),
    at("content-asks", content.ContentAsks),
    at(f"content-asks/{ONE}/answer", content.ContentAnswer),
    at(f"content-asks/{ONE}/refusal", content.ContentDecline),
    at(f"content-asks/{ONE}/withdrawal", content.ContentWithdraw),
    at("next", desks.Next),
    at("presence", desks.OwnPresence),
    at("stuck", desks.Stuck),
    at("agents", desks.Agents),
    at(f"agents/{ONE}", desks.AgentDetail),
    at("skills", desks.Skills),
    at(f"skills/{ONE}", desks.SkillDetail),
    at(f"queues/{ONE}/staffing", desks.Staffing),
    at(f"messages/{ONE}/hidden", messages.MessageHidden),
    at(f"messages/{ONE}/like", messages.MessageLiked),
    at(f"messages/{ONE}/deletion", messages.MessageDeletion),
    at(f"deliveries/{ONE}", messages.DeliveryDetail),
    at(f"deliveries/{ONE}/cancel", messages.DeliveryCancel),
    at(f"deliveries/{ONE}/resend", messages.DeliveryResend),
    at("targets", targets.Targets),
    at(f"targets/{ONE}", targets.Target),
    at(f"targets/{ONE}/end", targets.TargetEnd),
    at("target-jobs", targets.Jobs),
    at("hours", targets.AllHours),
    at(f"hours/{ONE}", targets.Hours),
    at(f"queues/{ONE}/hours", targets.QueueHours),
    at("notices", notices.Notices),
    at("notices/reading", notices.Reading),
    at("queues", places.Queues),
    at("channels", places.Channels),
    at(f"channels/{ONE}", places.ChannelDetail),
    at(f"channels/{ONE}/messages", places.ChannelMessages),
    at("rules", rule_views.Rules),
    at("rules/mode", rule_views.RuleMode),
    at(f"rules/versions/{ONE}/restoration", rule_views.RuleRestoration),
    at(f"rules/{ONE}", rule_views.Rule),
    at(f"rules/{ONE}/draft", rule_views.RuleDrafts),
    at(f"rules/{ONE}/publication", rule_views.RulePublication),
    at(f"rules/{ONE}/discard", rule_views.RuleDiscard),
    at(f"rules/{ONE}/switch", rule_views.RuleSwitch),
    at(f"rules/{ONE}/place", rule_views.RulePlace),
    at(f"rules/{ONE}/removal", rule_views.RuleRemoval),
    at(f"rules/{ONE}/backtests", rule_views.RuleBacktests),
    at(f"backtests/{ONE}", rule_views.BacktestDetail),
    at(f"backtests/{ONE}/end", rule_views.BacktestEnd),
    at("author-lists", rule_views.AuthorLists),
    at(f"author-lists/{ONE}", rule_views.AuthorListDetail),
    at(f"author-lists/{ONE}/authors", rule_views.AuthorListAuthors),
    at(f"author-lists/{ONE}/removal", rule_views.AuthorListRemoval),
    at("webhooks", rule_views.Webhooks),
    at(f"webhooks/{ONE}/switch", rule_views.WebhookSwitch),
    at(f"conversations/{ONE}/reasons", rule_views.Reasons),
    re_path(r"", Nowhere.as_view()),
]
