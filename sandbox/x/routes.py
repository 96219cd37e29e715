"""All endpoints of X that the sandbox has."""

from sandbox.limits import DAY, Limit
from sandbox.x import dms, media, timelines, tweets, users
from sandbox.x.endpoint import ANYONE, Endpoint

# Calls per 15 minutes unless a length is given.
# Source of each: docs.x.com/x-api/fundamentals/rate-limits, read 2026-11.
_SMALL = (Limit(15),)
_DM_SEND = (Limit(15), Limit(1440, DAY))
_UPLOAD = (Limit(1875),)

ENDPOINTS = [
    Endpoint("GET", "/2/users/me", users.me, user=(Limit(75),)),
    Endpoint("GET", "/2/users/by", users.by_usernames, ANYONE, (Limit(900),), (Limit(300),)),
    Endpoint("GET", "/2/users/by/username/{username}", users.by_username, ANYONE, (Limit(900),), (Limit(300),)),
    Endpoint("GET", "/2/users/{id}/mentions", timelines.mentions, ANYONE, (Limit(300),), (Limit(450),)),
    Endpoint("GET", "/2/users/{id}/tweets", timelines.own_timeline, ANYONE, (Limit(900),), (Limit(10_000),)),
    Endpoint("POST", "/2/users/{id}/likes", tweets.like, user=(Limit(50), Limit(1000, DAY))),
    Endpoint("DELETE", "/2/users/{id}/likes/{tweet_id}", tweets.unlike, user=(Limit(50), Limit(1000, DAY))),
    Endpoint("GET", "/2/users/{id}", users.by_id, ANYONE, (Limit(900),), (Limit(300),)),
    Endpoint("GET", "/2/users", users.by_ids, ANYONE, (Limit(900),), (Limit(300),)),
    Endpoint("GET", "/2/tweets/search/recent", timelines.search_recent, ANYONE, (Limit(300),), (Limit(450),)),
    Endpoint("POST", "/2/tweets", tweets.create, user=(Limit(100),), app=(Limit(10_000, DAY),), status=201),
    Endpoint("GET", "/2/tweets", tweets.look_up, ANYONE, (Limit(5000),), (Limit(3500),)),
    Endpoint("PUT", "/2/tweets/{id}/hidden", tweets.hide, user=(Limit(50),)),
    Endpoint("GET", "/2/tweets/{id}", tweets.look_up_one, ANYONE, (Limit(900),), (Limit(450),)),
    Endpoint("DELETE", "/2/tweets/{id}", tweets.remove, user=(Limit(50),)),
    Endpoint("GET", "/2/dm_events", dms.events, user=_SMALL),
    Endpoint("GET", "/2/dm_events/{event_id}", dms.event, user=_SMALL),
    Endpoint("GET", "/2/dm_conversations/with/{participant_id}/dm_events", dms.events_with, user=_SMALL),
    Endpoint("GET", "/2/dm_conversations/{id}/dm_events", dms.events_of, user=_SMALL),
    Endpoint(
        "POST",
        "/2/dm_conversations/with/{participant_id}/messages",
        dms.send_to,
        user=_DM_SEND,
        app=(Limit(1440, DAY),),
        status=201,
    ),
    Endpoint(
        "POST",
        "/2/dm_conversations/{id}/messages",
        dms.send_in,
        user=_DM_SEND,
        app=(Limit(1440, DAY),),
        status=201,
    ),
    Endpoint("POST", "/2/media/upload", media.upload, user=(Limit(500),)),
    Endpoint("GET", "/2/media/upload", media.status, user=(Limit(1000),)),
    Endpoint("POST", "/2/media/upload/initialize", media.initialize, user=_UPLOAD),
    Endpoint("POST", "/2/media/upload/{id}/append", media.append, user=_UPLOAD),
    Endpoint("POST", "/2/media/upload/{id}/finalize", media.finalize, user=_UPLOAD),
    Endpoint("POST", "/2/media/metadata", media.describe, user=(Limit(500),)),
    # Source: tweepy 4.17 speaks v1.1 here; the limits are those of /2/media/upload.
    Endpoint("POST", "/1.1/media/upload.json", media.upload_v1, user=(Limit(500),)),
    Endpoint("GET", "/1.1/media/upload.json", media.upload_v1, user=(Limit(1000),)),
]
