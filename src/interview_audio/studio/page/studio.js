// The studio's page: fetches the project, draws it, and hands on what people do.

import { bdi, button, colorOf, h, icon, keepKeyed, plural, setText, shownName } from "./dom.js";
import { CastPanel } from "./cast.js";
import { EpisodePanel } from "./episode.js";
import { LinePanel, WordsPanel } from "./line.js";
import { Player } from "./player.js";
import { Server } from "./server.js";
import { SettingsPanel } from "./settings.js";
import { Transcript } from "./transcript.js";

const SHOWN_MS = 6000;
const NOTICED_MS = 250;
const PHONE = matchMedia("(max-width: 760px)");
const find = (selector) => document.querySelector(selector);

class Studio {
  server = new Server();
  player = new Player(this.server);
  transcript = new Transcript(this);
  #line = new LinePanel(this);
  #panels = [new CastPanel(this), this.#line, new WordsPanel(this), new SettingsPanel(this)];
  #episode = new EpisodePanel(this);
  #chapters = new Map();
  #view = "transcript";
  #panel = "cast";
  #saving = 0;

  async start() {
    this.#listen();
    try {
      await this.server.start();
    } catch (error) {
      find("#empty").textContent = error.message;
    }
  }

  #listen() {
    this.server.addEventListener("state", () => this.#draw());
    this.server.addEventListener("connection", () => this.#banners());
    this.server.addEventListener("saving", ({ detail }) => this.#noteSaving(detail));
    this.server.addEventListener("notice", ({ detail }) => this.say(detail.message, detail.isWarning));
    this.player.addEventListener("change", () => this.#drawDeck());
    this.player.addEventListener("failed", ({ detail }) => this.say(detail, true));
    this.player.addEventListener("made", ({ detail }) => this.#noteMade(detail));
    find("#undo").addEventListener("click", () => this.#history("undo"));
    find("#redo").addEventListener("click", () => this.#history("redo"));
    find("#next-guess").addEventListener("click", () => (this.show("transcript"), this.transcript.nextGuess()));
    find("#show-keys").addEventListener("click", () => find("#keys").showModal());
    find("#play").addEventListener("click", () => this.#playOrPause());
    find("#back").addEventListener("click", () => this.#step(-1));
    find("#next").addEventListener("click", () => this.#step(1));
    for (const tab of document.querySelectorAll("[role=tab]")) tab.addEventListener("click", () => this.show(tab.id.slice(4)));
    find("[role=tablist]").addEventListener("keydown", (event) => this.#moveTabs(event));
    document.addEventListener("keydown", (event) => this.#onKey(event));
    this.#listenToMediaKeys();
    PHONE.addEventListener("change", () => this.show(this.#view));
    this.show(this.#view);
  }

  /** What headphones and keyboards have buttons for. */
  #listenToMediaKeys() {
    const keys = { play: () => this.#playOrPause(), pause: () => this.#playOrPause(), previoustrack: () => this.#step(-1), nexttrack: () => this.#step(1) };
    for (const [name, does] of Object.entries(keys)) navigator.mediaSession?.setActionHandler(name, does);
  }

  // Drawing

  #draw() {
    const { title, source, script_file, settings_file, can_undo, can_redo, turns } = this.server.state;
    this.player.update();
    setText(find("#title"), title || source);
    document.title = `${title || source} – Studio`;
    find("#files").replaceChildren(...[source, script_file, settings_file].filter((name, index, all) => name && all.indexOf(name) === index).flatMap((name, index) => [index ? " · " : "", bdi(name)]));
    find("#undo").disabled = !can_undo;
    find("#redo").disabled = !can_redo;
    this.transcript.update();
    for (const panel of this.#panels) panel.update();
    this.#episode.update();
    this.#drawChapters(turns);
    this.#drawGuesses(turns);
    this.#banners();
    this.#drawDeck();
    this.player.remark();
  }

  #drawChapters(turns) {
    const chapters = turns.filter((turn) => turn.chapter);
    find("#chapters").hidden = chapters.length === 0;
    find("main").classList.toggle("one", chapters.length === 0);
    keepKeyed(find("#chapters ol"), this.#chapters, chapters, {
      key: (turn) => turn.id,
      signature: (turn) => turn.chapter,
      make: (turn) => h("li", {}, button("", { onclick: () => this.#goToChapter(turn.id) }, h("span", { dir: "auto", lang: turn.language }, turn.chapter))),
      update: (element, turn) => setText(element.querySelector("span"), turn.chapter),
    });
  }

  #goToChapter(id) {
    const turn = this.server.state.turns.find((one) => one.id === id);
    this.transcript.goTo(turn);
    this.transcript.reveal(turn);
  }

  #drawGuesses(turns) {
    const guesses = turns.filter((turn) => turn.confidence === "guessed").length;
    const chip = find("#next-guess");
    chip.hidden = guesses === 0;
    fillChip(chip, "guess", guesses, plural(guesses, "guess", "guesses"));
    chip.title = "Go to the next guess (G)";
  }

  #banners() {
    const { error, warnings = [], source } = this.server.state ?? {};
    const shown = [];
    if (!this.server.connected) {
      shown.push(h("p", { class: "banner lost" }, h("b", {}, "The studio does not answer. "), `Trying again… If you have closed it, start it again: interview-audio studio ${source ?? ""}`));
    }
    if (error) {
      const place = [error.file, error.line, error.column].filter((part) => part !== null && part !== undefined).join(":");
      shown.push(h("p", { class: "banner error" }, h("b", {}, bdi(place || source)), " ", error.message, h("small", {}, " Below is what was understood before.")));
    }
    const chip = find("#show-warnings");
    chip.hidden = warnings.length === 0;
    fillChip(chip, "warning", warnings.length, plural(warnings.length, "warning"));
    const signature = JSON.stringify([this.server.connected, error, warnings]);
    const banners = find("#banners");
    if (banners.dataset.signature === signature) return;
    banners.dataset.signature = signature;
    banners.replaceChildren(...shown);
    find("#warnings ul").replaceChildren(...warnings.map((text) => h("li", { dir: "auto" }, text)));
  }

  // The deck

  #drawDeck() {
    const { phase, line, key } = this.player;
    const isHeard = phase !== "idle" && phase !== "paused";
    const deck = find("#play");
    deck.dataset.phase = phase;
    deck.setAttribute("aria-label", isHeard ? "Pause" : "Play from here");
    deck.title = isHeard ? "Pause" : "Play from here (P)";
    for (const row of document.querySelectorAll(".line.heard")) row.classList.remove("heard");
    if (!key) return;
    const { turns, lines, people } = this.server.state;
    const turn = line && turns.find((one) => one.lines.includes(line));
    const person = turn && people.find((one) => one.name === turn.speaker);
    find("#now-who").className = turn ? colorOf(person) : "";
    setText(find("#now-who"), turn ? shownName(person) : "");
    setText(find("#now-text"), lines[line]?.text ?? "A voice");
    if (!line) return;
    document.querySelector(`.line[data-line="${CSS.escape(line)}"]`)?.classList.add("heard");
    if (phase === "loading" && this.player.goesOn) this.transcript.follow(line);
  }

  #playOrPause() {
    const { phase } = this.player;
    if (phase === "paused") this.player.resume();
    else if (phase !== "idle") this.player.pause();
    else {
      const line = this.transcript.current?.line ?? Object.keys(this.server.state.lines)[0];
      if (line) this.player.playLine(line, { goesOn: true });
    }
  }

  #step(step) {
    this.player.line ??= this.transcript.current?.line ?? null;
    const line = this.player.neighbour(step);
    if (line) this.player.playLine(line, { goesOn: this.player.goesOn || this.player.phase === "idle" });
  }

  /** A line's sound has been made or found: from now on it plays at once. */
  #noteMade(id) {
    const line = this.server.state.lines[id];
    if (!line || line.stored) return;
    line.stored = true;
    for (const play of document.querySelectorAll(`.line[data-line="${CSS.escape(id)}"] .play`)) {
      play.classList.add("stored");
      play.title = "Play (Space)";
    }
    this.#episode.refreshSoon();
  }

  /** Say that an edit is on its way, where it takes long enough to be noticed. */
  #noteSaving(isSaving) {
    clearTimeout(this.#saving);
    if (isSaving) this.#saving = setTimeout(() => document.body.classList.add("saving"), NOTICED_MS);
    else document.body.classList.remove("saving");
  }

  // Tabs

  /** Show a panel; on a phone it takes the place of the transcript. */
  show(name, { focus = false } = {}) {
    this.#view = name;
    if (name !== "transcript") this.#panel = name;
    const shown = PHONE.matches ? name : this.#panel;
    document.body.dataset.view = PHONE.matches ? name : "transcript";
    for (const tab of document.querySelectorAll("[role=tab]")) {
      const isShown = tab.id === `tab-${shown}`;
      tab.setAttribute("aria-selected", String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
    }
    for (const panel of document.querySelectorAll(".panel")) panel.hidden = panel.id !== shown;
    if (focus) find(`#${name}`).focus({ preventScroll: true });
  }

  #moveTabs(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const tabs = [...document.querySelectorAll("[role=tab]")].filter((tab) => tab.offsetParent);
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    this.show(next.id.slice(4));
    next.focus();
  }

  onCurrent() {
    this.#line.update();
  }

  // Edits

  /** Make an edit; a refusal is shown, and the page stays as it is. Gives whether it was made. */
  async edit(action, fields) {
    try {
      await this.server.edit(action, fields);
      return true;
    } catch (error) {
      this.say(error.message, true);
      this.#redraw();
      return false;
    }
  }

  /** Show again what holds, in controls that show what was refused. */
  #redraw() {
    for (const panel of this.#panels) panel.update({ anyway: true });
  }

  async #history(path) {
    try {
      await this.server.history(path);
    } catch (error) {
      this.say(error.message, true);
    }
  }

  async anotherTake(line) {
    this.announce("Another take is being made…");
    try {
      const { take } = await this.server.post("redo-line", { line });
      await this.server.refresh();
      this.show("line");
      this.player.playLine(line, { take });
      this.say(`Take ${take} is beside the old one; choose which is used under Line.`);
    } catch (error) {
      this.say(error.message, true);
    }
  }

  sayWordSo(line, word) {
    find("#say-so").hidden = true;
    const turn = this.server.state.turns.find((one) => one.lines.includes(line));
    if (turn) this.transcript.setCurrent(turn, line);
    this.show("line");
    this.#line.askFor(word);
  }

  // Messages and keys

  /** Show a message for a while; screen readers hear it. */
  say(text, isProblem = false) {
    const toast = h("p", { class: isProblem ? "toast problem" : "toast", dir: "auto" }, text, button("Close", { class: "plain", onclick: () => toast.remove() }, icon("close")));
    find("#status").append(toast);
    while (find("#status").children.length > 3) find("#status").firstChild.remove();
    setTimeout(() => toast.remove(), isProblem ? 3 * SHOWN_MS : SHOWN_MS);
  }

  /** Tell screen readers alone. */
  announce(text) {
    const line = h("p", { class: "for-ears" }, text);
    find("#status").append(line);
    setTimeout(() => line.remove(), SHOWN_MS);
  }

  #onKey(event) {
    const isTyping = event.target.closest?.("input:not([type=range], [type=checkbox]), textarea");
    const isOverlaid = document.querySelector("dialog[open], :popover-open");
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !isTyping) {
      const key = event.key.toLowerCase();
      const path = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : null;
      if (!path) return;
      event.preventDefault();
      this.#history(path);
    } else if (isTyping || isOverlaid) return;
    else if (event.key === "?") find("#keys").showModal();
    else if (event.key === "Escape" && this.player.key) this.player.stop();
    else if (event.key === " " && event.target.closest("body, #turns, .panel") === event.target) {
      event.preventDefault(); // it would scroll
      this.#playOrPause();
    }
  }
}

/** A count in the header: in words, or beside a sign where there is no room. */
function fillChip(chip, sign, count, text) {
  if (chip.getAttribute("aria-label") === text) return;
  chip.setAttribute("aria-label", text);
  chip.replaceChildren(icon(sign), h("span", { class: "short" }, String(count)), h("span", { class: "long" }, text));
}

const studio = new Studio();
studio.start();
