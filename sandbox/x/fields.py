"""What a client asked to see: fields and expansions, in the names of tweets or, since 2026, of posts.

Source: docs.x.com/x-api/fundamentals/fields, openapi.json 2.167 (post.fields, referenced_posts); tweepy 4.17 sends
tweet.fields. Both are understood; the answer speaks the language of the question.
"""

from dataclasses import dataclass
from typing import Any

from sandbox.x import problems


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


TWEET_FIELDS = _names(
    "article attachments author_id card_uri community_id context_annotations conversation_id created_at"
    " display_text_range edit_controls edit_history_tweet_ids entities geo id in_reply_to_user_id lang"
    " media_metadata non_public_metrics note_tweet organic_metrics possibly_sensitive promoted_metrics"
    " public_metrics referenced_tweets reply_settings scopes source text username withheld"
)
USER_FIELDS = _names(
    "affiliation confirmed_email connection_status created_at description entities id"
    " is_identity_verified location most_recent_tweet_id name parody pinned_tweet_id profile_banner_url"
    " profile_image_url protected public_metrics receives_your_dm subscription subscription_type url"
    " username verified verified_followers_count verified_type withheld"
)
MEDIA_FIELDS = _names(
    "alt_text duration_ms height media_key non_public_metrics organic_metrics preview_image_url"
    " promoted_metrics public_metrics type url variants width"
)
DM_FIELDS = _names(
    "attachments created_at dm_conversation_id entities event_type id participant_ids referenced_tweets sender_id text"
)
TWEET_EXPANSIONS = _names(
    "article.cover_media article.media_entities attachments.media_keys attachments.media_source_tweet"
    " attachments.poll_ids author_id edit_history_tweet_ids entities.mentions.username geo.place_id"
    " in_reply_to_user_id entities.note.mentions.username referenced_tweets.id"
    " referenced_tweets.id.author_id referenced_tweets.id.attachments.media_keys author_screen_name"
    " username"
)
DM_EXPANSIONS = _names("attachments.media_keys participant_ids referenced_tweets.id sender_id")
USER_EXPANSIONS = _names("affiliation.user_id affiliation most_recent_tweet_id pinned_tweet_id")
# What the posts' language calls differently.
OLD_NAMES = {
    "referenced_posts": "referenced_tweets",
    "edit_history_post_ids": "edit_history_tweet_ids",
    "note_post": "note_tweet",
    "repost_count": "retweet_count",
    "post_count": "tweet_count",
    "pinned_post_id": "pinned_tweet_id",
    "most_recent_post_id": "most_recent_tweet_id",
    "posts": "tweets",
}
NEW_NAMES = {old: new for new, old in OLD_NAMES.items()}
OLD_EXPANSIONS = {
    "referenced_posts": "referenced_tweets.id",
    "edit_history_post_ids": "edit_history_tweet_ids",
    "pinned_post_id": "pinned_tweet_id",
    "most_recent_post_id": "most_recent_tweet_id",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show of each kind of object."""

    tweet: frozenset[str]
    user: frozenset[str]
    media: frozenset[str]
    dm: frozenset[str]
    expansions: frozenset[str]
    in_posts: bool = False

    def speak(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body in the language of the question."""
        return _renamed(body) if self.in_posts else body


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {NEW_NAMES.get(name, name): _renamed(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item) for item in value]
    return value


def wanted(query: dict[str, str], expansions: frozenset[str] = TWEET_EXPANSIONS) -> Wanted:
    """Raises: 400 naming the value that X does not know."""
    asked = _list(query, "expansions")
    in_posts = "post.fields" in query or any(name in OLD_EXPANSIONS for name in asked)
    known = [OLD_EXPANSIONS.get(name, name) for name in asked]
    for given, name in zip(asked, known, strict=True):
        if name not in expansions:
            raise _unknown("expansions", given, expansions)
    tweet_name = "post.fields" if "post.fields" in query else "tweet.fields"
    return Wanted(
        tweet=_fields(query, tweet_name, TWEET_FIELDS) | {"id", "text", "edit_history_tweet_ids"},
        user=_fields(query, "user.fields", USER_FIELDS) | {"id", "name", "username"},
        media=_fields(query, "media.fields", MEDIA_FIELDS) | {"media_key", "type"},
        dm=_fields(query, "dm_event.fields", DM_FIELDS) | {"id", "event_type", "text"},
        expansions=frozenset(known),
        in_posts=in_posts,
    )


def _list(query: dict[str, str], name: str) -> list[str]:
    return [part.strip() for part in query.get(name, "").split(",") if part.strip()]


def _fields(query: dict[str, str], name: str, allowed: frozenset[str]) -> frozenset[str]:
    chosen = [OLD_NAMES.get(part, part) for part in _list(query, name)]
    for part in chosen:
        if part not in allowed:
            raise _unknown(name, part, allowed)
    return frozenset(chosen)


def _unknown(name: str, value: str, allowed: frozenset[str]) -> Exception:
    choices = ",".join(sorted(allowed))
    return problems.invalid(name, value, f"The `{name}` query parameter value [{value}] is not one of [{choices}]")
