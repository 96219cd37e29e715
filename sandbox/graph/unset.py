"""Fields that Graph knows and that nobody has filled in here: answers leave them out, as Graph's do.

Source: developers.facebook.com/docs/graph-api/reference/page, page-post, comment, message, user (read 2026-11).
"""

from sandbox.graph import nodes


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNSET = {
    nodes.PAGE: _words(
        "bio business can_checkin can_post checkins company_overview contact_address cover description"
        " display_subtext emails engagement founded general_info global_brand_page_name global_brand_root_id hours"
        " instagram_business_account is_published is_verified location mission new_like_count overall_star_rating"
        " parent_page phone products rating_count single_line_address start_info talking_about_count"
        " unread_message_count website were_here_count whatsapp_number"
    ),
    nodes.USER: _words("email gender locale middle_name name_format timezone"),
    nodes.POST: _words(
        "actions admin_creator allowed_advertising_objectives application backdated_time call_to_action coordinates"
        " event expanded_height feed_targeting height icon instagram_eligibility is_eligible_for_promotion is_expired"
        " is_popular message_tags parent_id place privacy promotable_id properties scheduled_publish_time shares"
        " sponsor_tags story story_tags subscribed target targeting timeline_visibility video_buying_eligibility via"
        " width with_tags"
    ),
    nodes.COMMENT: _words("admin_creator application live_broadcast_timestamp message_tags"),
    nodes.MESSAGE: _words("generic_templates is_unsupported message_unsend reactions reply_to shares sticker story"),
    nodes.CONVERSATION: _words("folder name subject wallpaper"),
    nodes.PHOTO: _words("album created_time from icon link name picture source updated_time"),
}
