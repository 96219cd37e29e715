"""What triage said, the daily sample, issues and learnt models."""

from django.urls import path

from web.views import triage

urlpatterns = [
    path("messages/<int:pk>/triage/", triage.message, name="message-triage"),
    path("messages/<int:pk>/corrections/", triage.correct, name="message-correction"),
    path("sample/", triage.sample, name="sample"),
    path("sample/<int:pk>/decision/", triage.decide, name="sample-decision"),
    path("sample/<int:pk>/skip/", triage.skip, name="sample-skip"),
    path("issues/", triage.issues, name="issues"),
    path("issues/new/", triage.new_issue, name="issue-new"),
    path("issues/<int:pk>/", triage.issue, name="issue"),
    path("issues/<int:pk>/retirement/", triage.retire_issue, name="issue-retirement"),
    path("learnt/", triage.models, name="learnt"),
    path("learnt/<int:pk>/withdrawal/", triage.withdraw, name="learnt-withdrawal"),
]
