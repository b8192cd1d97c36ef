// What is known of one line: its takes, how it is said, and a word of it said otherwise.

import { bdi, button, colorOf, h, icon, languageName, playButton, shownName } from "./dom.js";

export class LinePanel {
  #app;
  #panel = document.querySelector("#line");
  #id = null;
  #signature = null;
  #wordForm = null;

  constructor(app) {
    this.#app = app;
  }

  /** Draw the current line, if it is another one or another than it was. */
  update() {
    const { lines, turns, people } = this.#app.server.state;
    const { current } = this.#app.transcript;
    const turn = current && turns.find((one) => one.id === current.turn);
    const line = turn && lines[current.line];
    const person = turn && people.find((one) => one.name === turn.speaker);
    const signature = JSON.stringify([current?.line, turn, line?.text, line?.take, line?.takes, person?.shown]);
    if (signature === this.#signature) return;
    this.#signature = signature;
    const typed = this.#id === current?.line ? this.#typed() : null;
    const hadFocus = this.#panel.contains(document.activeElement) ? document.activeElement.dataset.part : null;
    this.#id = current?.line ?? null;
    this.#panel.className = `panel ${colorOf(person)}`;
    this.#panel.replaceChildren(...(line ? this.#draw(turn, this.#id, line, person) : this.#nothing(turn)));
    if (typed) this.#fillIn(typed.written, typed.said);
    if (hadFocus) this.#panel.querySelector(`[data-part="${hadFocus}"]`)?.focus();
    this.#app.player.remark();
  }

  #nothing(turn) {
    this.#wordForm = null;
    const why = turn ? `This turn is not read: ${turn.why_not}` : "Choose a line in the transcript.";
    return [h("p", { class: "nothing" }, why)];
  }

  #draw(turn, id, line, person) {
    const { player } = this.#app;
    return [
      h("blockquote", { class: `cited ${colorOf(person)}`, lang: turn.language, dir: "auto" }, h("cite", {}, bdi(shownName(person))), h("p", {}, line.text)),
      h("div", { class: "row" },
        playButton(`Play: ${line.text}`, `line:${id}`, () => player.toggleLine(id), "round"),
        button("", { "data-part": "onward", onclick: () => player.playLine(id, { goesOn: true }) }, icon("onward"), "From here"),
        button("", { "data-part": "edit", onclick: () => (this.#app.show("transcript"), this.#app.transcript.edit(turn)) }, icon("edit"), "Edit")),
      this.#takes(id, line),
      this.#words(turn, id, line),
      this.#sounds(id),
    ];
  }

  #takes(id, line) {
    const { player } = this.#app;
    const section = h("section", {}, h("h3", {}, "Takes"), h("p", { class: "help" }, "The same words and the same voice, spoken a little differently."));
    const list = h("ul", { class: "takes" });
    for (let take = 1; take <= line.takes; take++) {
      const isUsed = take === line.take;
      list.append(
        h("li", { class: isUsed ? "used" : "" },
          playButton(`Play take ${take}`, `take:${id}:${take}`, () => player.toggleLine(id, { take }), "round"),
          h("span", {}, `Take ${take}`),
          isUsed ? h("span", { class: "tag" }, "in use") : button(`Use take ${take}`, { class: "small", "data-part": `take-${take}`, onclick: () => this.#app.edit("take", { line: id, take }) }, "Use")));
    }
    section.append(list, button("", { "data-part": "another", onclick: () => this.#app.anotherTake(id) }, icon("plus"), "Another take"));
    return section;
  }

  #words(turn, id, line) {
    const written = h("input", { type: "text", name: "written", id: "written", lang: turn.language, dir: "auto", autocomplete: "off", required: true, "data-part": "written" });
    const said = h("input", { type: "text", name: "said", id: "said", autocomplete: "off", required: true, "data-part": "said", spellcheck: "false" });
    const problem = h("p", { class: "problem", role: "alert" });
    const hear = (button_) => {
      const text = written.value.trim();
      if (!text) return written.focus();
      this.#app.player.toggle(button_.dataset.sound, () => this.#app.server.sound("say", { text, language: turn.language, ...(said.value.trim() && { said: said.value.trim() }) }));
    };
    const listen = playButton("Hear the word so", `word:${id}`, () => hear(listen), "round");
    const form = h("form", { onsubmit: async (event) => {
      event.preventDefault();
      problem.textContent = "";
      try {
        await this.#app.server.edit("pronunciation", { language: turn.language, written: written.value.trim(), said: said.value.trim() });
        this.#fillIn("", "");
        this.#replay(turn, line);
      } catch (error) {
        problem.textContent = error.message;
      }
    } },
      h("div", { class: "chips", role: "group", "aria-label": "Words of the line", lang: turn.language },
        wordsOf(line.text, turn.language).map((word) => button("", { class: "chip", onclick: () => (this.#fillIn(word, ""), said.focus()) }, bdi(word)))),
      h("div", { class: "pair" },
        h("label", {}, "This word", written), h("label", {}, "sounds like", said), listen),
      problem,
      h("p", { class: "help" }, turn.language === "zh" ? "Other characters, or pinyin with tones: hang2 zhang3." : "As you would write it: win. Or IPA between slashes: /ŋwiən/."),
      h("button", { class: "primary", "data-part": "say-so" }, "Say it so everywhere"));
    this.#wordForm = { written, said };
    return h("section", {}, h("h3", {}, "Say a word so"), form);
  }

  /** Play the line again, with the word as it is said now. */
  #replay(turn, line) {
    const { turns, lines } = this.#app.server.state;
    const now = turns.find((one) => one.id === turn.id) ?? turns[turn.index];
    const id = now?.lines.find((one) => lines[one].text === line.text);
    if (id) this.#app.player.playLine(id);
  }

  #sounds(id) {
    const body = h("div", { class: "sounds" });
    const details = h("details", { ontoggle: async () => {
      if (!details.open || body.firstChild) return;
      try {
        body.replaceChildren(...this.#soundsOf(await this.#app.server.get(`lines/${encodeURIComponent(id)}/sounds`)));
      } catch (error) {
        body.replaceChildren(h("p", { class: "problem" }, error.message));
      }
    } }, h("summary", {}, "Spoken form and sounds"), body);
    return details;
  }

  #soundsOf(sounds) {
    const entry = (name, text, className = "") => (text ? h("div", {}, h("dt", {}, name), h("dd", { class: className, dir: "auto" }, text)) : null);
    return [
      h("dl", {},
        entry("Written", sounds.written),
        entry("Spoken", sounds.spoken),
        entry("Phonemes", sounds.phonemes, "ipa"),
        entry("Pinyin", sounds.pinyin),
        entry("Without a sound", sounds.unspoken?.join(" ")),
        entry("Voice", `${sounds.engine}: ${sounds.voice}`)),
    ];
  }

  #typed() {
    return this.#wordForm && { written: this.#wordForm.written.value, said: this.#wordForm.said.value };
  }

  #fillIn(written, said) {
    if (!this.#wordForm) return;
    this.#wordForm.written.value = written;
    this.#wordForm.said.value = said;
  }

  /** Ask how a word of the current line sounds. */
  askFor(word) {
    this.update();
    if (!this.#wordForm) return;
    this.#fillIn(word, "");
    this.#wordForm[word ? "said" : "written"].focus();
  }
}

/** The words of a text, each once, as its language divides them. */
function wordsOf(text, language) {
  const parts = [...new Intl.Segmenter(language, { granularity: "word" }).segment(text)];
  return [...new Set(parts.filter((part) => part.isWordLike).map((part) => part.segment))];
}

/** The panel of all pronunciations of the project. */
export class WordsPanel {
  #app;
  #panel = document.querySelector("#words");
  #signature = null;

  constructor(app) {
    this.#app = app;
  }

  update() {
    const { pronunciations, language, turns } = this.#app.server.state;
    const languages = [...new Set([language, ...turns.map((turn) => turn.language), ...pronunciations.map((one) => one.language)])];
    const signature = JSON.stringify([pronunciations, languages]);
    if (signature === this.#signature) return;
    this.#signature = signature;
    const hadFocus = this.#panel.contains(document.activeElement);
    this.#panel.replaceChildren(
      h("p", { class: "help" }, "Words that are said otherwise than they are written. They hold for every line; captions keep what is written."),
      pronunciations.length ? h("ul", { class: "pronunciations" }, pronunciations.map((one) => this.#entry(one))) : h("p", { class: "nothing" }, "None yet. Select a word in the transcript, or add one here."),
      this.#form(languages));
    if (hadFocus) this.#panel.querySelector("input").focus();
  }

  #entry({ language, written, said }) {
    const listen = playButton(`Hear ${written}`, `pronunciation:${language}:${written}`, () =>
      this.#app.player.toggle(listen.dataset.sound, () => this.#app.server.sound("say", { text: written, language, said })), "round");
    return h("li", {}, listen,
      h("span", { class: "pronounced" }, h("b", { lang: language }, bdi(written)), h("span", {}, bdi(said)), h("small", {}, languageName(language))),
      button(`Remove ${written}`, { class: "plain", onclick: () => this.#app.edit("pronunciation", { language, written, said: null }) }, icon("close")));
  }

  #form(languages) {
    const written = h("input", { type: "text", autocomplete: "off", required: true, dir: "auto" });
    const said = h("input", { type: "text", autocomplete: "off", required: true, spellcheck: "false" });
    const language = h("select", {}, languages.map((tag) => h("option", { value: tag }, languageName(tag))));
    const listen = playButton("Hear the word so", "word:new", () => {
      if (written.value.trim()) this.#app.player.toggle("word:new", () => this.#app.server.sound("say", { text: written.value.trim(), language: language.value, ...(said.value.trim() && { said: said.value.trim() }) }));
    }, "round");
    return h("form", { class: "add", onsubmit: (event) => {
      event.preventDefault();
      this.#app.edit("pronunciation", { language: language.value, written: written.value.trim(), said: said.value.trim() });
    } },
      h("h3", {}, "Add a word"),
      h("div", { class: "pair" }, h("label", {}, "Written", written), h("label", {}, "sounds like", said), listen),
      h("label", {}, "In", language),
      h("button", { class: "primary" }, "Add"));
  }
}
