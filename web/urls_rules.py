"""Rules, their versions and back-tests; author lists and webhooks."""

from django.urls import path

from web.views import reasons, rule_lists, rules

urlpatterns = [
    path("conversations/<int:pk>/reasons/", reasons.page, name="conversation-reasons"),
    path("conversations/<int:pk>/doubts/", reasons.doubt, name="conversation-doubt"),
    path("rules/", rules.everything, name="rules"),
    path("rules/new/", rules.start, name="rule-new"),
    path("rules/mode/", rules.mode, name="rules-mode"),
    path("rules/versions/<int:version>/restoration/", rules.restore, name="rules-restoration"),
    path("rules/lists/", rule_lists.lists, name="rule-lists"),
    path("rules/lists/<int:pk>/", rule_lists.one_list, name="rule-list"),
    path("rules/webhooks/", rule_lists.webhooks, name="rule-webhooks"),
    path("rules/webhooks/<int:pk>/switch/", rule_lists.switch, name="rule-webhook-switch"),
    path("rules/backtests/<int:pk>/end/", rules.end_backtest, name="backtest-end"),
    path("rules/backtests/<int:pk>/opinions/", rules.judge_example, name="backtest-opinions"),
    path("rules/<int:number>/", rules.one, name="rule"),
    path("rules/<int:number>/name/", rules.rename, name="rule-name"),
    path("rules/<int:number>/conditions/", rules.add_condition, name="rule-conditions"),
    path("rules/<int:number>/conditions/<str:at>/", rules.change_condition, name="rule-condition"),
    path("rules/<int:number>/actions/", rules.add_action, name="rule-actions"),
    path("rules/<int:number>/actions/<int:at>/", rules.change_action, name="rule-action"),
    path("rules/<int:number>/publication/", rules.publish, name="rule-publication"),
    path("rules/<int:number>/discard/", rules.discard, name="rule-discard"),
    path("rules/<int:number>/switch/", rules.switch, name="rule-switch"),
    path("rules/<int:number>/place/", rules.place, name="rule-place"),
    path("rules/<int:number>/removal/", rules.remove, name="rule-removal"),
    path("rules/<int:number>/copy/", rules.copy, name="rule-copy"),
    path("rules/<int:number>/backtest/", rules.backtest, name="rule-backtest"),
]
