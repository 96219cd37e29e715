"""Every kind of object with the fields that it shows."""

from sandbox.graph import nodes
from sandbox.graph.render import Makers
from sandbox.graph.shown_accounts import PAGE, USER
from sandbox.graph.shown_posts import COMMENT, POST
from sandbox.graph.shown_talks import CONVERSATION, MESSAGE, PHOTO

MAKERS: dict[str, Makers] = {
    nodes.PAGE: PAGE,
    nodes.USER: USER,
    nodes.POST: POST,
    nodes.COMMENT: COMMENT,
    nodes.MESSAGE: MESSAGE,
    nodes.CONVERSATION: CONVERSATION,
    nodes.PHOTO: PHOTO,
}
