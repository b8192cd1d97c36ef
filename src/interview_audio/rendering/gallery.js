
"use strict";
const page = JSON.parse(document.getElementById("data").textContent);
const get = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const sound = new Audio();
let playing = null;

get("about").textContent = page.about;
for (const tag of page.languages) get("language").append(new Option(tag, tag));

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function drawing(box, ...paths) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", box);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  for (const [name, d] of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", name);
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

const PLAY = "M3 1 L15 8 L3 15 Z", PAUSE = "M3 1 H7 V15 H3 Z M9 1 H13 V15 H9 Z";
const bars = (peaks, upTo) => peaks.slice(0, upTo).map((peak, x) => `M${x} ${50 - peak / 2} h.65 v${peak} h-.65 z`).join("");

function fact(name, value, title) {
  return element("div", { title }, element("dt", { textContent: name }), element("dd", { textContent: value }));
}

function card(voice) {
  const play = element("button", { className: "play", type: "button" }, drawing("0 0 16 16", ["", PLAY]));
  play.setAttribute("aria-label", `Play ${voice.name} in ${voice.language}`);
  const wave = element("button", { className: "wave", type: "button", tabIndex: -1 },
    drawing(`0 0 ${voice.peaks.length} 100`, ["all", bars(voice.peaks)], ["heard", ""]));
  wave.setAttribute("aria-hidden", "true");
  const copy = element("button", { type: "button", textContent: "Copy" });
  copy.setAttribute("aria-label", `Copy the line for ${voice.name}`);
  const marks = [];
  if (voice.recommended) marks.push(" ", element("span", { className: "mark", textContent: "recommended" }));
  if (voice.used) marks.push(" ", element("span", { className: "mark", textContent: voice.used }));
  const facts = element("dl", {});
  if (voice.clarity !== null) facts.append(fact("clear", `${voice.clarity} %`, "Share of words or characters that a speech recogniser hears right"));
  if (voice.quality !== null) facts.append(fact("quality", voice.quality.toFixed(2), "DNSMOS, 1 to 5; more is better"));
  if (voice.pitch !== null) facts.append(fact("pitch", `${voice.pitch} Hz`, "Median pitch"));
  const shown = element("article", {},
    play,
    element("div", {}, element("h2", { textContent: voice.name, dir: "ltr" }, ...marks),
      element("div", { className: "who", textContent: `${voice.language} · ${voice.gender}${voice.description ? " · " + voice.description : ""}` })),
    wave, facts,
    element("div", { className: "yaml" }, element("code", { textContent: voice.yaml, tabIndex: -1 }), copy));
  play.addEventListener("click", () => toggle(voice));
  wave.addEventListener("click", (event) => {
    const box = wave.getBoundingClientRect();
    start(voice, (event.clientX - box.left) / box.width);
  });
  copy.addEventListener("click", () => copyLine(voice));
  const said = `${voice.name} ${voice.name.replaceAll(/\W|_/g, " ")} ${voice.language} ${voice.gender} ${voice.description} ${voice.used}`;
  return Object.assign(voice, { shown, play, wave, words: said.toLowerCase().split(/\s+/) });
}

function start(voice, part = 0) {
  if (playing !== voice) {
    stop();
    playing = voice;
    sound.src = voice.audio;
    voice.shown.classList.add("playing");
    voice.play.firstChild.firstChild.setAttribute("d", PAUSE);
  }
  sound.currentTime = part * voice.seconds;
  sound.play().catch(() => {}); // it was stopped before it began
}

function stop() {
  sound.pause();
  if (!playing) return;
  playing.shown.classList.remove("playing");
  playing.play.firstChild.firstChild.setAttribute("d", PLAY);
  playing.wave.querySelector(".heard").setAttribute("d", "");
  playing = null;
}

const toggle = (voice) => (playing === voice ? stop() : start(voice));
sound.addEventListener("ended", stop);

(function follow() {
  if (playing) {
    const heard = Math.round((sound.currentTime / playing.seconds) * playing.peaks.length);
    playing.wave.querySelector(".heard").setAttribute("d", bars(playing.peaks, heard));
  }
  requestAnimationFrame(follow);
})();

async function copyLine(voice) {
  try {
    await navigator.clipboard.writeText(voice.yaml);
    say(`Copied ${voice.yaml}`);
  } catch {
    getSelection().selectAllChildren(voice.shown.querySelector("code"));
    say("Press Ctrl+C to copy the line that is selected");
  }
}

let silence;
function say(text) {
  get("status").textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => (get("status").textContent = ""), 4000);
}

const order = {
  quality: (a, b) => (b.quality ?? -1) - (a.quality ?? -1),
  clarity: (a, b) => (b.clarity ?? -1) - (a.clarity ?? -1),
  name: (a, b) => a.name.localeCompare(b.name),
};
let visible = [];
function show() {
  const words = get("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  visible = page.voices.filter((voice) =>
    (!get("language").value || voice.language === get("language").value) &&
    (!get("gender").value || voice.gender === get("gender").value) &&
    (!get("recommended").checked || voice.recommended || voice.used) &&
    words.every((word) => voice.words.some((own) => own.startsWith(word))));
  const compare = order[get("order").value];
  if (compare) visible.sort(compare);
  get("list").replaceChildren(...visible.map((voice) => voice.shown));
  get("none").hidden = visible.length > 0;
  if (playing && !visible.includes(playing)) stop();
}

page.voices.forEach(card);
get("filters").addEventListener("input", show);
get("filters").addEventListener("submit", (event) => event.preventDefault());
show();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input, select");
  if (event.key === "Escape") { stop(); if (typing) event.target.blur(); return; }
  if (typing) return;
  const at = visible.findIndex((voice) => voice.shown.contains(document.activeElement));
  const focus = (index) => visible[Math.max(0, Math.min(index, visible.length - 1))]?.play.focus();
  if (event.key === "/") get("search").focus();
  else if (event.key === "ArrowDown" || event.key === "ArrowRight") focus(at + 1);
  else if (event.key === "ArrowUp" || event.key === "ArrowLeft") focus(at - 1);
  else if (event.key === " " && !event.target.matches("button") && visible.length) toggle(visible[Math.max(at, 0)]);
  else if (event.key.toLowerCase() === "c" && at >= 0) copyLine(visible[at]);
  else return;
  event.preventDefault();
});
