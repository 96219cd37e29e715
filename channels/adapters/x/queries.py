"""What we ask X for: fields, expansions and search queries.

Source: X's OpenAPI file 2.167 and docs.x.com "Build a query" (512 characters self-serve, 4,096 Enterprise),
read 2026-08.
"""

from __future__ import annotations

from core.errors import PermanentChannelError

PAGE_SIZE = 100
MENTIONS_WINDOW = 800
OWN_POSTS_WINDOW = 3200
QUERY_MAX = 512
ENTERPRISE_QUERY_MAX = 4096

_USER_FIELDS = "id,name,username,description,profile_image_url,public_metrics,verified,verified_type"
_MEDIA_FIELDS = "media_key,type,url,preview_image_url,alt_text,variants,width,height"

POST_FIELDS = {
    "tweet_fields": (
        "id,text,author_id,created_at,conversation_id,in_reply_to_user_id,referenced_tweets,entities,attachments,"
        "lang,edit_history_tweet_ids,note_tweet,public_metrics,possibly_sensitive"
    ),
    "expansions": "author_id,attachments.media_keys,referenced_tweets.id,referenced_tweets.id.author_id",
    "user_fields": _USER_FIELDS,
    "media_fields": _MEDIA_FIELDS,
}
DM_FIELDS = {
    "dm_event_fields": (
        "id,text,event_type,created_at,dm_conversation_id,sender_id,participant_ids,attachments,entities"
    ),
    "event_types": "MessageCreate",
    "expansions": "sender_id,participant_ids,attachments.media_keys",
    "user_fields": _USER_FIELDS,
    "media_fields": _MEDIA_FIELDS,
}
ME_FIELDS = {"user_fields": _USER_FIELDS}


def brand_words(terms: list[str], *, account: str, enterprise: bool) -> str:
    """A query for posts that say one of the words, by others, reposts left out.

    Each term is a phrase of its own, so that no term can carry an operator.

    Raises: `PermanentChannelError` when the words are too many for one query.
    """
    phrases = [f'"{phrase}"' for term in terms if (phrase := " ".join(term.replace('"', " ").split()))]
    if not phrases:
        raise PermanentChannelError("There are no brand words to search for.", code="no_terms")
    query = f"({' OR '.join(phrases)}) -is:retweet -from:{account}"
    limit = ENTERPRISE_QUERY_MAX if enterprise else QUERY_MAX
    if len(query) > limit:
        raise PermanentChannelError(f"The brand words make a query longer than X's {limit} characters.")
    return query


def naming(handle: str) -> str:
    """A query for posts that name the account, to fill what the mentions timeline no longer holds."""
    return f"@{handle} -is:retweet"
