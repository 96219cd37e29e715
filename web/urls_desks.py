"""How work finds people, and what desks ask of each other."""

from django.urls import path

from web.views import assignment, desk_acts

urlpatterns = [
    path("assignment/", assignment.page, name="assignment"),
    path("skills/", assignment.new_skill, name="skill-new"),
    path("skills/<int:pk>/removal/", assignment.remove_skill, name="skill-removal"),
    path("queues/<int:pk>/staffing/", assignment.queue, name="queue-staffing"),
    path("people/<int:pk>/staffing/", assignment.agent, name="person-staffing"),
    path("next/", desk_acts.next_one, name="next"),
    path("conversations/<int:pk>/skip/", desk_acts.skip, name="conversation-skip"),
    path("conversations/<int:pk>/escalations/", desk_acts.escalate, name="conversation-escalations"),
    path("conversations/<int:pk>/content/", desk_acts.ask_content, name="conversation-content"),
    path("conversations/<int:pk>/lane/", desk_acts.return_from_lane, name="conversation-lane"),
    path("conversations/<int:pk>/summary/", desk_acts.summary, name="conversation-summary"),
    path("handoffs/<int:pk>/acknowledgement/", desk_acts.acknowledge, name="handoff-acknowledgement"),
    path("handoffs/<int:pk>/answer/", desk_acts.answer, name="handoff-answer"),
    path("content/<int:pk>/answer/", desk_acts.content_answer, name="content-answer"),
    path("content/<int:pk>/refusal/", desk_acts.content_decline, name="content-refusal"),
    path("content/<int:pk>/withdrawal/", desk_acts.content_withdraw, name="content-withdrawal"),
]
