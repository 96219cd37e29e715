"""Pictures that go out with an answer: decoded and written anew, so that nothing hidden in a file leaves the house."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageOps, ImageSequence

from channels.contracts import Capabilities
from core.errors import Invalid
from inbox.services.pictures import UNREADABLE

# More pixels than any network takes; what claims more is a decompression bomb.
PIXELS = 40_000_000
FRAMES = 200
# All frames of an animation together: each is held as four bytes a pixel until it is written.
ANIMATION_PIXELS = 75_000_000
ALT_LIMIT = 1000
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
REFUSED = "Attach a picture that can be opened: JPEG, PNG, WebP or GIF."


@dataclass(frozen=True, slots=True)
class Given:
    """A file as the agent gave it; its own name and type are not believed."""

    content: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A file as it will leave."""

    content: bytes
    content_type: str
    alt: str


def prepare(given: Sequence[Given], allowed: Capabilities, visibility: str) -> list[Picture]:
    """The pictures, written anew without their metadata.

    Raises: Invalid (`media`) for too many, too large or unreadable ones and for types that the network refuses.
    """
    if len(given) > allowed.files_max(visibility):
        raise _invalid(_too_many(allowed, visibility))
    return [_prepare(one, allowed) for one in given]


def _prepare(given: Given, allowed: Capabilities) -> Picture:
    if len(given.content) > 2 * allowed.media_bytes:
        raise _too_large(allowed)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)  # what is odd in a picture of others is no news
            picture = _rewrite(given)
    except UNREADABLE as error:
        raise _invalid(REFUSED) from error
    except Image.DecompressionBombWarning as error:
        raise _invalid("A picture has too many pixels.") from error
    if picture.content_type not in allowed.media_types:
        raise _invalid(f"{allowed.label} does not take pictures of this type.")
    if len(picture.content) > allowed.media_bytes:
        raise _too_large(allowed)
    return picture


def _rewrite(given: Given) -> Picture:
    with Image.open(io.BytesIO(given.content), formats=list(FORMATS)) as image:
        kind = image.format or ""
        if image.width * image.height > PIXELS:
            raise _invalid("A picture has too many pixels.")
        content = _animation(image) if kind == "GIF" else _still(image, kind)
    return Picture(content, FORMATS[kind], given.alt.strip()[:ALT_LIMIT])


def _still(image: Image.Image, kind: str) -> bytes:
    upright = ImageOps.exif_transpose(image)
    if kind == "JPEG" and upright.mode not in ("L", "RGB"):
        upright = upright.convert("RGB")
    bare = Image.new(upright.mode, upright.size)
    if upright.mode == "P":
        upright = upright.convert("RGBA")
        bare = Image.new("RGBA", upright.size)
    bare.paste(upright)
    out = io.BytesIO()
    bare.save(out, kind, **({"quality": 90} if kind in ("JPEG", "WEBP") else {}))
    return out.getvalue()


def _animation(image: Image.Image) -> bytes:
    frames: list[Image.Image] = []
    for frame in ImageSequence.Iterator(image):
        if len(frames) == FRAMES:
            raise _invalid(f"An animation has more than {FRAMES} frames.")
        if (len(frames) + 1) * frame.width * frame.height > ANIMATION_PIXELS:
            raise _invalid("An animation has too many pixels.")
        frames.append(frame.convert("RGBA"))
    out = io.BytesIO()
    timing = {"duration": image.info.get("duration", 100), "loop": 0} if len(frames) > 1 else {}
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], **timing)
    return out.getvalue()


def _too_many(allowed: Capabilities, visibility: str) -> str:
    most = allowed.files_max(visibility)
    if not most:
        return f"{allowed.label} takes no pictures with an answer."
    if most == 1:
        return f"{allowed.label} takes one picture with a {visibility} answer."
    return f"{allowed.label} takes at most {most} pictures."


def _too_large(allowed: Capabilities) -> Invalid:
    return _invalid(f"A picture is larger than {allowed.media_bytes // 1024 // 1024} MB.")


def _invalid(message: str) -> Invalid:
    return Invalid(message, fields={"media": message})
