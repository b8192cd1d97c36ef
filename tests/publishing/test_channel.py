"""``podcast.yaml``: what it may say, what is wrong with it in whose words, and what it says where it is not there."""

import datetime
import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from interview_audio.configuration.lookup import packaged_schema
from interview_audio.errors import ConfigurationError
from interview_audio.files.episode_record import RecordedAbout
from interview_audio.publishing.catalogue import read_catalogue
from interview_audio.publishing.channel import (
    SCHEMA_NAME,
    Category,
    Channel,
    EpisodeEntry,
    Funding,
    Translation,
    apple_categories,
    channel_file,
    completed,
    read_channel,
    unknown_episodes,
    web_address,
)

ALL = """\
title: The Lamp
description: Talks with people who keep a light.
language: en-GB
author: Ada Holm
email: ada@example.org
categories: [Society & Culture > Documentary, technology]
explicit: no
cover: art/cover.png
link: https://example.org/
copyright: 2026 Ada Holm
base_url: https://bücher.example/die%20show/
guid: 917393E3-1B1E-5CEF-ACE4-EDAA54E1F810
new_feed_url: https://example.net/feed.xml
locked: true
block: false
type: serial
feeds: by_language
funding: {url: https://example.org/give, text: Give}
languages: {zh: {title: 灯, description: 与守灯人的访谈。, cover: zh.png}}
episodes:
  talk.en: {title: A, description: B, date: 2026-01-02, season: 1, number: 2, type: bonus, explicit: yes, hide: true}
  talk.zh: {date: 2026-01-02 18:30 +08:00}
"""
MISTAKES = [
    ("tilte: The Lamp", "1:1: unknown setting tilte; did you mean 'title'?"),
    ("name: The Lamp", "1:1: unknown setting name; did you mean 'title'?"),
    ("title:The Lamp", "1:6: a space is missing after the colon; write title: The Lamp"),
    ("title： 灯塔", "1:6: this colon is a full-width one (：); write title: 灯塔"),
    ("- title: The Lamp", "1:1: the file must be a mapping (key: value), not a list; remove the - before each key"),
    (
        "only a text",
        "1:1: this is a text, not settings; they are written as KEY: VALUE, such as title: ...",
    ),
    ("title: A\ntitle: B", "2:1: title is given twice, first in line 1; make it one"),
    ("language: Chinese", "1:11: language: 'Chinese' is not a language; did you mean 'zh'?"),
    (
        "email: Ada <ada@example.org>",
        "1:8: 'Ada <ada@example.org>' is not an address of e-mail; did you mean 'ada@example.org'?",
    ),
    (
        "email: ada at example",
        "1:8: 'ada at example' is not an address of e-mail; write one like ada@example.org",
    ),
    (
        "categories: [History, Documentries]",
        "1:23: 'Documentries' is not a category of Apple Podcasts; did you mean 'Documentary'?",
    ),
    ("categories: []", "1:13: categories is empty; name one, such as Technology"),
    ("explicit: clean", "1:11: explicit must be true or false, not 'clean'; write false"),
    ("type: series", "1:7: type cannot be 'series'; did you mean 'serial'?"),
    (
        "base_url: example.org/show",
        "1:11: base_url: 'example.org/show' is not the address of a web page; did you mean 'https://example.org/show'?",
    ),
    (
        "base_url: https://ada:secret@example.org/",
        "1:11: base_url: an address with a password in it cannot be given to listeners; remove what is before @",
    ),
    (
        "base_url: https://example.org/?a=1",
        "1:11: base_url: 'https://example.org/?a=1' has a ? or # in it, and file names are put after it; leave that out",
    ),
    (
        "link: ftp://example.org",
        "1:7: link: 'ftp://example.org' is not the address of a web page; write one like https://example.org/show/",
    ),
    (
        "guid: 917393e3",
        "1:7: guid must be a UUID, 36 characters long, not '917393e3'; copy the podcast:guid of the feed that you move "
        "here",
    ),
    ("locked: true", "1:9: a show that is locked needs an owner; add email: NAME@HOST"),
    (
        "funding: https://example.org",
        "1:10: funding must be a mapping (key: value), not 'https://example.org'; write funding: {url: "
        "https://example.org}",
    ),
    ("funding: {text: Give}", "1:1: funding has no url; add url: https://..."),
    ("season: 1", "1:1: season does not belong here; put it under episodes, NAME:, indented further"),
    (
        "episodes:\n  talk: {date: 24.12.2026}",
        "2:16: episodes.talk.date must be a date, not '24.12.2026'; did you mean '2026-12-24'?",
    ),
    (
        "episodes:\n  talk: {date: 2026年1月2日}",
        "2:16: episodes.talk.date must be a date, not '2026年1月2日'; did you mean '2026-01-02'?",
    ),
    (
        "episodes:\n  talk: {date: 2026-13-01}",
        "2:16: episodes.talk.date: there is no such day or time as 2026-13-01; correct it",
    ),
    (
        "episodes:\n  talk: {date: tomorrow}",
        "2:16: episodes.talk.date must be a date, not 'tomorrow'; write one like 2024-12-01, or 2024-12-01 18:30 +08:00",
    ),
    (
        "episodes:\n  talk: {number: 0}",
        "2:18: episodes.talk.number must be a whole number from 1 to 1000000, not 0",
    ),
    ("episodes:\n  talk: {episode: 3}", "2:10: unknown setting episodes.talk.episode; did you mean 'number'?"),
    (
        "languages: {zh: {title: 灯}}",
        "1:1: languages says what feeds by language say, and there is one feed; add feeds: by_language",
    ),
    (
        "feeds: by_language\nlanguages: {cn: {title: 灯}}",
        "2:13: 'cn' is not a language, in languages; did you mean 'zh'?",
    ),
]


ROOT = Path(__file__).parents[2]
BLOCKS = [
    pytest.param(block, id=f"{page.name}-{number}")
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL))
    if block.startswith("# podcast.yaml")
]


@pytest.fixture(scope="session")
def complaints():
    """What an editor says of a ``podcast.yaml``, in which it takes dates for texts, as YAML 1.2 does."""
    validator = jsonschema.Draft202012Validator(json.loads(packaged_schema(SCHEMA_NAME).read_text("utf-8")))

    class Loader(yaml.SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {
        first: [(tag, form) for tag, form in some if not tag.endswith("timestamp")]
        for first, some in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return lambda text: [error.message for error in validator.iter_errors(yaml.load(text, Loader))]


def channel_of(folder, text):
    (folder / "podcast.yaml").write_text(text, "utf-8")
    return read_channel(folder)


def test_all_that_the_file_may_say_is_read(tmp_path, complaints):
    assert channel_of(tmp_path, ALL) == Channel(
        title="The Lamp",
        description="Talks with people who keep a light.",
        language="en-GB",
        author="Ada Holm",
        email="ada@example.org",
        categories=(Category("Society & Culture", "Documentary"), Category("Technology")),
        explicit=False,
        cover=tmp_path / "art/cover.png",
        link="https://example.org/",
        copyright="2026 Ada Holm",
        base_url="https://xn--bcher-kva.example/die%20show/",
        guid="917393e3-1b1e-5cef-ace4-edaa54e1f810",
        new_feed_url="https://example.net/feed.xml",
        locked=True,
        block=False,
        type="serial",
        feeds="by_language",
        funding=Funding("https://example.org/give", "Give"),
        languages={"zh": Translation("灯", "与守灯人的访谈。", cover=tmp_path / "zh.png")},
        episodes={
            "talk.en": EpisodeEntry(
                "A",
                "B",
                datetime.datetime(2026, 1, 2, 12, tzinfo=datetime.UTC),
                1,
                2,
                "bonus",
                explicit=True,
                hide=True,
            ),
            "talk.zh": EpisodeEntry(
                date=datetime.datetime(2026, 1, 2, 18, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
            ),
        },
    )


@pytest.mark.parametrize(("text", "message"), MISTAKES, ids=[text for text, _ in MISTAKES])
def test_a_mistake_has_its_place_and_what_to_write(tmp_path, text, message):
    with pytest.raises(ConfigurationError, match=f"^{re.escape(f'{tmp_path}/podcast.yaml:{message}')}$"):
        channel_of(tmp_path, text)


def test_the_schema_takes_what_is_read(complaints):
    assert complaints(ALL.replace("technology", "Technology")) == []


@pytest.mark.parametrize(
    "text",
    [
        text
        for text, message in MISTAKES
        if not re.search(
            "password|has a [?]|locked|funding has|categories is|no such day|languages says|twice", message
        )
        and not text.startswith("title")
        and "ftp" not in text
    ],
)
def test_the_schema_refuses_what_is_not(text, complaints):
    assert complaints(text)


def test_the_file_in_the_folder_wins_over_the_one_here_and_a_given_one_over_both(tmp_path):
    folder, other = tmp_path / "out", tmp_path / "other.yaml"
    folder.mkdir()
    assert read_channel(folder) == Channel()
    Path("podcast.yaml").write_text("title: Here\n")
    assert read_channel(folder).title == "Here"
    (folder / "podcast.yaml").write_text("title: There\n")
    assert read_channel(folder).title == "There"
    other.write_text("title: Other\n")
    assert read_channel(folder, other).title == "Other"


@pytest.mark.parametrize("block", BLOCKS)
def test_the_files_in_the_documentation_are_read(tmp_path, block, complaints):
    assert channel_of(tmp_path, block) != Channel()
    assert complaints(block) == []


def test_an_empty_file_says_nothing(tmp_path):
    assert channel_of(tmp_path, "# nothing yet\n") == Channel()


def test_an_entry_about_no_episode_is_named_with_its_place(show):
    channel = channel_of(show, "episodes:\n  lamp.em: {hide: true}\n")
    assert [*unknown_episodes(channel, read_catalogue(show))] == [
        f"{show}/podcast.yaml:2:3: there is no episode lamp.em in {show}; did you mean 'lamp.en'?"
    ]


def test_what_is_not_said_comes_from_the_episodes(show):
    channel = completed(Channel(), read_catalogue(show))
    assert (channel.title, channel.language, channel.author) == ("The Lamp", "en", "The Lamp")
    assert channel.description == "The Lamp: interviews with Ida Holm and 林默老师."


def test_a_folder_called_output_gives_no_show_its_name(add, tmp_path):
    folder = add("a", about=RecordedAbout(None, None, ""))
    assert folder.name == "out"
    assert completed(Channel(), read_catalogue(folder)).title == tmp_path.name


def test_the_file_to_fill_in_is_read_and_changes_nothing(show, complaints):
    catalogue = read_catalogue(show)
    before = completed(Channel(base_url="https://example.org/"), catalogue)
    text = channel_file(Channel(base_url="https://example.org/"), catalogue)
    assert completed(channel_of(show, text), catalogue) == before
    uncommented = re.sub("^# (?=[a-z_]+:( |$)|  )", "", text, flags=re.MULTILINE)
    channel = channel_of(show, uncommented)
    assert (channel.email, channel.feeds, sorted(channel.episodes)) == (
        "you@example.org",
        "by_language",
        ["lamp.en", "ta.zh"],
    )
    assert complaints(uncommented) == []


def test_apple_has_nineteen_categories():
    assert len(apple_categories()) == 19
    assert apple_categories()["True Crime"] == ()
    assert "Documentary" in apple_categories()["Society & Culture"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org", "https://example.org/"),
        (" http://EXAMPLE.org:8080/a%20b ", "http://example.org:8080/a%20b/"),
        ("https://例子.example/灯/", "https://xn--fsqu00a.example/%E7%81%AF/"),
        ("http://[::1]:80/x/", "http://[::1]:80/x/"),
    ],
)
def test_an_address_becomes_ascii_and_that_of_a_folder(text, address):
    assert web_address(text, is_folder=True) == address


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("https://exa mple.org/", "has a space in it"),
        ('https://exa"mple.org/', "has no host name that exists"),
        ("https://example.org:99999/", "is not the address of a web page"),
    ],
)
def test_an_address_without_a_host_that_can_be_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        web_address(text)


def test_an_address_keeps_the_moment_that_it_leads_to():
    assert web_address("https://example.org/a%20b.html#t=1,5") == "https://example.org/a%20b.html#t=1,5"
