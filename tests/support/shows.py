"""What stands for the files of finished episodes in tests of feeds, which look at names, sizes and covers alone."""

import datetime
import io

from PIL import Image

NOW = datetime.datetime(2026, 11, 28, 18, 0, tzinfo=datetime.UTC)
SIDECARS = (".chapters.json", ".vtt", ".transcript.json", ".srt", ".cover.jpg", ".html")


def picture(kind="JPEG", mode="RGB", size=(1400, 1400)):
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind)
    return file.getvalue()


JPEG = picture()
CONTENTS = {
    ".chapters.json": b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "One"}]}',
    ".vtt": b"WEBVTT\n",
    ".cover.jpg": JPEG,
}
