
"use strict";
const get = (id) => document.getElementById(id);
const page = JSON.parse(get("data").textContent);
const say = page.say;
const sound = get("sound");
const words = [...document.querySelectorAll("#transcript .words")];
const links = [...document.querySelectorAll("#chapters a")];
const openings = page.chapters.map(([start]) => start);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const fill = (text, parts) => text.replace(/\{(\w+)\}/g, (_, name) => parts[name]);

// Words: when each begins, where, and in which paragraph. Nothing is done for a word before it is lit.

const count = page.words.reduce((sum, numbers) => sum + numbers.length / 2, 0);
const starts = new Int32Array(count), places = new Int32Array(count), homes = new Int32Array(count);
const firsts = new Int32Array(words.length + 1);
const numbers = new Map(words.map((paragraph, number) => [paragraph, number]));
{
  let word = 0, time = 0;
  page.words.forEach((differences, number) => {
    firsts[number] = word;
    for (let at = 0, place = 0; at < differences.length; at += 2, word += 1) {
      starts[word] = time += differences[at + 1];
      places[word] = place += differences[at];
      homes[word] = number;
    }
  });
  firsts[words.length] = count;
}

/** Count how many of a sorted list, between two indices, are not above a value. */
function notAbove(list, value, low = 0, high = list.length) {
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const wordAt = (milliseconds) => notAbove(starts, milliseconds) - 1;
const wordIn = (number, place) => Math.max(notAbove(places, place, firsts[number], firsts[number + 1]) - 1, firsts[number]);

function spanOf(word) {
  const text = words[homes[word]].textContent;
  const end = word + 1 < firsts[homes[word] + 1] ? places[word + 1] : text.length;
  return [places[word], places[word] + text.slice(places[word], end).trimEnd().length];
}

/** Find the node and the offset in it of a place in a paragraph: there are several nodes around a <mark>. */
function point(paragraph, place) {
  const walk = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let node = walk.nextNode();
  while (place > node.length && walk.nextNode()) {
    place -= node.length;
    node = walk.currentNode;
  }
  return [node, Math.min(place, node.length)];
}

function rangeOf(paragraph, start, end) {
  const range = document.createRange();
  range.setStart(...point(paragraph, start));
  range.setEnd(...point(paragraph, end));
  return range;
}

const rangeOfWord = (word) => rangeOf(words[homes[word]], ...spanOf(word));

// What is lit: highlights need no element; without them one <mark> is moved.

const painted = {};
for (const name of ["hit", "quote", "hover", "word", "found"]) {
  if (!window.CSS?.highlights) break;
  painted[name] = new Highlight();
  CSS.highlights.set(name, painted[name]);
}
const mark = document.createElement("mark");

function paint(name, ranges) {
  if (painted[name]) {
    painted[name].clear();
    for (const range of ranges) painted[name].add(range);
  } else if (name === "word" || name === "found") {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent?.normalize();
    if (ranges.length) ranges[0].surroundContents(mark);
  }
}

// Playing.

let lit = -1, chapter = -1, second = -1, until = null;

const now = () => Math.round(sound.currentTime * 1000);

function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000), minutes = Math.floor(seconds / 60), two = (n) => String(n).padStart(2, "0");
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

function spoken(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const parts = [["hours", Math.floor(seconds / 3600)], ["minutes", Math.floor(seconds / 60) % 60], ["seconds", seconds % 60]];
  return parts.filter(([name, n]) => n || (name === "seconds" && seconds < 60)).map(([name, n]) => fill(say[name], { n })).join(" ");
}

function update() {
  const time = now();
  const word = wordAt(time);
  if (word !== lit) light(word);
  const current = Math.max(notAbove(openings, time) - 1, 0);
  if (current !== chapter && page.chapters.length) open(current);
  if (Math.floor(time / 1000) !== second) {
    second = Math.floor(time / 1000);
    get("now").textContent = clock(time);
    get("seek").value = time / 1000;
    get("ticks").style.setProperty("--at", `${(100 * time) / page.duration}%`);
    get("seek").setAttribute("aria-valuetext", fill(say.of, { now: spoken(time), all: spoken(page.duration) }));
  }
  if (until !== null && time >= until) {
    until = null;
    sound.pause();
  }
}

function light(word) {
  const before = lit < 0 ? null : words[homes[lit]].parentNode;
  const after = word < 0 ? null : words[homes[word]].parentNode;
  lit = word;
  paint("word", word < 0 ? [] : [rangeOfWord(word)]);
  if (before !== after) {
    before?.classList.remove("now");
    after?.classList.add("now");
  }
  follow();
}

function open(number) {
  links[chapter]?.removeAttribute("aria-current");
  chapter = number;
  links[number].setAttribute("aria-current", "true");
  const list = get("chapters"), item = links[number].parentNode;
  if (list.scrollHeight > list.clientHeight) list.scrollTop = item.offsetTop - list.offsetTop - list.clientHeight / 3;
  get("chapter").textContent = page.chapters[number][1];
  describe();
}

function tick() {
  update();
  if (!sound.paused) requestAnimationFrame(tick);
}

function seek(milliseconds, { play = false, keep = null } = {}) {
  const time = Math.min(Math.max(Math.round(milliseconds), 0), page.duration);
  sound.currentTime = time / 1000;
  until = keep;
  second = -1;
  update();
  if (play) start();
}

function start() {
  sound.play().catch(() => {}); // it was paused before it began, or "error" says why it does not
}

const toggle = () => (sound.paused ? start() : sound.pause());

function skip(seconds) {
  seek(now() + seconds * 1000);
}

function turnChapter(by) {
  const start = page.chapters[chapter]?.[0] ?? 0;
  const number = by < 0 && now() - start > 3000 ? chapter : chapter + by; // as music players do: first its beginning
  if (number < 0) jump(0);
  else if (page.chapters[number]) jump(page.chapters[number][0]);
}

function jump(milliseconds, how) {
  setFollowing(true);
  seek(milliseconds, how);
  reveal();
}

sound.addEventListener("seeked", update);
sound.addEventListener("play", () => { setPlaying(true); requestAnimationFrame(tick); });
sound.addEventListener("pause", () => { setPlaying(false); update(); remember(); });
sound.addEventListener("ended", () => { forget(); });
sound.addEventListener("timeupdate", () => { if (document.hidden) update(); });
sound.addEventListener("error", () => {
  get("broken").textContent = fill(say.broken, { file: decodeURIComponent(sound.getAttribute("src").slice(2)) });
  get("broken").hidden = false;
});
document.addEventListener("visibilitychange", update);

function setPlaying(playing) {
  const button = get("play");
  button.setAttribute("aria-label", playing ? say.pause : say.play);
  button.title = `${playing ? say.pause : say.play} (${say.space})`;
  button.querySelector("use").setAttribute("href", playing ? "#i-pause" : "#i-play");
  if ("mediaSession" in navigator) navigator.mediaSession.playbackState = playing ? "playing" : "paused";
  showFollow();
}

// The lit word is kept in view until its reader scrolls elsewhere.

let following = true, ours = 0;

function room() {
  const finder = get("finder").getBoundingClientRect();
  return [Math.max(finder.bottom, 0), innerHeight - get("player").querySelector(".deck").offsetHeight];
}

function setFollowing(on) {
  following = on;
  showFollow();
}

function showFollow() {
  get("follow").hidden = following || lit < 0;
}

function follow() {
  if (following && lit >= 0 && !sound.paused) bring(rangeOfWord(lit));
}

/** Scroll so that a range stands in the upper half, if it is not in good view. */
function bring(range) {
  const [top, bottom] = room(), box = range.getBoundingClientRect(), height = bottom - top;
  if (box.top >= top + 12 && box.bottom <= top + height * 0.72) return false;
  const by = box.top - top - height * 0.3;
  const smooth = !still.matches && Math.abs(by) < innerHeight * 1.5;
  ours = performance.now() + (smooth ? 1200 : 200);
  scrollBy({ top: by, behavior: smooth ? "smooth" : "instant" });
  return !smooth;
}

/** Bring a range into view at once: what lies between has its height only when it was near, so look again. */
function settle(range, tries = 8) {
  if (bring(range) && tries) requestAnimationFrame(() => settle(range, tries - 1));
}

function reveal() {
  if (lit >= 0) settle(rangeOfWord(lit));
  else scrollTo({ top: 0, behavior: "instant" });
}

function wander() {
  if (!sound.paused && following) setFollowing(false);
}

addEventListener("wheel", (event) => { if (event.deltaY && !event.ctrlKey) wander(); }, { passive: true });
addEventListener("touchmove", wander, { passive: true });
let looking = false;
addEventListener("scroll", () => {
  if (looking) return;
  looking = true;
  requestAnimationFrame(() => {
    looking = false;
    if (!following || lit < 0 || performance.now() < ours) return;
    const box = rangeOfWord(lit).getBoundingClientRect(); // by the scroll bar, a key, or the browser's own search
    if (box.bottom < 0 || box.top > innerHeight) setFollowing(false);
  });
}, { passive: true });
addEventListener("scrollend", () => { ours = Math.min(ours, performance.now() + 100); });

// A click on a word plays from it.

function caretAt(x, y) {
  const found = document.caretPositionFromPoint?.(x, y);
  if (found) return [found.offsetNode, found.offset];
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? [range.startContainer, range.startOffset] : [null, 0];
}

function placeOf(paragraph, node, offset) {
  const before = document.createRange();
  before.setStart(paragraph, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}

const contains = (range, x, y) => [...range.getClientRects()].some((box) => x >= box.left - 3 && x <= box.right + 3 && y >= box.top && y <= box.bottom);

/** Find the word at a point: a caret in the right half of a letter is behind it, maybe in the next word. */
function wordUnder(event) {
  const paragraph = event.target.closest?.(".words");
  if (!paragraph) return -1;
  const [node, offset] = caretAt(event.clientX, event.clientY);
  if (!node || !paragraph.contains(node)) return -1;
  const number = numbers.get(paragraph), word = wordIn(number, placeOf(paragraph, node, offset));
  const near = [word, word - 1].filter((one) => one >= firsts[number] && one < firsts[number + 1]);
  return near.find((one) => contains(rangeOfWord(one), event.clientX, event.clientY)) ?? -1;
}

get("transcript").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link || event.button || event.detail > 1 || !getSelection().isCollapsed) return;
  const word = wordUnder(event);
  if (word < 0) return;
  setFollowing(true);
  seek(starts[word], { play: true });
});

let hovered = -1;
function hover(word) {
  if (word === hovered) return;
  hovered = word;
  paint("hover", word < 0 ? [] : [rangeOfWord(word)]);
}
if (matchMedia("(hover: hover)").matches) {
  let last = null;
  get("transcript").addEventListener("pointermove", (event) => {
    if (!last) requestAnimationFrame(() => { hover(last.buttons ? -1 : wordUnder(last)); last = null; });
    last = event;
  });
  get("transcript").addEventListener("pointerleave", () => hover(-1));
}

// Links to a moment (#t=83.2) and to a quote (#t=83.2,91): media fragments, as the W3C has them.

function moment(address) {
  const found = /[#&]t=(?:npt:)?([\d.:]+)(?:,([\d.:]+))?(?:&|$)/.exec(address);
  if (!found) return null;
  const [start, end] = found.slice(1).map((text) => text && Math.round(1000 * text.split(":").reduce((sum, part) => 60 * sum + Number(part), 0)));
  if (!Number.isFinite(start) || start > page.duration) return null;
  return { start, end: Number.isFinite(end) && end > start ? end : null };
}

function visit(address, how) {
  const found = moment(address);
  if (!found) return false;
  jump(found.start, { ...how, keep: found.end });
  paint("quote", found.end === null ? [] : rangesBetween(wordAt(found.start), wordAt(found.end - 1)));
  return true;
}

function rangesBetween(first, last) {
  const ranges = [];
  for (let word = Math.max(first, 0); word <= last;) {
    const end = Math.min(last, firsts[homes[word] + 1] - 1);
    ranges.push(rangeOf(words[homes[word]], spanOf(word)[0], spanOf(end)[1]));
    word = end + 1;
  }
  return ranges;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#t="]');
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  visit(link.hash, { play: true });
});
addEventListener("hashchange", () => visit(location.hash));

const addressOf = (...milliseconds) => `${location.href.split("#")[0]}#t=${milliseconds.map((one) => String(one / 1000)).join()}`;

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return tell(say.copied);
  } catch { // the page came by plain HTTP, or the browser does not let it
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "for-ears";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  tell(copied ? say.copied : `${say.by_hand} ${text}`);
}

let silence;
function tell(text) {
  get("toast").textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => (get("toast").textContent = ""), 4000);
}

const copyMoment = () => copy(addressOf(Math.floor(now() / 100) * 100));

/** Return the first and the last word of what is selected; nothing if no word is. */
function selectedWords() {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(get("transcript")) || !range.toString().trim()) return null;
  let low = 0, high = words.length;
  while (low < high) { // the first paragraph whose end is not before the selection
    const middle = (low + high) >> 1;
    if (range.comparePoint(words[middle], words[middle].childNodes.length) < 0) low = middle + 1;
    else high = middle;
  }
  const first = low;
  for (high = words.length; low < high;) { // the first one that begins behind it
    const middle = (low + high) >> 1;
    if (range.comparePoint(words[middle], 0) <= 0) low = middle + 1;
    else high = middle;
  }
  const last = low - 1;
  if (first > last) return null;
  const inside = (number, node, offset, otherwise) => (words[number].contains(node) ? placeOf(words[number], node, offset) : otherwise);
  const start = inside(first, range.startContainer, range.startOffset, 0);
  const end = inside(last, range.endContainer, range.endOffset, Infinity);
  return end > 0 || first < last ? [wordIn(first, start), wordIn(last, Math.max(end - 1, 0))] : null;
}

document.addEventListener("selectionchange", () => {
  const button = get("quote"), chosen = selectedWords();
  button.hidden = !chosen;
});
get("quote").addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
get("quote").addEventListener("click", () => {
  const chosen = selectedWords();
  if (chosen) copy(addressOf(starts[chosen[0]], starts[chosen[1] + 1] ?? page.duration));
});

// Search.

let hits = [], shown = -1, texts = null;
const MOST_PAINTED = 2000;

function search() {
  const query = get("query").value.normalize("NFC").trim();
  hits = [];
  shown = -1;
  if (query) {
    const pattern = query.split(/\s+/).map((part) => RegExp.escape?.(part) ?? part.replace(/[.*+?^${}()|[\]\\\/-]/g, "\\$&"));
    const found = new RegExp(pattern.join("\\s+").replace(/['’]/g, "['’]"), "giu");
    texts ??= words.map((paragraph) => paragraph.textContent);
    texts.forEach((text, number) => {
      for (const hit of text.matchAll(found)) hits.push([number, hit.index, hit.index + hit[0].length]);
    });
  }
  paint("found", []);
  paint("hit", hits.slice(0, MOST_PAINTED).map(([number, start, end]) => rangeOf(words[number], start, end)));
  if (hits.length) show(firstFromHere());
  else countHits();
}

/** Find the first hit that is not above what is seen: turns that are not drawn have a box, their text has none. */
function firstFromHere() {
  let low = 0, high = hits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[hits[middle][0]].parentNode.getBoundingClientRect().bottom < 0) low = middle + 1;
    else high = middle;
  }
  return low % hits.length;
}

function show(number) {
  shown = (number + hits.length) % hits.length;
  const [paragraph, start, end] = hits[shown];
  setFollowing(false);
  const range = rangeOf(words[paragraph], start, end);
  paint("found", [range]);
  settle(range);
  countHits();
}

function countHits() {
  const some = hits.length > 0;
  get("previous").hidden = get("next").hidden = !some;
  get("finder").classList.toggle("some", some);
  get("count").textContent = some ? fill(say.hits, { n: shown + 1, all: hits.length }) : get("query").value.trim() && say.none;
}

let waiting;
get("query").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(search, 150);
});
get("query").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing) {
    if (hits.length) show(shown + (event.shiftKey ? -1 : 1));
    else search();
  } else if (event.key === "Escape") {
    get("query").value = "";
    search();
    get("query").blur();
  } else return;
  event.preventDefault();
});
get("next").addEventListener("click", () => show(shown + 1));
get("previous").addEventListener("click", () => show(shown - 1));

// What is remembered: the position in this episode, the speed, whether single keys do something. Some browsers keep nothing.

const place = `interview-audio ${location.pathname}`;

function kept(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(name);
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch { // it is forbidden, or full
  }
  return null;
}

function remember() {
  if (now() > 3000 && now() < page.duration - 5000) kept(`${place} position`, now() / 1000);
}
const forget = () => kept(`${place} position`, null);
setInterval(() => { if (!sound.paused) remember(); }, 5000);
addEventListener("pagehide", remember);

const SPEEDS = [0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];
get("speed").append(...SPEEDS.map((speed) => new Option(`${speed}×`, speed)));

function setSpeed(speed) {
  const wanted = SPEEDS.includes(speed) ? speed : 1;
  sound.defaultPlaybackRate = sound.playbackRate = wanted;
  sound.preservesPitch = sound.webkitPreservesPitch = sound.mozPreservesPitch = true;
  get("speed").value = wanted;
  kept("interview-audio speed", wanted);
}

function changeSpeed(by) {
  const index = SPEEDS.indexOf(sound.playbackRate) + by;
  if (SPEEDS[index]) setSpeed(SPEEDS[index]);
  tell(`${say.speed}: ${sound.playbackRate}×`);
}
get("speed").addEventListener("change", () => setSpeed(Number(get("speed").value)));

// The lock screen and the keys of a keyboard or a headset.

function describe() {
  if (!("mediaSession" in navigator) || !window.MediaMetadata) return;
  const picture = /^https?:/.test(location.protocol) ? [{ src: get("cover").src, type: "image/jpeg" }] : [];
  const about = {
    title: page.chapters[chapter]?.[1] ?? page.title,
    artist: page.artist || page.show,
    album: page.title,
    artwork: picture,
    chapterInfo: page.chapters.map(([start, title]) => ({ title, startTime: start / 1000, artwork: picture })),
  };
  navigator.mediaSession.metadata = new MediaMetadata(about);
}

function placeOnLockScreen() {
  const state = { duration: page.duration / 1000, playbackRate: sound.playbackRate, position: Math.min(now(), page.duration) / 1000 };
  navigator.mediaSession?.setPositionState?.(state);
}
for (const name of ["play", "seeked", "ratechange"]) sound.addEventListener(name, placeOnLockScreen);

const actions = {
  play: start,
  pause: () => sound.pause(),
  stop: () => sound.pause(),
  seekbackward: (how) => skip(-(how.seekOffset || 15)),
  seekforward: (how) => skip(how.seekOffset || 15),
  seekto: (how) => seek(how.seekTime * 1000),
  previoustrack: () => turnChapter(-1),
  nexttrack: () => turnChapter(1),
};
for (const [name, act] of Object.entries(actions)) {
  try {
    navigator.mediaSession?.setActionHandler(name, act);
  } catch { // a browser that does not know this one
  }
}

// Buttons and keys.

get("play").addEventListener("click", toggle);
get("back").addEventListener("click", () => skip(-15));
get("forth").addEventListener("click", () => skip(15));
get("link").addEventListener("click", copyMoment);
get("follow").addEventListener("click", () => { setFollowing(true); reveal(); });
get("seek").addEventListener("input", () => seek(Number(get("seek").value) * 1000));
get("seek").addEventListener("change", () => { setFollowing(true); reveal(); });
get("print").addEventListener("click", () => print());
get("help").addEventListener("click", () => get("keys").showModal());
get("close").addEventListener("click", () => get("keys").close());
get("keys").addEventListener("click", (event) => { if (event.target === get("keys")) get("keys").close(); });
get("single").addEventListener("change", () => kept("interview-audio single keys", get("single").checked ? null : "off"));
get("cover").addEventListener("error", () => (get("cover").hidden = true));
if (get("cover").complete && !get("cover").naturalWidth) get("cover").hidden = true;

const keys = {
  " ": toggle,
  k: toggle,
  ArrowLeft: () => skip(-15),
  ArrowRight: () => skip(15),
  p: () => turnChapter(-1),
  n: () => turnChapter(1),
  "<": () => changeSpeed(-1),
  ">": () => changeSpeed(1),
  "/": () => get("query").select(),
  f: () => { setFollowing(true); reveal(); },
  c: copyMoment,
  "?": () => get("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || get("keys").open) return;
  const on = event.target, act = keys[event.key.length > 1 ? event.key : event.key.toLowerCase()];
  if (event.key === "Escape") {
    for (const name of ["quote", "hit", "found"]) paint(name, []);
    getSelection().removeAllRanges();
  }
  if (!act || on.matches("input[type=search], select, [contenteditable]")) return;
  if (event.key === " " && on.matches("button, input[type=checkbox]")) return; // it presses them
  if (!get("single").checked && event.key.length === 1 && event.key !== " ") return;
  event.preventDefault();
  act();
});

// The seek bar shows where chapters begin, and on what the pointer is.

get("ticks").append(...page.chapters.slice(1).map(([start]) => {
  const tick = document.createElement("i");
  tick.style.insetInlineStart = `${(100 * start) / page.duration}%`;
  return tick;
}));
get("seek").addEventListener("pointermove", (event) => {
  const box = get("seek").getBoundingClientRect(), tip = get("tip");
  const part = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1), time = part * page.duration;
  const number = Math.max(notAbove(openings, time) - 1, 0);
  tip.textContent = [clock(time), page.chapters[number]?.[1]].filter(Boolean).join(" · ");
  tip.hidden = false;
  tip.style.left = `${Math.min(Math.max(part * box.width, tip.offsetWidth / 2), box.width - tip.offsetWidth / 2)}px`;
});
get("seek").addEventListener("pointerleave", () => (get("tip").hidden = true));

for (const time of document.querySelectorAll("header time")) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { dateStyle: "long", timeZone: "UTC" });
  time.textContent = format.format(new Date(time.dateTime));
}

if (!openings.length) {
  get("chapter").textContent = page.title;
  describe();
}

// The beginning: where a link points to, or where the last visit ended.

sound.controls = false;
get("single").checked = kept("interview-audio single keys") !== "off";
setSpeed(Number(kept("interview-audio speed") ?? 1));
if ("scrollRestoration" in history) history.scrollRestoration = "manual";
if (!visit(location.hash)) {
  const last = Number(kept(`${place} position`)) * 1000;
  if (last > 0 && last < page.duration) jump(last);
  else update();
}
