"""What a file is, its content says: photos, recordings and plain text are taken, whatever they are called; nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolangue.sessions import file_types
from duolangue.sessions.domain.homework import FileRefused, Form

REST = bytes(300)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + REST
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + REST
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + REST
OPUS = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x02" + REST
M4A = b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00M4A mp42isom" + REST
THREE_GP = b"\x00\x00\x00\x18ftyp3gp4\x00\x00\x00\x00isom3gp4" + REST
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + REST


@pytest.mark.parametrize(
    ("content", "said", "form", "kind"),
    [
        (JPEG, "image/jpeg", Form.PHOTO, "image/jpeg"),
        (PNG, "image/png", Form.PHOTO, "image/png"),
        (PNG, "image/jpeg", Form.PHOTO, "image/png"),
        (JPEG, "", Form.PHOTO, "image/jpeg"),
        (JPEG, "application/octet-stream", Form.PHOTO, "image/jpeg"),
        (OPUS, "audio/ogg", Form.AUDIO, "audio/ogg"),
        (OPUS, "video/ogg", Form.AUDIO, "audio/ogg"),
        (M4A, "audio/x-m4a", Form.AUDIO, "audio/mp4"),
        (b"ID3\x03" + REST, "audio/mpeg", Form.AUDIO, "audio/mpeg"),
        (b"#!AMR\n" + REST, "audio/amr", Form.AUDIO, "audio/amr"),
        (THREE_GP, "audio/3gpp", Form.AUDIO, "audio/mp4"),
        ("Je m’appelle Ali.\nJ’habite à Liège.".encode(), "text/plain", Form.TEXT, "text/plain"),
        ("أنا أسكن في لييج".encode(), "text/plain", Form.TEXT, "text/plain"),
        (b"\xef\xbb\xbfBonjour", "", Form.TEXT, "text/plain"),
    ],
)
def test_photos_recordings_and_text_are_known_by_their_content(
    content: bytes, said: str, form: Form, kind: str
) -> None:
    assert file_types.examined(content, said) == (form, kind)
    assert file_types.ending(kind)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "image/jpeg"),
        (b"MZ\x90\x00" + REST, "image/jpeg"),
        (b"PK\x03\x04\x14\x00" + REST, "image/jpeg"),
        (b"%PDF-1.7\n" + REST, "application/pdf"),
        (b"GIF89a/*<script>" + REST, "image/gif"),
        (MP4, "video/mp4"),
        (HEIC, "image/heic"),
        (JPEG, "audio/ogg"),
        (OPUS, "image/png"),
        (JPEG, "application/pdf"),
        (PNG, "application/msword"),
        (b"Bonjour", "application/zip"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "text/plain"),
        (b"  \n<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/svg+xml"),
        (b"<?xml version='1.0'?><svg/>", "text/plain"),
        (b"Bonjour\x00\x01", "text/plain"),
        (b"\xff\xfe\x00B", "text/plain"),
        (b"Bonjour", "image/jpeg"),
    ],
)
def test_anything_else_or_what_it_is_not_said_to_be_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(FileRefused):
        file_types.examined(content, said)


@given(st.binary(max_size=400), st.sampled_from(["", "image/png", "audio/ogg", "text/plain", "text/html", "x"]))
def test_no_bytes_make_it_fail_otherwise_and_none_become_markup(content: bytes, said: str) -> None:
    try:
        _, kind = file_types.examined(content, said)
    except FileRefused:
        return
    assert kind.partition("/")[0] in {"image", "audio"} or kind == "text/plain"


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=3000).filter(
        lambda text: text[0].isalpha()
    )
)
def test_a_text_of_any_script_is_a_text_wherever_it_is_cut(text: str) -> None:
    content = (text * (file_types.SEEN // len(text.encode()) + 1)).encode()[: file_types.SEEN]
    assert file_types.examined(content, "text/plain") == (Form.TEXT, "text/plain")
