"""Pictures of strangers, decoded and written anew as WebP: a browser gets a picture from us and nothing else."""

from __future__ import annotations

import io
import struct
import warnings
from enum import Enum

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import Invalid

# More pixels than a network shows; what claims more is a decompression bomb.
PIXELS = 25_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
CONTENT_TYPE = "image/webp"
# What Pillow's readers raise for broken content. Source: PIL/ImageFile.py, and fuzzing the four formats.
UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    struct.error,
    Image.DecompressionBombError,
)


class Size(Enum):
    """Longest side in pixels. An avatar is cut to a square."""

    AVATAR = 96
    THUMB = 480
    FULL = 2048


def rewritten(content: bytes, size: Size) -> bytes:
    """The first frame, upright, at most as large as asked for, without metadata.

    Raises: Invalid for what is not a picture, or has too many pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)  # what is odd in a picture of others is no news
            return _rewrite(content, size)
    except (*UNREADABLE, Image.DecompressionBombWarning) as error:
        raise Invalid("This is not a picture that can be shown.") from error


def _rewrite(content: bytes, size: Size) -> bytes:
    with Image.open(io.BytesIO(content), formats=list(FORMATS)) as image:
        if image.width * image.height > PIXELS:
            raise ValueError("too many pixels")
        image.draft("RGB", (size.value, size.value))  # JPEG: decodes no more than is wanted
        small = _fitted(ImageOps.exif_transpose(image), size)
        bare = Image.new(small.mode, small.size)
        bare.paste(small)
        out = io.BytesIO()
        bare.save(out, "WEBP", quality=82, method=2)
        return out.getvalue()


def _fitted(image: Image.Image, size: Size) -> Image.Image:
    solid = image.convert("RGBA" if image.mode in ("RGBA", "LA", "P", "PA") else "RGB")
    if size is Size.AVATAR:
        return ImageOps.fit(solid, (size.value, size.value))
    solid.thumbnail((size.value, size.value))
    return solid
