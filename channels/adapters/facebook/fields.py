"""What we ask Graph for. Source: developers.facebook.com/docs/graph-api/reference, read 2026-09."""

from __future__ import annotations

_ATTACHMENT = "type,url,title,description,target,media"
COUNT = "comments.filter(stream).limit(0).summary(true)"
POST = (
    "id,message,created_time,updated_time,from,permalink_url,message_tags,is_hidden,"
    f"attachments{{{_ATTACHMENT},subattachments}},{COUNT},reactions.limit(0).summary(true)"
)
COMMENT = (
    "id,message,created_time,from,parent{id},permalink_url,message_tags,is_hidden,like_count,comment_count,"
    f"attachment{{{_ATTACHMENT}}}"
)
MESSAGE = "id,message,created_time,from,to,attachments,sticker,shares"
CONVERSATION = f"id,updated_time,messages.limit(25){{{MESSAGE}}}"
ACCOUNT = "id,name,username,followers_count,picture"

FEED_LIMIT = 100
COMMENT_LIMIT = 100
CONVERSATION_LIMIT = 25
MESSAGE_LIMIT = 100
# Source: developers.facebook.com/docs/graph-api/batch-requests and `ids`: 50 objects in one call, read 2026-09.
IDS_MAX = 50
