// Pauses, chapters, what is read, sound and music: each value with where it comes from, and the way back.

import { button, h, icon, setText, words } from "./dom.js";

const SECTIONS = {
  pauses: ["Pauses", "Seconds of silence between two utterances."],
  chapters: ["Chapters", "Where chapters begin and how their titles look."],
  read: ["What is read", "Besides speech."],
  sound: ["Sound and music", "Loudness of the episode, and music around it."],
  show: ["Podcast", ""],
};
// What the keys of the file are called here, where the key alone says little.
const LABELS = {
  "pauses.head": "At the beginning", "pauses.sentence": "Between sentences", "pauses.paragraph": "Between paragraphs",
  "pauses.question_to_answer": "Question to answer", "pauses.answer_to_question": "Answer to question", "pauses.turn": "Between speakers",
  "pauses.short_reply": "Before a short reply", "pauses.heading": "After a heading", "pauses.narration": "Around narration",
  "pauses.section": "Between sections", "pauses.tail": "At the end", "pauses.vary": "Variation",
  "chapters.by": "Begin with each", "chapters.minutes": "Length, by minutes", "chapters.min_seconds": "Shortest chapter", "chapters.title_columns": "Longest title",
  "show.title": "Name of the podcast",
};
const UNITS = { pauses: "s", "pauses.vary": "", "chapters.minutes": "min", "chapters.min_seconds": "s", "sound.loudness": "LUFS" };

export class SettingsPanel {
  #app;
  #panel = document.querySelector("#settings");
  #fields = new Map();
  #shape = null;
  #engine = h("select", { id: "engine", onchange: () => app_edit(this.#app, ["engine"], this.#engine.value) });

  constructor(app) {
    this.#app = app;
  }

  update() {
    const { settings, engine, engines } = this.#app.server.state;
    const shape = JSON.stringify([engines, Object.entries(settings).map(([section, values]) => [section, Object.keys(values)])]);
    if (shape !== this.#shape) this.#draw(settings, engines);
    this.#shape = shape;
    this.#engine.value = engine;
    for (const [section, values] of Object.entries(settings)) {
      for (const [key, setting] of Object.entries(values)) this.#fields.get(`${section}.${key}`).show(setting);
    }
  }

  #draw(settings, engines) {
    this.#fields.clear();
    this.#engine.replaceChildren(...engines.map((name) => h("option", { value: name }, name)));
    const sections = Object.entries(settings).filter(([, values]) => Object.keys(values).length).map(([section, values], index) => {
      const [title, help] = SECTIONS[section] ?? [words(section), ""];
      return h("details", { class: "section", open: index < 2 }, h("summary", {}, h("h3", {}, title)), help ? h("p", { class: "help" }, help) : null,
        Object.entries(values).map(([key, setting]) => this.#field(section, key, setting)));
    });
    this.#panel.replaceChildren(
      h("div", { class: "setting" }, h("label", { for: "engine" }, "Who speaks"), this.#engine,
        h("p", { class: "help" }, "kokoro speaks on this machine; edge and openai send the text over the network; tone is a test tone.")),
      ...sections);
  }

  #field(section, key, given) {
    const id = `setting-${section}-${key}`;
    const label = LABELS[`${section}.${key}`] ?? words(key);
    const change = (value) => app_edit(this.#app, [section, key], value);
    const control = controlOf(given, id, change);
    control.input.setAttribute("aria-describedby", `${id}-help`);
    const origin = h("span", { class: "from" });
    const reset = button(`Reset ${label.toLowerCase()}`, { class: "plain", onclick: () => change(null) }, icon("undo"));
    const unit = UNITS[`${section}.${key}`] ?? UNITS[section] ?? "";
    const element = h("div", { class: "setting" },
      h("label", { for: id }, label),
      h("div", { class: "value" }, control.input, h("span", { class: "unit" }, unit), reset),
      h("p", { class: "help", id: `${id}-help` }, given.help.replaceAll("`", ""), " ", origin));
    this.#fields.set(`${section}.${key}`, { show: (setting) => {
      control.show(setting.value);
      const isDefault = setting.from === "default";
      setText(origin, isDefault ? "" : `from ${setting.from}`);
      reset.classList.toggle("hidden", isDefault);
      reset.disabled = isDefault;
      element.classList.toggle("changed", !isDefault);
    } });
    return element;
  }
}

const app_edit = (app, path, value) => app.edit("setting", { path, value });

/** The native control for a value: a box to tick, a list of words, a number, or a text. */
function controlOf({ value, choices, low, high }, id, change) {
  if (choices) {
    const input = h("select", { id, onchange: () => change(input.value) }, choices.map((word) => h("option", { value: word }, word)));
    return { input, show: (now) => (input.value = now) };
  }
  if (typeof value === "boolean") {
    const input = h("input", { type: "checkbox", role: "switch", id, onchange: () => change(input.checked) });
    return { input, show: (now) => (input.checked = now) };
  }
  if (typeof value === "number") {
    const input = h("input", { type: "number", id, min: low, max: high, step: "any", inputmode: "decimal",
      onchange: () => input.value !== "" && input.checkValidity() ? change(Number(input.value)) : input.reportValidity() });
    return { input, show: (now) => input !== document.activeElement && (input.value = now) };
  }
  const input = h("input", { type: "text", id, dir: "auto", placeholder: "none", autocomplete: "off", onchange: () => change(input.value.trim() || null) });
  return { input, show: (now) => input !== document.activeElement && (input.value = now ?? "") };
}
