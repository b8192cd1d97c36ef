// Choosing a voice by ear: every voice says that person's own first line; up to three of Kokoro's blend.

import { bdi, button, colorOf, h, icon, languageName, percent, playButton, setText, shownName } from "./dom.js";

const MOST_BLENDED = 3;
const LEAST = 0.05; // share of a voice in a blend; less is not heard
const BLENDS = new Set(["kokoro"]); // engines whose voices can be mixed

/** `af_bella*0.7 + af_nicole*0.3` as [{name, weight}]; a plain name has the weight 1. */
export function partsOf(voice) {
  return (voice ?? "").split("+").map((part) => part.trim()).filter(Boolean).map((part) => {
    const [name, weight] = part.split("*").map((word) => word.trim());
    return { name, weight: Number(weight ?? 1) };
  });
}

function voiceOf(parts) {
  if (parts.length < 2) return parts[0]?.name ?? null;
  return shares(parts).map((share, index) => `${parts[index].name}*${share.toFixed(2).replace(/0$/, "")}`).join(" + ");
}

/** Give a part another share of the whole; the others keep what they are to each other. */
function reweigh(parts, chosen, share) {
  const rest = parts.filter((part) => part !== chosen);
  const sum = rest.reduce((total, { weight }) => total + weight, 0);
  for (const part of rest) part.weight = sum ? (part.weight / sum) * (1 - share) : (1 - share) / rest.length;
  chosen.weight = share;
}

/** Add a voice with the share of one among equals. */
function blendedWith(parts, name) {
  const added = { name, weight: 0 };
  const all = [...parts.map((part) => ({ ...part })), added];
  reweigh(all, added, 1 / all.length);
  return all;
}

/** Weights as hundredths that sum to one. */
function shares(parts) {
  const sum = parts.reduce((total, { weight }) => total + weight, 0);
  const rounded = parts.map(({ weight }) => Math.round((weight / sum) * 100));
  rounded[0] += 100 - rounded.reduce((total, share) => total + share, 0);
  return rounded.map((share) => share / 100);
}

/** How a voice is shown: `af_bella 70 % + af_nicole 30 %`. */
export function blendText(voice) {
  const parts = partsOf(voice);
  if (parts.length < 2) return voice;
  const share = shares(parts);
  return parts.map(({ name }, index) => `${name} ${percent(share[index])}`).join(" + ");
}

/** Open the dialog in which a person's voice in a language is heard and chosen. */
export async function chooseVoice(app, person, language) {
  const dialog = document.querySelector("#voices");
  const chooser = new VoiceChooser(app, person, language, dialog);
  dialog.className = colorOf(person);
  dialog.replaceChildren(...chooser.draw());
  dialog.onclose = () => app.player.key?.startsWith("voice:") && app.player.stop();
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  dialog.showModal();
  await chooser.load();
}

class VoiceChooser {
  #app;
  #person;
  #language;
  #dialog;
  #engine;
  #parts;
  #voices = [];
  #list = h("ul", { class: "voice-list" });
  #mixer = h("div", { class: "mixer" });
  #find = h("input", { type: "search", placeholder: "Find a voice…", "aria-label": "Find a voice", autocomplete: "off", oninput: () => this.#drawList() });
  #gender = h("select", { "aria-label": "Gender", onchange: () => this.#drawList() },
    h("option", { value: "" }, "All"), h("option", { value: "female" }, "Female"), h("option", { value: "male" }, "Male"));
  #others = h("input", { type: "checkbox", onchange: () => this.#drawList() });
  #count = h("p", { class: "help", role: "status" });

  constructor(app, person, language, dialog) {
    this.#app = app;
    this.#person = person;
    this.#language = language;
    this.#dialog = dialog;
    const voice = person.voices[language];
    this.#engine = voice?.engine ?? app.server.state.engine;
    this.#parts = partsOf(voice?.name);
    if (person.gender !== "unknown") this.#gender.value = person.gender;
  }

  draw() {
    const { engines } = this.#app.server.state;
    const engine = h("select", { "aria-label": "Engine", onchange: () => {
      this.#engine = engine.value;
      this.#parts = [];
      this.load();
    } }, engines.map((name) => h("option", { value: name }, name)));
    engine.value = this.#engine;
    return [
      h("header", { class: "head" },
        h("h2", { id: "voices-title" }, "A voice for ", bdi(shownName(this.#person)), h("small", {}, languageName(this.#language))),
        button("Close", { class: "plain", onclick: () => this.#dialog.close() }, icon("close"))),
      h("div", { class: "filters" }, this.#find, this.#gender, engines.length > 1 ? engine : null,
        h("label", { class: "check" }, this.#others, "other languages, too")),
      this.#count,
      this.#list,
      this.#mixer,
    ];
  }

  async load() {
    this.#count.textContent = "Looking for voices…";
    try {
      this.#voices = await this.#app.server.get(`voices?${new URLSearchParams({ engine: this.#engine, language: this.#language })}`);
    } catch (error) {
      this.#voices = [];
      this.#count.textContent = error.message;
      this.#list.replaceChildren();
      return;
    }
    this.#drawList();
    this.#drawMixer();
    const chosen = this.#list.querySelector("[aria-pressed=true].pick") ?? this.#find;
    chosen.scrollIntoView({ block: "nearest" });
    chosen.focus();
  }

  #key = (voice) => `voice:${this.#engine}:${voice}`;

  #hear(voice) {
    const { name, rate, pitch } = this.#person;
    const path = this.#app.server.samplePath({ speaker: name, language: this.#language, engine: this.#engine, voice, rate, pitch });
    this.#app.player.toggle(this.#key(voice), () => this.#app.server.sound(path));
  }

  #drawList() {
    const find = this.#find.value.trim().toLowerCase();
    const fits = (voice) => voice.languages.length === 0 || voice.languages.includes(this.#language);
    const shown = this.#voices
      .filter((voice) => this.#others.checked || fits(voice) || this.#has(voice.name))
      .filter((voice) => !this.#gender.value || voice.gender === this.#gender.value || this.#has(voice.name))
      .filter((voice) => !find || `${voice.name} ${voice.description}`.toLowerCase().includes(find))
      .sort((a, b) => b.recommended - a.recommended);
    setText(this.#count, shown.length ? `${shown.length} voices; ▶ lets each say the first line of ${shownName(this.#person)}.` : "No voice fits.");
    this.#list.replaceChildren(...shown.map((voice) => this.#entry(voice, fits(voice))));
    this.#app.player.remark();
  }

  #has = (name) => this.#parts.some((part) => part.name === name);

  #entry(voice, fits) {
    const isChosen = this.#has(voice.name);
    const facts = [
      voice.description,
      voice.clarity ? `${percent(voice.clarity)} clear` : "",
      voice.quality ? `sounds ${voice.quality.toFixed(1)} of 5` : "",
      fits ? "" : `speaks ${voice.languages.map(languageName).join(", ")}`,
    ].filter(Boolean).join(" · ");
    const pick = h("button", { type: "button", class: "pick", "aria-pressed": String(isChosen), onclick: () => this.#choose([{ name: voice.name, weight: 1 }]) },
      h("b", {}, voice.name), voice.recommended ? h("span", { class: "tag" }, "recommended") : null, h("small", {}, facts));
    const canAdd = BLENDS.has(this.#engine) && !isChosen && this.#parts.length > 0 && this.#parts.length < MOST_BLENDED;
    return h("li", { class: isChosen ? "chosen" : "" },
      playButton(`Hear ${voice.name}`, this.#key(voice.name), () => this.#hear(voice.name), "round"),
      pick,
      canAdd ? button(`Blend ${voice.name} in`, { class: "plain", onclick: () => this.#choose(blendedWith(this.#parts, voice.name)) }, icon("plus")) : null);
  }

  #choose(parts) {
    const place = [...this.#list.children].indexOf(document.activeElement?.closest("li"));
    this.#parts = parts;
    this.#drawList();
    this.#drawMixer();
    const voice = parts.at(-1)?.name;
    const row = [...this.#list.children].find((item) => item.querySelector("b").textContent === voice) ?? this.#list.children[place];
    row?.querySelector(".pick").focus();
  }

  #drawMixer() {
    const sliders = this.#parts.length > 1 ? this.#parts.map((part) => this.#slider(part)) : [];
    const draw = () => {
      const share = shares(this.#parts);
      sliders.forEach((slider, index) => slider.show(share[index]));
    };
    const hear = playButton("Hear this voice", this.#key("chosen"), () => {
      const voice = voiceOf(this.#parts);
      const { name, rate, pitch } = this.#person;
      const path = this.#app.server.samplePath({ speaker: name, language: this.#language, engine: this.#engine, voice, rate, pitch });
      this.#app.player.toggle(this.#key("chosen"), () => this.#app.server.sound(path));
    }, "round");
    for (const slider of sliders) slider.input.addEventListener("input", draw);
    if (sliders.length) draw();
    const blend = BLENDS.has(this.#engine) && this.#parts.length === 1 ? h("p", { class: "help" }, "Press + at another voice to blend it in.") : null;
    this.#mixer.replaceChildren(
      ...sliders.map((slider) => slider.element),
      ...(blend ? [blend] : []),
      h("div", { class: "row end" },
        this.#parts.length ? hear : null,
        h("b", { class: "grow" }, this.#parts.length > 1 ? "The blend" : (this.#parts[0]?.name ?? "")),
        button("", { onclick: () => this.#use(null), title: "What the settings below this file say" }, "Automatic"),
        button("", { class: "primary", ...(this.#parts.length ? {} : { disabled: true }), onclick: () => this.#use(voiceOf(this.#parts)) }, this.#parts.length > 1 ? "Use this blend" : `Use ${this.#parts[0]?.name ?? "a voice"}`)));
  }

  #slider(part) {
    const output = h("output");
    const input = h("input", { type: "range", min: LEAST, max: 1 - LEAST, step: "0.05", "aria-label": `Share of ${part.name}`, oninput: () => reweigh(this.#parts, part, Number(input.value)) });
    return {
      input,
      element: h("div", { class: "tune" }, h("span", { class: "tune-label", "aria-hidden": "true" }, part.name), input, output,
        button(`Take ${part.name} out`, { class: "plain", onclick: () => this.#choose(this.#parts.filter((one) => one !== part)) }, icon("close"))),
      show: (share) => {
        setText(output, percent(share));
        input.setAttribute("aria-valuetext", percent(share));
        input.value = share;
        input.style.setProperty("--at", `${((share - LEAST) / (1 - 2 * LEAST)) * 100}%`);
      },
    };
  }

  async #use(voice) {
    const done = await this.#app.edit("voice", { speaker: this.#person.name, language: this.#language, engine: this.#engine, voice });
    if (done) this.#dialog.close();
  }
}
