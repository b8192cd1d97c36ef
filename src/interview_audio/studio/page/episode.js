// What a render would make anew, the render itself, and the finished episode.

import { bdi, bytes, clock, duration, h, keepKeyed, percent, plural, setText } from "./dom.js";

const RENDER = "render";
const STAGES = { download: "Downloading the voices", voices: "Speaking", sound: "Mixing the episode" };
const COUNTED = { download: "MB", voices: "lines", sound: "%" };
const PLAN_DELAY_MS = 300; // edits come in bursts; the plan of the last one is what counts
const ANNOUNCED = 0.25; // a screen reader hears of each quarter, not of each line

export class EpisodePanel {
  #app;
  #panel = document.querySelector("#episode");
  #timer = 0;
  #asked = 0;
  #took = 0;
  #announced = 0;
  #task = null;
  #parts = Object.fromEntries(["plan", "plan-text", "plan-more", "progress", "progress-text", "progress-bar", "render", "cancel"].map((id) => [id, document.querySelector(`#${id}`)]));
  #audio = h("audio", { controls: true, preload: "metadata" });
  #sound = null;
  #signature = null;
  #chapters = new Map();
  #chapterList = h("ol", { class: "episode-chapters" });

  constructor(app) {
    this.#app = app;
    const { server } = app;
    this.#parts.render.addEventListener("click", () => this.#start());
    this.#parts.cancel.addEventListener("click", () => server.post("render", { cancel: true }).catch((error) => app.say(error.message, true)));
    server.addEventListener("progress", ({ detail }) => (detail.task === RENDER ? this.#progress(detail) : this.#otherTask(detail)));
    server.addEventListener("finished", ({ detail }) => detail.task === RENDER && this.#finished(detail));
    this.#audio.addEventListener("timeupdate", () => this.#markChapter());
    this.#audio.addEventListener("play", () => app.player.stop());
    app.player.addEventListener("change", () => app.player.phase === "playing" && this.#audio.pause());
  }

  update() {
    this.#progress(this.#app.server.state.task);
    this.refreshSoon();
  }

  refreshSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), Math.max(PLAN_DELAY_MS, this.#took));
  }

  async #refresh() {
    const asked = ++this.#asked;
    const began = performance.now();
    const [plan, episode] = await Promise.allSettled([this.#app.server.get("plan"), this.#app.server.get("episode")]);
    this.#took = performance.now() - began; // a plan of many lines takes a while: it is asked for the more seldom
    if (asked !== this.#asked) return;
    const { value } = episode;
    if (episode.status === "fulfilled") this.#drawEpisode(value);
    if (plan.status === "fulfilled") this.#drawPlan(plan.value);
    else this.#say(plan.reason.message, "");
  }

  #say(text, more) {
    setText(this.#parts["plan-text"], text);
    setText(this.#parts["plan-more"], more);
  }

  #drawPlan(plan) {
    const isMade = plan.up_to_date;
    const what = isMade ? "The episode is up to date" : plan.to_make === 0 ? "Every line is spoken" : `${plan.to_make.toLocaleString("en")} of ${plural(plan.lines, "line")} to speak`;
    const time = isMade ? "" : plan.seconds === null ? "time not known yet" : duration(plan.seconds);
    this.#say([what, time].filter(Boolean).join(" · "), [`${clock(plan.length)} long`, plan.size ? bytes(plan.size) : ""].filter(Boolean).join(" · "));
    this.#parts.render.classList.toggle("primary", !isMade);
    const obstacles = plan.obstacles?.join("; ") ?? "";
    if (obstacles) this.#say(obstacles, "");
    this.#parts.plan.classList.toggle("blocked", obstacles !== "");
  }

  /** What the studio does besides a render: an engine's voices are loaded before the first word. */
  #otherTask({ stage, done, total }) {
    if (this.#task) return;
    if (done < total) setText(this.#parts["plan-more"], `${STAGES[stage] ?? stage}: ${percent(done / total)}`);
    else this.refreshSoon();
  }

  async #start() {
    try {
      await this.#app.server.post("render", {});
      this.#progress({ task: RENDER, stage: "", done: 0, total: 0, seconds_left: null });
    } catch (error) {
      this.#app.say(error.message, true);
    }
  }

  #progress(task) {
    const { plan, progress, render, cancel } = this.#parts;
    const hadFocus = [render, cancel].includes(document.activeElement);
    if (task?.stage !== this.#task?.stage) this.#announced = 0;
    this.#task = task;
    plan.hidden = render.hidden = Boolean(task);
    progress.hidden = cancel.hidden = !task;
    if (hadFocus) (task ? cancel : render).focus();
    if (!task) return;
    const bar = this.#parts["progress-bar"];
    const share = task.total ? task.done / task.total : null;
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
    const left = task.seconds_left === null || task.seconds_left === undefined ? "" : `${duration(task.seconds_left)} left`;
    const counted = COUNTED[task.stage] ?? "";
    const many = !task.total ? "" : counted === "%" ? percent(share) : `${task.done.toLocaleString("en")} of ${task.total.toLocaleString("en")} ${counted}`;
    setText(this.#parts["progress-text"], [STAGES[task.stage] ?? "Beginning", many, left].filter(Boolean).join(" · "));
    if (share !== null && share >= this.#announced + ANNOUNCED && share < 1) {
      this.#announced = Math.floor(share / ANNOUNCED) * ANNOUNCED;
      this.#app.announce(`${Math.round(share * 100)} %${left ? `, ${left}` : ""}`);
    }
  }

  #finished({ error, interrupted, path }) {
    this.#progress(null);
    if (error) this.#app.say(error, true);
    else if (interrupted) this.#app.say("Cancelled. What was spoken is kept.");
    else {
      this.#app.say(`The episode is ready: ${path}`);
      this.#app.show("episode", { focus: true });
    }
    this.refreshSoon();
  }

  #drawEpisode(episode) {
    const signature = JSON.stringify([episode, this.#app.server.state.command]);
    if (this.#signature === signature) return;
    this.#signature = signature;
    const command = [
      h("h3", {}, "On the command line"),
      h("p", { class: "help" }, "The same files give the same episode, to the byte:"),
      h("code", { class: "command", tabindex: "0" }, this.#app.server.state.command),
    ];
    if (!episode) {
      this.#panel.replaceChildren(h("p", { class: "nothing" }, "Nothing is rendered yet. Press Render; the episode appears here, with its chapters and files."), ...command);
      return;
    }
    const isSound = (name) => /\.(mp3|m4a|m4b|opus|flac|wav)$/i.test(name);
    const files = [...episode.files.filter(isSound), ...episode.files.filter((name) => !isSound(name))];
    const [sound] = files;
    const place = this.#audio.currentTime;
    const made = JSON.stringify([sound, episode.duration, episode.chapters]);
    if (this.#sound !== made) {
      this.#sound = made;
      // A new address for a new episode of the same name, or the browser goes on with the old one.
      this.#audio.src = `episode/${encodeURIComponent(sound)}?${this.#app.server.state.version}`;
      if (place) this.#audio.currentTime = place;
    }
    keepKeyed(this.#chapterList, this.#chapters, episode.chapters.map((chapter, index) => ({ ...chapter, index })), {
      key: (chapter) => chapter.index,
      signature: (chapter) => JSON.stringify(chapter),
      make: (chapter) => this.#chapter(h("li"), chapter),
      update: (element, chapter) => this.#chapter(element, chapter),
    });
    this.#panel.replaceChildren(
      h("h2", { dir: "auto" }, episode.title),
      h("p", { class: "help" }, `${clock(episode.duration)} · `, bdi(episode.path)),
      ...(episode.up_to_date ? [] : [h("p", { class: "warning" }, "You have changed something since: render again to hear it here.")]),
      this.#audio,
      h("h3", {}, "Chapters"), this.#chapterList,
      h("h3", {}, "Files"),
      h("ul", { class: "files" }, files.map((name) => h("li", {}, h("a", { href: `episode/${encodeURIComponent(name)}`, download: name }, bdi(name))))),
      ...command);
  }

  #chapter(element, { title, start }) {
    element.dataset.start = start;
    element.replaceChildren(h("button", { type: "button", onclick: () => {
      this.#audio.currentTime = start;
      this.#audio.play().catch(() => {}); // stopped again before it began
    } }, h("time", {}, clock(start)), h("span", { dir: "auto" }, title)));
    return element;
  }

  #markChapter() {
    const items = [...this.#chapterList.children];
    const now = items.findLast((item) => Number(item.dataset.start) <= this.#audio.currentTime + 0.05);
    for (const item of items) item.classList.toggle("now", item === now);
  }
}
