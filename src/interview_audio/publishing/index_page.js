"use strict";
const page = JSON.parse(document.getElementById("data").textContent);
const get = (id) => document.getElementById(id);
const items = [...get("list").children];
const folded = (text) => text.normalize("NFKC").toLowerCase();
const MOST_HITS = 3;

for (const [index, episode] of page.episodes.entries()) {
  episode.item = items[index];
  episode.text = folded([episode.item.textContent, ...episode.chapters.map(([, title]) => title)].join("\n"));
}

const clock = (seconds) => {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  return `${h ? `${h}:${String(m).padStart(2, "0")}` : m}:${String(s).padStart(2, "0")}`;
};

function hits(episode, words) {
  const list = document.createElement("ul");
  list.className = "hits";
  const found = episode.chapters.filter(([, title]) => words.some((word) => folded(title).includes(word)));
  for (const [start, title] of words.length ? found.slice(0, MOST_HITS) : []) {
    const time = document.createElement("time");
    time.textContent = clock(start);
    const link = document.createElement(episode.page ? "a" : "span");
    link.textContent = title;
    if (episode.page) link.href = `${episode.page}#t=${start}`;
    const entry = document.createElement("li");
    entry.append(time, link);
    list.append(entry);
  }
  episode.item.querySelector(".hits")?.remove();
  if (list.children.length) episode.item.querySelector(".words").append(list);
}

let silence;
function say(text) {
  get("status").textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => (get("status").textContent = ""), 4000);
}

function show() {
  const words = folded(get("search").value).split(/\s+/).filter(Boolean);
  const language = get("language")?.value ?? "";
  let count = 0;
  for (const episode of page.episodes) {
    const fits = (!language || episode.language === language) && words.every((word) => episode.text.includes(word));
    episode.item.hidden = !fits;
    count += fits;
    hits(episode, fits ? words : []);
  }
  get("none").hidden = count > 0 || !page.episodes.length;
  if (words.length || language) say(page.words.found.replace("#", count));
}

let waiting;
if (page.episodes.length > 1) {
  get("find").hidden = false;
  get("find").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 80);
  });
  get("find").addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
}
const names = new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "language" });
for (const option of document.querySelectorAll("#language option[value]:not([value=''])")) {
  option.textContent = names.of(option.value) ?? option.value;
}

async function copy(input) {
  input.focus();
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
  } catch {
    // Over http, in a network of one's own, browsers allow the old way alone.
    if (!document.execCommand("copy")) return say(page.words.press);
  }
  say(page.words.copied);
}
for (const button of document.querySelectorAll(".address button")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button.previousElementSibling));
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select")) return;
  if (get("find").hidden) return;
  event.preventDefault();
  get("search").focus();
});
