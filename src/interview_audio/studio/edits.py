"""The actions of the page: what each changes in the text of the script file and of ``voices.yaml``.

Words and who says them go into the script file, which the first of these actions writes as ``script`` does, but
without voices: those, and everything about how it sounds, have their home in ``voices.yaml``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from interview_audio.configuration.documents import to_yaml
from interview_audio.configuration.lookup import DEFAULT_NAME
from interview_audio.configuration.settings import Place
from interview_audio.configuration.yaml_edits import (
    ListedItems,
    ListItem,
    YamlEditError,
    has_value,
    listed_items,
    new_item,
    remove_value,
    set_value,
)
from interview_audio.errors import UsageError
from interview_audio.files.input_files import InputFileError, named_file
from interview_audio.rendering.job import RenderJob
from interview_audio.script.building import spoken_turns
from interview_audio.script.casting import HOST, possible_names, settings_entry
from interview_audio.script.lines import NARRATOR
from interview_audio.script.script_file import SCRIPT_FILE_HEADER, notes_on_turns, script_for_editing
from interview_audio.script.takes import MOST_TAKES
from interview_audio.studio.project import Change, Project
from interview_audio.text.characters import has_han
from interview_audio.transcript.layout.speech_marks import read_marks, write_marks
from interview_audio.transcript.turns import Gender, Kind, Role, Turn

_CHANGEABLE = ("pauses", "chapters", "read")
"""Groups of settings all of which the page may set."""
_CHANGEABLE_KEYS = (
    ("sound", "loudness"),
    ("sound", "intro"),
    ("sound", "outro"),
    ("sound", "sting"),
    ("sound", "bed"),
    ("show", "title"),
    ("engine",),
)
"""And single ones."""
_MUSIC = ("intro", "outro", "sting", "bed")
_TUNES = ("rate", "pitch", "volume", "pause_after")
_NEW_SETTINGS = "# What is not said here has a default. The studio writes this file; change it as you like.\n"
_NOTES = ("# inferred:", "# guessed:", "# not read:")
"""How the comments begin that ``script`` writes above a turn: what somebody has corrected is none of these any more."""
_NOT_IN_THIS_FORM = (
    "is not written as `interview-audio script` writes it, so that the studio cannot change it; change it in an editor"
)
Body = Mapping[str, Any]
"""What the page sends with an action."""
Changes = Mapping[Path, bytes]


def change_of(body: Body) -> Change:
    """Return what an action does to the files of a project.

    Args:
        body: The action's name under ``action``, and what it needs.

    Raises:
        UsageError: There is no such action.
    """
    action = _ACTIONS.get(str(body.get("action")))
    if action is None:
        raise UsageError(f"there is no action {body.get('action')!r}; the actions are {', '.join(_ACTIONS)}")
    return lambda project: (
        action(project, body),
        replace(project.options, engine=None) if _chooses_engine(project, body) else project.options,
    )


def _chooses_engine(project: Project, body: Body) -> bool:
    """Tell whether an action names an engine over which that of the command line, which is for everybody, would win."""
    if body["action"] == "setting":
        return body.get("path") == ["engine"]
    given = project.options.engine
    return body["action"] == "voice" and given is not None and body.get("voice") is not None and body["engine"] != given


def text_of(body: Body, key: str, default: str | None = None) -> str:
    """Return a text that the page sent; raise ``UsageError`` where there is none."""
    value = body.get(key, default)
    if not isinstance(value, str) or (not value.strip() and default is None):
        raise UsageError(f"{key}: a text is missing")
    return value.strip()


def _name(body: Body, key: str) -> str:
    """Return a name, on one line."""
    return " ".join(text_of(body, key).split())


def _one_of(body: Body, key: str, words: Sequence[str]) -> str:
    word = text_of(body, key)
    if word not in words:
        raise UsageError(f"{key}: must be one of {', '.join(words)}, not {word!r}")
    return word


class _File:
    """The text of a file in UTF-8, without what its bytes have around it: a mark at the beginning, carriage returns."""

    def __init__(self, path: Path, content: bytes) -> None:
        self._path = path
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise YamlEditError(f"{path.name} is not UTF-8 text; save it as UTF-8") from error
        self._has_mark = content.startswith(b"\xef\xbb\xbf")
        self._line_end = "\r\n" if "\r\n" in text else "\n"
        self.text = text.replace("\r\n", "\n")

    def changed(self, text: str) -> Changes:
        """Return the file with another text, in the form that it had."""
        content = text.replace("\n", self._line_end).encode()
        return {self._path: b"\xef\xbb\xbf" + content if self._has_mark else content}


class _ScriptFile:
    """The script file as text, cut into its turns; the one that would be written where there is none yet."""

    def __init__(self, project: Project) -> None:
        job = project.snapshot.job
        content = project.content(project.script_path) if project.has_script else None
        self._file = _File(project.script_path, new_script(job).encode() if content is None else content)
        listed = listed_items(self._file.text, "turns")
        if listed is None or len(listed.items) != len(job.transcript.turns):
            raise YamlEditError(f"{project.script_path.name} {_NOT_IN_THIS_FORM}")
        self.turns: ListedItems = listed

    def with_turns(self, turns: ListedItems) -> Changes:
        """Return the change that puts these turns in place of the old ones."""
        return self._file.changed(turns.text)

    def with_turn(self, index: int, *items: ListItem) -> Changes:
        """Return the change that puts these turns in place of one."""
        return self.with_turns(self.turns.with_item(index, *items))


def new_script(job: RenderJob) -> str:
    """Return the script file of a job as ``script`` writes it, but for engine and voices: settings say those."""
    transcript = job.transcript
    document = script_for_editing(transcript, (), job.engine.name)
    places = {id(turn): index for index, turn in enumerate(transcript.turns)}
    read = {places[id(turn)] for turn in spoken_turns(transcript, job.settings)}
    people = [{key: value for key, value in person.items() if key != "voices"} for person in document["speakers"]]
    plain = {key: value for key, value in document.items() if key not in ("engine", "cast")} | {"speakers": people}
    return to_yaml(plain, SCRIPT_FILE_HEADER, notes_on_turns(transcript, read))


def _corrected(item: ListItem) -> ListItem:
    """Return a turn without the doubts about it: somebody has looked at it."""
    above = "".join(line for line in item.above.splitlines(keepends=True) if not _is_note(line))
    item = replace(item, above=above)
    origin = item.data.get("at")
    holder = item
    if isinstance(origin, Mapping) and {"confidence", "reason"} & origin.keys():
        kept = {
            key: _number(value) if key in ("line", "source") else value
            for key, value in origin.items()
            if key not in ("confidence", "reason")
        }
        holder = item.set("at", kept or None)
    for key in ("confidence", "reason"):
        if key in holder.data:
            holder = holder.set(key, None)
    return holder


def _is_note(line: str) -> bool:
    return line.strip().startswith(_NOTES)


def _number(value: Any) -> Any:
    """Return a line or a source as the number that it is."""
    if isinstance(value, list):
        return [_number(one) for one in value]
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _speaker(project: Project, body: Body) -> Changes:
    """Let somebody else say a turn, or nobody: then the narrator reads it."""
    index, script = project.snapshot.index_of(body.get("turn")), _ScriptFile(project)
    speaker = None if body.get("speaker") is None else _name(body, "speaker")
    item = _corrected(script.turns.items[index])
    if speaker == NARRATOR and not any(one.name == NARRATOR for one in project.snapshot.job.transcript.speakers):
        speaker = None
    return script.with_turn(index, item.set("kind", None).set("speaker", speaker))


def _kind(project: Project, body: Body) -> Changes:
    """Say what a turn is; speech is said by whoever spoke before, unless the page says who."""
    snapshot, script = project.snapshot, _ScriptFile(project)
    index = snapshot.index_of(body.get("turn"))
    kind = _one_of(body, "kind", get_args(Kind))
    item = _corrected(script.turns.items[index])
    if kind == "speech":
        given = _name(body, "speaker") if body.get("speaker") else snapshot.turn(index).speaker
        return script.with_turn(
            index, item.set("kind", None).set("speaker", given or _speaker_near(snapshot.job, index))
        )
    item = item.set("speaker", None)
    return script.with_turn(index, item.set("kind", None if kind == "narration" else kind))


def _speaker_near(job: RenderJob, index: int) -> str:
    turns = job.transcript.turns
    near = (turn.speaker for turn in (*reversed(turns[:index]), *turns[index + 1 :]) if turn.speaker)
    speaker = next(near, None)
    if speaker is None:
        raise UsageError("speaker: say who speaks; nobody does in this text yet")
    return speaker


def _text(project: Project, body: Body) -> Changes:
    """Change the words of a turn, marks among them."""
    snapshot, script = project.snapshot, _ScriptFile(project)
    index = snapshot.index_of(body.get("turn"))
    text = text_of(body, "text")
    if text == written_text(snapshot.turn(index)):
        return {}
    item = script.turns.items[index].set("text", text).set("takes", None)
    turns = script.turns.with_item(index, item)
    if snapshot.turn(index).is_title and has_value(turns.head, ("title",)):
        # It is the title because it says the same as the document's.
        head = set_value(_without_turns(turns.head), ("title",), read_marks(text)[0])
        turns = replace(turns, head=head + _turns_key(turns.head))
    return script.with_turns(turns)


def _without_turns(head: str) -> str:
    return head[: head.rstrip("\n").rfind("\n") + 1]


def _turns_key(head: str) -> str:
    return head[head.rstrip("\n").rfind("\n") + 1 :]


def written_text(turn: Turn) -> str:
    """Return a turn's words with its marks, as a script file has them."""
    return write_marks(turn.text, turn.marks)


def _refuse_recordings(*turns: Turn) -> None:
    if any(turn.recording for turn in turns):
        raise UsageError("this turn is a recording, of which each part has its own start and end: see the script file")


def _split(project: Project, body: Body) -> Changes:
    """Make two turns of one."""
    snapshot, script = project.snapshot, _ScriptFile(project)
    index = snapshot.index_of(body.get("turn"))
    _refuse_recordings(snapshot.turn(index))
    text, at = written_text(snapshot.turn(index)), body.get("at")
    if not isinstance(at, int) or isinstance(at, bool) or not text[:at].strip() or not text[at:].strip() or at < 0:
        raise UsageError("at: nothing would be left of one of the two turns; split between two words")
    first = script.turns.items[index].set("takes", None)
    second = replace(first.set("text", text[at:].strip()), above="\n")
    line = snapshot.turn(index).line
    second = second.set("at", {"line": line} if line else None)
    if body.get("speaker") is not None:
        second = second.set("kind", None).set("speaker", _name(body, "speaker"))
    first = first.set("text", text[:at].strip()).set("pause_after", None)  # which is behind the last word
    return script.with_turn(index, first, second)


def _join(project: Project, body: Body) -> Changes:
    """Make one turn of one and the next, which the same person says."""
    snapshot, script = project.snapshot, _ScriptFile(project)
    index = snapshot.index_of(body.get("turn"))
    turns, items = snapshot.job.transcript.turns, script.turns.items
    if index + 1 == len(turns):
        raise UsageError("this is the last turn; there is nothing to join it with")
    one, other = turns[index], turns[index + 1]
    _refuse_recordings(one, other)
    if (one.speaker, one.kind) != (other.speaker, other.kind):
        raise UsageError("the next turn is said by somebody else, or is of another kind; change that first")
    before, after = written_text(one).rstrip(), written_text(other).lstrip()
    space = "" if has_han(before[-1:] + after[:1]) else " "
    joined = items[index].set("takes", None).set("text", f"{before}{space}{after}")
    comments = [line for line in items[index + 1].above.splitlines(keepends=True) if "#" in line and not _is_note(line)]
    joined = replace(joined, above=joined.above + "".join(comments))
    return script.with_turns(replace(script.turns, items=(*items[:index], joined, *items[index + 2 :])))


def _take(project: Project, body: Body) -> Changes:
    """Choose the take in which a line is heard."""
    snapshot, script = project.snapshot, _ScriptFile(project)
    line, take = snapshot.lines.get(str(body.get("line"))), body.get("take")
    if line is None:
        raise UsageError("there is no such line any more; look again")
    if line.is_announced:
        raise UsageError("the show says this line, which has no turn in the script file to name a take of it")
    if not isinstance(take, int) or isinstance(take, bool) or not 1 <= take <= MOST_TAKES:
        raise UsageError(f"take: must be from 1 to {MOST_TAKES}")
    of_turn = [other for other in snapshot.job.script.lines if other.turn == line.turn]
    takes = [take if other is line else other.take for other in of_turn]
    item = script.turns.items[line.turn].set("takes", takes)
    return script.with_turn(line.turn, item)


def _person(project: Project, body: Body) -> Changes:
    """Change somebody's name, role, gender or aliases in the script file."""
    job, script = project.snapshot.job, _ScriptFile(project)
    name = text_of(body, "name")
    head = listed_items(_without_turns(script.turns.head), "speakers")
    if head is None:
        raise YamlEditError(f"{project.script_path.name} {_NOT_IN_THIS_FORM}")
    place = next((index for index, item in enumerate(head.items) if item.data.get("name") == name), None)
    if place is None:  # somebody whom a turn names and no list, or somebody new
        place = len(head.items)
        head = replace(head, items=(*head.items, new_item({"name": name}, head.items[0].column)))
    item, turns = head.items[place], script.turns
    if "role" in body:
        item = item.set("role", _one_of(body, "role", get_args(Role)))
    changed: dict[Path, bytes] = {}
    if "gender" in body:
        gender = _one_of(body, "gender", get_args(Gender))
        item = item.set("gender", gender).set("gender_reason", None)
        changed |= _in_settings(project, name, gender)
    if "aliases" in body:
        item = item.set("aliases", _names(body["aliases"]) or None)
    new_name = _name(body, "new_name") if body.get("new_name") else name
    if new_name == name:
        head = head.with_item(place, item)
    else:
        head = _renamed(head, place, item, new_name, job)
        turns = replace(turns, items=tuple(turn.renamed("speaker", name, new_name) for turn in turns.items))
    return changed | dict(script.with_turns(replace(turns, head=head.text + _turns_key(script.turns.head))))


def _in_settings(project: Project, name: str, gender: str) -> Changes:
    """Change a gender that the settings say, which would win over the script file's; nothing where they say none."""
    job = project.snapshot.job
    if all(person.name != name for person in job.transcript.speakers):
        return {}
    entry = job.settings.speakers.get(entry_name(job, name))
    if entry is None or entry.gender == "unknown":
        return {}
    return _settings(project, lambda text: set_value(text, ("speakers", entry.name, "gender"), gender))


def _names(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        raise UsageError("aliases: must be a list of names")
    return [" ".join(name.split()) for name in value]


def _renamed(people: ListedItems, place: int, item: ListItem, new_name: str, job: RenderJob) -> ListedItems:
    """Give somebody another name; if somebody else has it, the two are one person."""
    name = str(item.data["name"])
    aliases = [*_listed(item.data.get("aliases"))]
    aliases += _known_by(job, name, new_name, aliases)
    other = next((index for index, one in enumerate(people.items) if one.data.get("name") == new_name), None)
    if other is None:
        return people.with_item(place, item.set("name", new_name).set("aliases", aliases or None))
    known = people.items[other]
    both = list(dict.fromkeys([*_listed(known.data.get("aliases")), *aliases]))
    people = people.with_item(other, known.set("aliases", both or None))
    return people.with_item(place)


def _known_by(job: RenderJob, name: str, new_name: str, aliases: Sequence[str]) -> list[str]:
    """Return the old name, or the settings' own, by which these still know somebody who is renamed."""
    people, speakers = job.transcript.speakers, job.settings.speakers
    person = next((one for one in people if one.name == name), None)
    entry = settings_entry(person, possible_names(people)[name], speakers) if person else None
    if person is None or entry is None:
        return [name] if name in speakers else []
    for known in (name, entry.name):
        renamed = replace(person, name=new_name, aliases=(*aliases, known))
        if settings_entry(renamed, possible_names([renamed])[new_name], speakers) is entry:
            return [known]
    return [name]


def _listed(names: Any) -> list[str]:
    return [str(name) for name in names] if isinstance(names, list) else []


def _settings(project: Project, change: Callable[[str], str]) -> Changes:
    """Return the settings beside the source, or those of ``--voices``, with their text changed."""
    path = project.settings_path
    content = project.content(path)
    file = _File(path, _NEW_SETTINGS.encode() if content is None else content)
    return file.changed(change(file.text))


def entry_name(job: RenderJob, speaker: str) -> str:
    """Return the key under ``speakers:`` that says how somebody speaks: that of their role where a role's is used."""
    if speaker == NARRATOR:
        return NARRATOR
    names, speakers = possible_names(job.transcript.speakers), job.settings.speakers
    is_first_host = True
    for person in job.transcript.speakers:
        entry = settings_entry(person, names[person.name], speakers)
        plays_host = entry is None and person.role == HOST
        if person.name == speaker:
            return entry.name if entry else HOST if plays_host and is_first_host and HOST in speakers else speaker
        is_first_host = is_first_host and not plays_host
    raise UsageError(f"{speaker} does not speak here")


def _voice(project: Project, body: Body) -> Changes:
    """Give somebody a voice in a language, for one engine; null gives them back the one they had by default."""
    job = project.snapshot.job
    speaker, language, engine = (text_of(body, key) for key in ("speaker", "language", "engine"))
    voice = None if body.get("voice") is None else text_of(body, "voice")
    if voice is not None:
        _engine_of(project, engine).check(voice, language)
    name = entry_name(job, speaker)
    path = ("speakers", name, "voices", language, engine)
    in_script = any((speaker, language) == named[:2] for named in job.parsed.voices)
    if voice is None and not in_script:
        _refuse_other_place(project, path)

    def change(text: str) -> str:
        text = _with_engine(project, _with(text, path, voice), name, None if voice is None else engine)
        return set_value(text, ("engine",), project.options.engine) if _chooses_engine(project, body) else text

    changed = dict(_settings(project, change))
    if in_script:  # it names one too, and wins
        changed |= _in_script(project, speaker, language, None if voice is None else f"{engine}:{voice}")
    return changed


def _with_engine(project: Project, text: str, name: str, engine: str | None) -> str:
    """Return the settings with somebody's engine: it is written where they would speak with another one otherwise."""
    text = remove_value(text, ("speakers", name, "engine"))
    if engine is None:
        return text
    entry = project.settings_with(text.encode()).speakers.get(name)
    otherwise = (entry and entry.engine) or project.snapshot.job.engine.name
    return text if engine == otherwise else set_value(text, ("speakers", name, "engine"), engine)


def _engine_of(project: Project, name: str) -> Any:
    from interview_audio.engines.registry import load_engine

    job = project.snapshot.job
    return job.engine if name == job.engine.name else load_engine(name, job.settings.engines.get(name, {}))


def _in_script(project: Project, speaker: str, language: str, voice: str | None) -> Changes:
    script = _ScriptFile(project)
    head = _without_turns(script.turns.head)
    if speaker == NARRATOR:
        head = _with(head, ("cast", NARRATOR, "voices", language), voice)
    elif people := listed_items(head, "speakers"):
        places = (index for index, item in enumerate(people.items) if item.data.get("name") == speaker)
        for index in places:
            item = people.items[index]
            voices = {**item.data.get("voices", {}), language: voice}
            kept = {tag: name for tag, name in voices.items() if name is not None}
            people = people.with_item(index, item.set("voices", kept or None))
        head = people.text
    return script.with_turns(replace(script.turns, head=head + _turns_key(script.turns.head)))


def _with(text: str, path: Sequence[str], value: object) -> str:
    return remove_value(text, path) if value is None else set_value(text, path, value)


def _tune(project: Project, body: Body) -> Changes:
    """Change how fast, how high or how loud somebody speaks; null gives back the default."""
    name = entry_name(project.snapshot.job, text_of(body, "speaker"))
    wanted = {key: _amount(body, key) for key in _TUNES if key in body}
    if not wanted:
        raise UsageError(f"one of {', '.join(_TUNES)} is missing")
    for key in (key for key, value in wanted.items() if value is None):
        _refuse_other_place(project, ("speakers", name, key))

    def change(text: str) -> str:
        for key, value in wanted.items():
            text = _with(text, ("speakers", name, key), value)
        return text

    return _settings(project, change)


def _amount(body: Body, key: str) -> float | None:
    value = body[key]
    if value is not None and (not isinstance(value, int | float) or isinstance(value, bool)):
        raise UsageError(f"{key}: must be a number")
    return None if value is None else round(value, 3)


def _pronunciation(project: Project, body: Body) -> Changes:
    """Say how a word is spoken; null forgets it."""
    language, written = text_of(body, "language"), text_of(body, "written")
    said = None if body.get("said") is None else text_of(body, "said")
    path = ("pronunciations", language, written)
    if said is None:
        _refuse_other_place(project, path)
    return _settings(project, lambda text: _with(text, path, said))


def _setting(project: Project, body: Body) -> Changes:
    """Set one of the settings that the page shows; null gives back the default."""
    given, value = body.get("path"), body.get("value")
    path = tuple(map(str, given)) if isinstance(given, list) else ()
    if not ((len(path) == 2 and path[0] in _CHANGEABLE) or path in _CHANGEABLE_KEYS):
        raise UsageError(f"path: {'.'.join(path) or 'nothing'} cannot be set here; change it in voices.yaml")
    if path[-1] in _MUSIC and path[0] == "sound":
        _refuse_outside(project, value)
    if value is None:
        _refuse_other_place(project, path)
    elif not isinstance(value, str | int | float | dict):
        raise UsageError("value: must be a text, a number, true, false or null")

    def change(text: str) -> str:
        is_tuned = isinstance(value, str) and path[0] == "sound" and has_value(text, (*path, "file"))
        return _with(text, (*path, "file") if is_tuned else path, value)  # music keeps its volume and fades

    changed = dict(_settings(project, change))
    if path == ("engine",) and project.snapshot.job.parsed.engine is not None:  # the script file names one, and wins
        script = _ScriptFile(project)
        head = _with(_without_turns(script.turns.head), path, value)
        changed |= script.with_turns(replace(script.turns, head=head + _turns_key(script.turns.head)))
    return changed


def _refuse_other_place(project: Project, path: Sequence[str]) -> None:
    """Refuse to give back a default where another file says otherwise, which the studio does not write."""
    place: Place | None = project.snapshot.job.settings.places.get(tuple(path))
    if place and place[0] not in (DEFAULT_NAME, str(project.settings_path)):
        raise UsageError(f"{'.'.join(path)} is set in {place[0]}, line {place[1]}; change it there")


def _refuse_outside(project: Project, value: object) -> None:
    """Refuse the name of a file that is not the project's own."""
    name = value.get("file") if isinstance(value, dict) else value
    if not isinstance(name, str):
        return
    folder = project.settings_path.absolute().parent.resolve()
    try:
        is_inside = (folder / named_file(name)).resolve().is_relative_to(folder)
    except InputFileError:  # nobody has this home, or no file may have this name
        is_inside = False
    if not is_inside:
        raise UsageError(f"{name} is not in the folder of the interview; copy it there")


_ACTIONS: Mapping[str, Callable[[Project, Body], Changes]] = {
    "speaker": _speaker,
    "kind": _kind,
    "text": _text,
    "split": _split,
    "join": _join,
    "person": _person,
    "voice": _voice,
    "tune": _tune,
    "pronunciation": _pronunciation,
    "setting": _setting,
    "take": _take,
}
