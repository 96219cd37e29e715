"""Pictures that the sandbox draws or reads: avatars of initials, stand-ins for media, the size of uploads."""

import hashlib
import io

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

MIMES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}


def size_of(content: bytes) -> tuple[str, int, int] | None:
    """MIME type, width and height; None when it is no picture of a kind that the networks take."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            mime = MIMES.get(picture.format or "")
            return (mime, picture.width, picture.height) if mime else None
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None


def initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


def tint(seed: str) -> tuple[int, int, int]:
    """A calm colour that stays the same for the same seed."""
    digest = hashlib.sha256(seed.encode()).digest()
    return (70 + digest[0] % 110, 70 + digest[1] % 110, 90 + digest[2] % 110)


def avatar(name: str, seed: str, *, side: int = 96, form: str = "PNG") -> bytes:
    picture = Image.new("RGB", (side, side), tint(seed))
    font = ImageFont.load_default(side * 0.42)
    ImageDraw.Draw(picture).text((side / 2, side / 2), initials(name), "white", font=font, anchor="mm")
    return _written(picture, form)


def stand_in(seed: str, caption: str, *, width: int = 800, height: int = 450) -> bytes:
    """A drawn JPEG in the place of a photo that exists only by name."""
    picture = Image.new("RGB", (width, height), tint(seed))
    draw = ImageDraw.Draw(picture)
    for step in range(-height, width, 60):
        draw.line([(step, height), (step + height, 0)], fill=tint(seed[::-1]), width=24)
    font = ImageFont.load_default(28)
    draw.text((width / 2, height / 2), caption[:40], "white", font=font, anchor="mm")
    return _written(picture, "JPEG")


def _written(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()
