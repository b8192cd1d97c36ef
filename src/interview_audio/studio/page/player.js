// Plays one sound at a time: a line, lines one after another with their pauses, a voice's sample, a word.

import { redraw } from "./dom.js";

const AHEAD = 2; // lines fetched while one is heard: the next is there when its turn comes, even if it is short

/** Events: "change" (what is heard, see `key` and `phase`), "failed" with the reason, "made" with a line's id. */
export class Player extends EventTarget {
  key = null;
  /** idle, loading, playing, paused (by the user) or waiting (the pause between two lines). */
  phase = "idle";
  line = null;
  goesOn = false;
  #server;
  #audio = new Audio();
  #address = null;
  #order = [];
  #place = new Map();
  #ready = new Map();
  #timer = 0;
  #request = 0;

  constructor(server) {
    super();
    this.#server = server;
    const onSound = (name, does) => this.#audio.addEventListener(name, () => this.#audio.src === this.#address && does());
    onSound("ended", () => this.#ended());
    onSound("playing", () => this.#set("playing"));
    onSound("error", () => this.key && this.#fail(new Error("The browser cannot play this sound.")));
  }

  /** Safari lets an element sound later if it began in a click; what is to be heard may take a while to come. */
  #unlock() {
    if (this.#address) return;
    this.#audio.src = URL.createObjectURL(silence());
    this.#audio.play().catch(() => {}); // it is stopped as soon as there is something to hear
  }

  /** Follow the order of a new state; what is heard now goes on. */
  update() {
    const { turns, version } = this.#server.state;
    const at = this.#place.get(this.line) ?? -1;
    this.#order = turns.flatMap((turn) => turn.lines);
    this.#place = new Map(this.#order.map((id, index) => [id, index]));
    if (this.line && !this.#place.has(this.line)) this.#place.set(this.line, at); // it was edited while it was heard
    for (const [path, { isHere }] of this.#ready) if (isHere && !path.endsWith(version)) this.#ready.delete(path);
  }

  /** Show what is heard at buttons that have been made anew. */
  remark() {
    if (this.key) mark(this.key, this.phase);
  }

  /** Play a line, or stop it where it is the one that is heard; with `goesOn` all that follow. */
  toggleLine(id, { goesOn = false, take = null } = {}) {
    const key = take === null ? `line:${id}` : `take:${id}:${take}`;
    if (this.key === key && this.phase !== "paused" && this.goesOn === goesOn) return this.stop();
    return this.playLine(id, { goesOn, take });
  }

  async playLine(id, { goesOn = false, take = null } = {}) {
    const key = take === null ? `line:${id}` : `take:${id}:${take}`;
    this.line = id;
    this.goesOn = goesOn;
    const ahead = goesOn ? this.#next(id) : [];
    this.#keepOnly([this.#server.linePath(id, take), ...ahead.map((next) => this.#server.linePath(next))]);
    await this.#play(key, () => this.#fetchLine(id, take));
    if (this.key === key && goesOn) this.#prepare(id);
  }

  /** Play any other sound: `fetch` gives its blob. */
  toggle(key, fetch) {
    if (this.key === key && this.phase !== "paused") return this.stop();
    this.line = null;
    this.goesOn = false;
    return this.#play(key, fetch);
  }

  stop() {
    this.#request++;
    this.#keepOnly([]);
    clearTimeout(this.#timer);
    this.#audio.pause();
    this.#show(null, "idle");
  }

  pause() {
    clearTimeout(this.#timer);
    this.#audio.pause();
    this.#set("paused");
  }

  resume() {
    if (this.#audio.ended) this.#ended();
    else this.#audio.play().catch((error) => this.#fail(error));
  }

  /** The line before or behind the one that was heard last; null where there is none. */
  neighbour(step) {
    return this.#order[(this.#place.get(this.line) ?? -1) + step] ?? null;
  }

  async #play(key, fetch) {
    const request = ++this.#request;
    clearTimeout(this.#timer);
    this.#audio.pause();
    this.#unlock();
    this.#show(key, "loading");
    try {
      const blob = await fetch();
      if (request !== this.#request) return;
      if (this.#address) URL.revokeObjectURL(this.#address);
      this.#address = URL.createObjectURL(blob);
      this.#audio.src = this.#address;
      await this.#audio.play();
    } catch (error) {
      if (request === this.#request && error.name !== "AbortError") this.#fail(error);
    }
  }

  /** Fetch a line's sound once; what is under way and no longer wanted is given up, so that the wanted one is made next. */
  #fetchLine(id, take) {
    const path = this.#server.linePath(id, take);
    const known = this.#ready.get(path);
    if (known) return known.blob;
    const giveUp = new AbortController();
    const entry = { giveUp, isHere: false };
    entry.blob = this.#server.sound(path, null, giveUp.signal).then((sound) => {
      entry.isHere = true;
      this.dispatchEvent(new CustomEvent("made", { detail: id }));
      return sound;
    });
    entry.blob.catch(() => this.#ready.delete(path));
    this.#ready.set(path, entry);
    return entry.blob;
  }

  #prepare(id) {
    for (const next of this.#next(id)) this.#fetchLine(next, null).catch(() => {});
  }

  #next(id) {
    const at = this.#place.get(id) ?? -1;
    return this.#order.slice(at + 1, at + 1 + AHEAD);
  }

  #keepOnly(paths) {
    for (const [path, { giveUp, isHere }] of this.#ready) {
      if (paths.includes(path)) continue;
      if (!isHere) giveUp.abort();
      this.#ready.delete(path);
    }
  }

  #ended() {
    const next = this.goesOn ? this.neighbour(1) : null;
    if (!next) return this.#show(null, "idle");
    this.#set("waiting");
    const pause = this.#server.state.lines[this.line]?.pause ?? 0;
    this.#timer = setTimeout(() => this.playLine(next, { goesOn: true }), pause * 1000);
  }

  #fail(error) {
    this.#show(null, "idle");
    this.dispatchEvent(new CustomEvent("failed", { detail: error.message }));
  }

  #set(phase) {
    this.#show(this.key, phase);
  }

  #show(key, phase) {
    const before = this.key;
    if (before === key && this.phase === phase) return;
    this.key = key;
    this.phase = phase;
    for (const one of new Set([before, key])) if (one) mark(one, one === key ? phase : "idle");
    this.dispatchEvent(new CustomEvent("change"));
  }
}

/** Show at every button of a sound whether it is heard. */
function mark(key, phase) {
  for (const button of document.querySelectorAll(`[data-sound="${CSS.escape(key)}"]`)) {
    button.dataset.phase = phase;
    redraw(button.querySelector(".icon"), phase === "idle" ? "play" : "stop");
    button.setAttribute("aria-pressed", String(phase !== "idle"));
  }
}

/** A hundredth of a second of nothing, as a WAV file: 8 bits, 8000 Hz, mono. */
function silence() {
  const [samples, rate] = [80, 8000];
  const view = new DataView(new ArrayBuffer(44 + samples));
  const word = (at, text) => [...text].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  word(0, "RIFF"), view.setUint32(4, 36 + samples, true), word(8, "WAVEfmt ");
  view.setUint32(16, 16, true), view.setUint16(20, 1, true), view.setUint16(22, 1, true);
  view.setUint32(24, rate, true), view.setUint32(28, rate, true), view.setUint16(32, 1, true), view.setUint16(34, 8, true);
  word(36, "data"), view.setUint32(40, samples, true);
  for (let at = 44; at < view.byteLength; at++) view.setUint8(at, 128);
  return new Blob([view], { type: "audio/wav" });
}
