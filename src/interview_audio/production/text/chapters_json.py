"""Writes the chapters for podcast apps that read them beside the sound: Podcasting 2.0 JSON chapters, version 1.2."""

import json

from interview_audio.production.timeline import Timeline


def format_chapters(title: str, timeline: Timeline) -> str:
    """The ``.chapters.json`` of an episode, with the same chapters and milliseconds as its tag."""
    chapters = [
        {
            "startTime": timeline.seconds(chapter.start),
            "endTime": timeline.seconds(chapter.end),
            "title": chapter.title,
        }
        for chapter in timeline.chapters
    ]
    content = {"version": "1.2.0", "title": title, "chapters": chapters}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
