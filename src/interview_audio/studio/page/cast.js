// The cast: who speaks with which voice, how fast and how high, and who they are.

import { bdi, button, colorOf, h, icon, keepKeyed, languageName, playButton, setText, shownName } from "./dom.js";
import { blendText, chooseVoice } from "./voices.js";

const TUNES = [
  { key: "rate", label: "Speed", usual: 1, low: 0.5, high: 2, step: 0.01, shown: (value) => `${value.toFixed(2)}×` },
  { key: "pitch", label: "Pitch", usual: 0, low: -6, high: 6, step: 0.25, shown: (value) => `${signed(value)} st` },
  { key: "volume", label: "Volume", usual: 0, low: -20, high: 6, step: 0.5, shown: (value) => `${signed(value)} dB` },
  { key: "pause_after", label: "Pause after", usual: null, low: 0, high: 3, step: 0.05, shown: (value) => (value === null ? "as usual" : `${value.toFixed(2)} s`) },
];
const SETTLED_MS = 300; // keys that move a slider come in bursts, and are one edit
const UNSET = 0.5; // where the slider of a value stands that nobody has set: a usual pause
const ROLES = { host: "Host", guest: "Guest" };
const GENDERS = { female: "Female", male: "Male", unknown: "Unknown" };

const signed = (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(2).replace(/\.?0+$/, "")}`;

export class CastPanel {
  #app;
  #list = h("div", { class: "cards" });
  #alerts = h("div", {});
  #cards = new Map();
  #distinctness = "";

  constructor(app) {
    this.#app = app;
    document.querySelector("#cast").append(this.#alerts, this.#list);
  }

  update({ anyway = false } = {}) {
    if (anyway) for (const row of this.#cards.values()) row.signature = null;
    const { people, distinctness } = this.#app.server.state;
    if (distinctness.join() !== this.#distinctness) {
      this.#distinctness = distinctness.join();
      this.#alerts.replaceChildren(...distinctness.map((text) => h("p", { class: "warning", dir: "auto" }, text)));
    }
    keepKeyed(this.#list, this.#cards, people, {
      key: (person) => person.name,
      signature: (person) => JSON.stringify(person),
      make: (person) => this.#make(person),
      update: (card, person) => card.show(person),
    });
  }

  /** A card stays while its person does: an open section, a slider under the finger and the focus survive. */
  #make(person) {
    const card = h("article", { class: "card" });
    const name = h("h3", { dir: "auto" });
    const what = h("p", { class: "what-they-are" });
    const voices = h("div", { class: "their-voices" });
    const tunes = TUNES.filter(({ key }) => key in person).map((tune) => this.#tune(tune, card));
    const more = person.role === "narrator" ? null : this.#identity(card);
    card.append(
      h("header", {}, h("span", { class: "dot" }), h("div", {}, name, what)),
      voices,
      h("details", {}, h("summary", {}, more ? "Speed, pitch, volume, name" : "Speed, pitch, volume"),
        h("div", { class: "tunes" }, tunes.map((tune) => tune.element)), more?.element));
    let drawn = "";
    card.show = (now) => {
      card.person = now;
      card.className = `card ${colorOf(now)}`;
      name.replaceChildren(bdi(shownName(now)));
      setText(what, now.role === "narrator" ? "reads what nobody says" : [ROLES[now.role], now.gender === "unknown" ? "" : GENDERS[now.gender].toLowerCase()].filter(Boolean).join(" · "));
      more?.show(now);
      const sign = JSON.stringify([now.voices, now.first_line, now.shown]);
      if (sign !== drawn) {
        const focused = voices.contains(document.activeElement) ? document.activeElement.dataset.part : null;
        voices.replaceChildren(...Object.entries(now.voices).map(([language, voice]) => this.#voice(card, language, voice)));
        if (focused) voices.querySelector(`[data-part="${focused}"]`)?.focus();
        drawn = sign;
      }
      for (const tune of tunes) tune.show(now);
    };
    card.show(person);
    return card;
  }

  #voice(card, language, voice) {
    const { person } = card;
    const key = `sample:${person.name}:${language}`;
    const play = playButton(`Hear ${shownName(person)} in ${languageName(language)}`, key, () => this.#sample(card, language, key), "round");
    const label = voice.name ? blendText(voice.name) : "No voice yet";
    return h("div", { class: "voice" },
      play,
      h("div", { class: "voice-name" }, h("b", {}, label), h("small", {}, [languageName(language), voice.engine, voice.reason].filter(Boolean).join(" · "))),
      button("", { "data-part": `choose-${language}`, class: "small", "aria-label": `Change the voice of ${shownName(person)} in ${languageName(language)}`, onclick: () => chooseVoice(this.#app, card.person, language) }, "Change"),
      voice.warning ? h("p", { class: "warning" }, voice.warning) : null);
  }

  #sample(card, language, key) {
    const { person } = card;
    const { engine, name } = person.voices[language];
    const path = this.#app.server.samplePath({ speaker: person.name, language, engine, voice: name, rate: person.rate, pitch: person.pitch });
    this.#app.player.toggle(key, () => this.#app.server.sound(path));
  }

  #tune({ key, label, usual, low, high, step, shown }, card) {
    const output = h("output");
    let waiting = 0;
    const send = () => {
      clearTimeout(waiting);
      waiting = 0;
      this.#app.edit("tune", { speaker: card.person.name, [key]: Number(slider.value) });
    };
    const slider = h("input", { type: "range", min: low, max: high, step, "aria-label": label,
      oninput: () => draw(Number(slider.value)),
      onchange: () => {
        clearTimeout(waiting);
        waiting = setTimeout(send, SETTLED_MS);
      },
      onblur: () => waiting && send() });
    const reset = button(`Reset ${label.toLowerCase()}`, { class: "plain", onclick: () => this.#app.edit("tune", { speaker: card.person.name, [key]: null }) }, icon("undo"));
    const draw = (value) => {
      setText(output, shown(value));
      slider.setAttribute("aria-valuetext", shown(value));
      slider.style.setProperty("--at", `${(((value ?? UNSET) - low) / (high - low)) * 100}%`);
      reset.classList.toggle("hidden", value === usual);
      reset.disabled = value === usual;
    };
    return {
      element: h("div", { class: "tune" }, h("span", { class: "tune-label", "aria-hidden": "true" }, label), slider, output, reset),
      show: (person) => {
        if (waiting) return; // what is being set is newer
        slider.value = person[key] ?? UNSET;
        draw(person[key]);
      },
    };
  }

  #identity(card) {
    const edit = (fields) => this.#app.edit("person", { name: card.person.name, ...fields });
    const name = h("input", { type: "text", dir: "auto", autocomplete: "off", onchange: () => name.value.trim() && edit({ new_name: name.value.trim() }) });
    const aliases = h("input", { type: "text", dir: "auto", autocomplete: "off", title: "Separated by commas", placeholder: "other names, with commas", onchange: () => edit({ aliases: aliases.value.split(/[,，、]/).map((one) => one.trim()).filter(Boolean) }) });
    const reason = h("p", { class: "help reason", dir: "auto" });
    const role = choices(ROLES, (value) => edit({ role: value }));
    const gender = choices(GENDERS, (value) => edit({ gender: value }));
    return {
      element: h("div", { class: "fields" },
        h("label", {}, "Name", name),
        h("label", {}, "Also called", aliases),
        h("label", {}, "Role", role),
        h("label", {}, "Gender", gender),
        reason),
      show: (person) => {
        setText(reason, person.reason);
        keepTyped(name, person.name);
        keepTyped(aliases, (person.aliases ?? []).join(", "));
        role.value = person.role;
        gender.value = person.gender;
      },
    };
  }
}

/** Set a field, unless somebody is typing in it. */
function keepTyped(input, value) {
  if (input !== document.activeElement) input.value = value;
}

function choices(labels, onchoice) {
  const select = h("select", { onchange: () => onchoice(select.value) }, Object.entries(labels).map(([value, label]) => h("option", { value }, label)));
  return select;
}
