"""Pictures that are broken on purpose end as a refusal and never as a defect."""

import io

import pytest
from PIL import Image

from channels.adapters.x.capabilities import CAPABILITIES
from core.errors import Invalid
from inbox.services import uploads
from inbox.services.pictures import Size, rewritten


def with_exif(kind: str, tag_type: int) -> bytes:
    """A picture on its side whose notes are of a wrong type."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "x" * 20
    out = io.BytesIO()
    Image.new("RGB", (40, 20)).save(out, kind, exif=exif)
    content = out.getvalue()
    assert b"\x01\x0f\x00\x02" in content
    return content.replace(b"\x01\x0f\x00\x02", bytes([0x01, 0x0F, 0x00, tag_type]))


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_broken_notes_in_a_picture_are_no_defect(kind: str) -> None:
    ends = set()
    for tag_type in range(14):
        content = with_exif(kind, tag_type)
        for read in (
            lambda: rewritten(content, Size.AVATAR),  # noqa: B023 - called at once
            lambda: uploads.prepare([uploads.Given(content)], CAPABILITIES, "public"),  # noqa: B023
        ):
            try:
                ends.add(bool(read()))
            except Invalid:
                ends.add(False)
    assert True in ends


def test_an_animation_that_unfolds_to_gigabytes_is_refused() -> None:
    frames = [Image.new("P", (4000, 4000), number) for number in range(6)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert len(out.getvalue()) < 200_000
    with pytest.raises(Invalid, match="too many pixels"):
        uploads.prepare([uploads.Given(out.getvalue())], CAPABILITIES, "public")


def test_a_private_answer_takes_fewer() -> None:
    two = [uploads.Given(b"-")] * 2
    with pytest.raises(Invalid, match="X takes one picture with a private answer.") as refused:
        uploads.prepare(two, CAPABILITIES, "private")
    assert list(refused.value.fields) == ["media"]
    with pytest.raises(Invalid, match="that can be opened"):
        uploads.prepare(two, CAPABILITIES, "public")
