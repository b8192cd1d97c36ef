// The transcript: turns as understood, each with its lines; hearing, moving and editing in place.

import { bdi, button, colorOf, h, icon, keepKeyed, playButton, setText } from "./dom.js";
import { openWhoMenu } from "./who.js";

const AT_ONCE = 60; // turns drawn before the first paint: more than a screen holds
const A_STEP = 100; // turns drawn in one go afterwards, in less than a frame
const LONGEST_WORD = 60;
const FAR = 3; // screens that are jumped, not scrolled
const KINDS = { narration: "Narration", heading: "Heading", quote: "Quote", boilerplate: "Not read" };
// What marks of speech look like: `[pause 1]`, `[slow]…[/slow]`, `[Nguyen]{say: win}` (docs/speech.md).
const SAYS = String.raw`\{\s?(?:say|读作|讀作|读|讀|念)\s?[:：][^{}\n]{1,80}\}`;
const MARKS = new RegExp(
  String.raw`\[\s?\/?\s?(?:pause|slow|fast|stress|rate|pitch|volume|停顿|停頓|暂停|暫停|慢|快|重音|重读|音量)[^\[\]]{0,30}\]|\[(?=[^\[\]{}\n]{1,80}\]${SAYS})|\]?${SAYS}`,
  "giu",
);

// What the editor puts at the caret, or around the words that are selected.
const DELIVERY = {
  Pause: ["[pause 1]", ""],
  Slower: ["[slow]", "[/slow]"],
  Faster: ["[fast]", "[/fast]"],
  Stress: ["[stress]", "[/stress]"],
  Quieter: ["[volume -6]", "[/volume]"],
};

export class Transcript {
  #app;
  #list = document.querySelector("#turns");
  #scroller = document.querySelector("#transcript");
  #rows = new Map();
  #people = new Map();
  #chapters = new Map();
  #drawn = 0;
  #drawing = 0;
  #editing = null;
  /** {turn, line}: where the keyboard is; line is null for a turn that is not read. */
  current = null;

  constructor(app) {
    this.#app = app;
    this.#list.addEventListener("click", (event) => this.#onClick(event));
    this.#list.addEventListener("dblclick", (event) => this.#onDoubleClick(event));
    this.#list.addEventListener("keydown", (event) => this.#onKey(event));
    this.#list.addEventListener("focusin", (event) => this.#onFocus(event));
    this.#list.addEventListener("pointerover", (event) => this.#actsOf(event.target.closest(".turn")));
    addEventListener("beforeunload", (event) => {
      if (this.#editing && this.#editing.area.value.trim() !== this.#editing.turn.text) event.preventDefault();
    });
    document.addEventListener("selectionchange", () => this.#offerWord());
  }

  get #state() {
    return this.#app.server.state;
  }

  // Drawing

  update() {
    const { people, turns } = this.#state;
    this.#people = new Map(people.map((person) => [person.name, person]));
    this.#chapters = new Map(turns.filter((turn) => turn.chapter).map((turn, index) => [turn.id, index + 1]));
    clearTimeout(this.#drawing);
    const focus = this.#focused();
    this.#draw(Math.max(AT_ONCE, this.#drawn));
    if (!this.current) performance.mark("transcript"); // when people can begin to read
    document.querySelector("#empty").hidden = turns.length > 0;
    setText(document.querySelector("#empty"), "There is nothing in this file yet.");
    this.#keepCurrent(focus);
    this.#drawRest();
  }

  #draw(count) {
    const turns = this.#state.turns.slice(0, count);
    this.#drawn = turns.length;
    keepKeyed(this.#list, this.#rows, this.#withEditor(turns), {
      key: (turn) => turn.id,
      signature: (turn) => this.#signature(turn),
      make: (turn) => this.#fill(h("li", { class: "turn" }), turn),
      update: (element, turn) => element === this.#editing?.row || this.#fill(element, turn),
    });
  }

  /** Keep a turn on the screen while somebody types in it, even where a file no longer has it. */
  #withEditor(turns) {
    const editing = this.#editing;
    if (!editing || turns.some((turn) => turn.id === editing.turn.id)) return turns;
    if (this.#state.turns.some((turn) => turn.id === editing.turn.id)) return turns;
    const at = turns.findIndex((turn) => turn.index >= editing.turn.index);
    return at < 0 ? [...turns, editing.turn] : turns.toSpliced(at, 0, editing.turn);
  }

  /** Draw the rest a piece at a time, so that keys and scrolling are answered meanwhile. */
  #drawRest() {
    const { turns } = this.#state;
    if (this.#drawn >= turns.length) return;
    this.#drawing = setTimeout(() => {
      const rows = turns.slice(this.#drawn, this.#drawn + A_STEP).filter((turn) => !this.#rows.has(turn.id)).map((turn) => {
        const element = this.#fill(h("li", { class: "turn" }), turn);
        this.#rows.set(turn.id, { element, signature: this.#signature(turn) });
        return element;
      });
      this.#list.append(...rows);
      this.#drawn = Math.min(this.#drawn + A_STEP, turns.length);
      this.#drawRest();
    });
  }

  #drawUpTo(index) {
    if (index >= this.#drawn) this.#draw(index + AT_ONCE);
  }

  #signature(turn) {
    const person = this.#people.get(turn.speaker);
    const lines = turn.lines.map((id) => this.#state.lines[id]).map((line) => line && [line.text, line.take, line.takes]);
    const { index, ...shown } = turn; // where it stands is not drawn
    return JSON.stringify([shown, lines, person?.shown, person?.color, person?.role, this.#chapters.get(turn.id)]);
  }

  #fill(row, turn) {
    const person = this.#people.get(turn.speaker);
    const kind = turn.kind === "speech" ? "" : turn.kind;
    row.className = ["turn", colorOf(person), kind, turn.is_read ? "" : "unread"].filter(Boolean).join(" ");
    row.dataset.turn = turn.id;
    const body = h("div", { class: "body" }, this.#who(turn, person), this.#said(turn));
    row.replaceChildren(...[this.#chapter(turn), body].filter(Boolean));
    if (this.current?.turn === turn.id) this.#actsOf(row);
    return row;
  }

  #chapter(turn) {
    if (!turn.chapter) return null;
    const isItsText = turn.text.startsWith(turn.chapter.replace(/…$/, "")); // as most are: printed once is enough
    const title = h("span", { dir: "auto", lang: turn.language, class: isItsText ? "for-ears" : "" }, turn.chapter);
    return h("h2", { class: "chapter" }, `Chapter ${this.#chapters.get(turn.id)} `, title);
  }

  #who(turn, person) {
    const title = turn.kind === "heading" && turn.is_read && turn.index === 0 ? "Title" : KINDS[turn.kind];
    const shown = turn.kind === "speech" ? (person?.shown ?? turn.speaker ?? "Nobody") : title;
    const name = h(
      "button",
      { type: "button", class: "name", "data-act": "who", tabindex: "-1", "aria-haspopup": "dialog",
        "aria-label": `${shown}: who says this?`, title: "Who says this? (S)" },
      bdi(shown),
    );
    return h("div", { class: "who" }, name);
  }

  #said(turn) {
    const text = h("div", { class: "text", lang: turn.language, dir: "auto" });
    if (turn.lines.length) text.append(...this.#lines(turn));
    else text.append(h("span", { class: "words" }, turn.text));
    return h("div", { class: "said" }, text, this.#doubt(turn));
  }

  #lines(turn) {
    const space = /^(zh|ja)/.test(turn.language) ? "" : " ";
    return piecesOf(turn, this.#state.lines).flatMap(({ id, parts }, number) => {
      const line = this.#state.lines[id];
      const play = playButton(`Play: ${line.text}`, `line:${id}`, null, line.stored ? "stored" : "");
      play.dataset.act = "play";
      play.tabIndex = -1;
      play.title = line.stored ? "Play (Space)" : "Make and play (Space)";
      const words = parts.map(({ text, isMark }) => (isMark ? h("span", { class: "mark" }, text) : text));
      const take = line.takes > 1 ? h("span", { class: "take", title: `Take ${line.take} of ${line.takes}` }, `${line.take}/${line.takes}`) : null;
      return [number ? space : "", h("span", { class: "line", "data-line": id }, play, h("span", { class: "words" }, parts.length ? words : line.text), take)];
    });
  }

  /** What is not certain or not read, with the reason and the way to settle it. */
  #doubt(turn) {
    const isDoubted = turn.confidence !== "certain";
    if (turn.is_read && !isDoubted) return null;
    const tag = (text) => h("span", { class: "tag" }, text);
    return h("p", { class: `note ${turn.confidence}` },
      turn.is_read ? null : tag("Not read"),
      turn.confidence === "guessed" ? tag("Guess") : isDoubted && turn.is_read ? tag("Inferred") : null,
      turn.is_read ? turn.reason : turn.why_not,
      isDoubted ? h("button", { type: "button", class: "small", "data-act": "right", tabindex: "-1", title: "This is right (R)" }, icon("check"), "Right") : null);
  }

  /** The buttons of a turn; made when it is first pointed at or focused, so that 3,000 turns stay light. */
  #actsOf(row) {
    if (!row || row.querySelector(".acts") || row === this.#editing?.row) return;
    const hasLines = row.querySelector(".line") !== null;
    const act = (name, label, drawing) => h("button", { type: "button", class: "plain", "data-act": name, tabindex: "-1", "aria-label": label, title: label }, icon(drawing));
    row.querySelector(".body").append(
      h("div", { class: "acts" }, hasLines && act("onward", "Play from here (P)", "onward"), act("edit", "Edit the text (E)", "edit"), act("more", "More about this line (D)", "more")),
    );
    if (this.current && row.dataset.turn === this.current.turn) this.#setTabStops(row, true);
  }

  // Where the keyboard is

  #rowOf(id) {
    return this.#rows.get(id)?.element ?? null;
  }

  #turnOf(id) {
    return this.#state.turns.find((turn) => turn.id === id) ?? null;
  }

  /** What has the focus in the transcript, in words that still mean something after a redraw. */
  #focused() {
    const element = document.activeElement;
    const row = element?.closest?.("#turns .turn");
    if (!row || row === this.#editing?.row) return null;
    const lines = [...row.querySelectorAll(".line")];
    return { act: element.dataset.act, line: lines.indexOf(element.closest(".line")) };
  }

  /** After a redraw, find the turn that was current, or the one in its place, and give the focus back. */
  #keepCurrent(focus) {
    const { turns, lines } = this.#state;
    if (!turns.length) return;
    const before = this.current;
    let turn = before && turns.find((one) => one.id === before.turn);
    turn ??= turns[Math.min(before?.index ?? 0, turns.length - 1)];
    this.#drawUpTo(turn.index);
    const row = this.#rowOf(turn.id);
    const place = focus?.line ?? -1;
    let line = before && turn.lines.includes(before.line) ? before.line : null;
    line ??= turn.lines[Math.max(0, Math.min(place, turn.lines.length - 1))] ?? null;
    this.setCurrent(turn, line in lines ? line : null);
    if (focus && !row.contains(document.activeElement)) {
      const target = (focus.act && row.querySelector(`[data-act="${focus.act}"]`)) || this.#stopOf(turn.id, line);
      (focus.act === "play" ? this.#stopOf(turn.id, line) : target)?.focus({ preventScroll: true });
    }
  }

  /** Make a line the one that keys and panels are about. */
  setCurrent(turn, line) {
    const before = this.current && this.#rowOf(this.current.turn);
    const row = this.#rowOf(turn.id);
    if (before && before !== row) {
      before.classList.remove("current");
      this.#setTabStops(before, false);
    }
    const isSame = this.current?.turn === turn.id && this.current.line === line;
    this.current = { turn: turn.id, line, index: turn.index };
    row.classList.add("current");
    this.#actsOf(row);
    this.#setTabStops(row, true);
    if (!isSame) this.#app.onCurrent();
  }

  #setTabStops(row, isCurrent) {
    for (const control of row.querySelectorAll("[data-act]")) {
      const isOtherLine = control.dataset.act === "play" && control.closest(".line").dataset.line !== this.current.line;
      control.tabIndex = isCurrent && !isOtherLine ? 0 : -1;
    }
  }

  /** The control by which a line is reached: its play button, or the name where a turn is not read. */
  #stopOf(turn, line) {
    const row = this.#rowOf(turn);
    return (line && row?.querySelector(`[data-line="${CSS.escape(line)}"] .play`)) || row?.querySelector("[data-act]");
  }

  goTo(turn, line = turn.lines[0] ?? null) {
    this.#drawUpTo(turn.index);
    this.setCurrent(turn, line);
    const stop = this.#stopOf(turn.id, line);
    stop?.focus({ preventScroll: true });
    this.#reveal(stop ?? this.#rowOf(turn.id));
  }

  /** Scroll a turn to the top, for who jumps to a chapter. */
  reveal(turn) {
    this.#reveal(this.#rowOf(turn.id), "start");
  }

  /** Scroll so that something can be seen, with some of what is around it. */
  #reveal(element, block = "nearest") {
    if (!element) return;
    const away = Math.abs(element.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top);
    const isFar = away > FAR * this.#scroller.clientHeight;
    element.scrollIntoView({ block, behavior: isFar || calm() ? "auto" : "smooth" });
    // On the way turns get their real heights, so that a long way ends beside its aim.
    if (isFar) requestAnimationFrame(() => element.scrollIntoView({ block }));
  }

  /** Follow what is heard, unless somebody is typing. */
  follow(id) {
    const turn = this.#state.turns.find((one) => one.lines.includes(id));
    if (!turn || this.#editing) return;
    this.#drawUpTo(turn.index);
    const hasFocus = this.#list.contains(document.activeElement);
    this.setCurrent(turn, id);
    const stop = this.#stopOf(turn.id, id);
    if (hasFocus) stop?.focus({ preventScroll: true });
    this.#reveal(stop);
  }

  nextGuess() {
    const { turns } = this.#state;
    const isGuess = (turn) => turn.confidence === "guessed";
    const from = this.current?.index ?? -1;
    const next = turns.find((turn) => turn.index > from && isGuess(turn)) ?? turns.find(isGuess);
    if (next) this.goTo(next);
  }

  #move(step, byTurn) {
    const { turns } = this.#state;
    const turn = this.#turnOf(this.current.turn);
    const place = turn.lines.indexOf(this.current.line);
    const inside = turn.lines[place + step];
    if (!byTurn && place >= 0 && inside) return this.goTo(turn, inside);
    const other = turns[turn.index + step];
    if (other) this.goTo(other, (step > 0 || byTurn ? other.lines[0] : other.lines.at(-1)) ?? null);
  }

  // What people do

  #onFocus(event) {
    const row = event.target.closest(".turn");
    const turn = row && this.#turnOf(row.dataset.turn);
    if (!turn || row === this.#editing?.row) return;
    const line = event.target.closest(".line")?.dataset.line;
    const here = this.current?.turn === turn.id ? this.current.line : null;
    this.setCurrent(turn, line ?? here ?? turn.lines[0] ?? null);
  }

  #onClick(event) {
    const row = event.target.closest(".turn");
    const turn = row && this.#turnOf(row.dataset.turn);
    if (!turn || event.target.closest(".editor")) return;
    const line = event.target.closest(".line")?.dataset.line;
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act) this.#act(act, turn, line);
    else if (getSelection().isCollapsed) {
      this.setCurrent(turn, line ?? (this.current?.turn === turn.id ? this.current.line : turn.lines[0]) ?? null);
      this.#stopOf(turn.id, this.current.line)?.focus({ preventScroll: true });
    }
  }

  #onDoubleClick(event) {
    const turn = this.#turnOf(event.target.closest(".turn")?.dataset.turn);
    if (turn && !turn.lines.length && event.target.closest(".text")) this.edit(turn);
  }

  #act(act, turn, line = this.current?.turn === turn.id ? this.current.line : turn.lines[0]) {
    const app = this.#app;
    const { player } = app;
    switch (act) {
      case "play":
        return player.toggleLine(line, { goesOn: player.goesOn && player.key !== `line:${line}` && player.phase !== "idle" });
      case "onward":
        return player.playLine(line, { goesOn: true });
      case "who":
        return openWhoMenu(app, turn, this.#rowOf(turn.id).querySelector(".name"));
      case "right":
        return turn.kind === "speech" ? app.edit("speaker", { turn: turn.id, speaker: turn.speaker }) : app.edit("kind", { turn: turn.id, kind: turn.kind });
      case "edit":
        return this.edit(turn);
      case "more":
        this.setCurrent(turn, line ?? null);
        return app.show("line", { focus: true });
    }
  }

  #onKey(event) {
    if (event.target.closest(".editor") || event.ctrlKey || event.metaKey || event.isComposing || !this.current) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const turn = this.#turnOf(this.current.turn);
    const { line } = this.current;
    const does = {
      ArrowDown: () => this.#move(1, event.altKey),
      ArrowUp: () => this.#move(-1, event.altKey),
      Home: () => this.goTo(this.#state.turns[0]),
      End: () => this.goTo(this.#state.turns.at(-1)),
      e: () => this.edit(turn),
      F2: () => this.edit(turn),
      s: () => this.#act("who", turn),
      g: () => this.nextGuess(),
      j: () => this.join(turn),
      d: () => this.#act("more", turn, line),
      ...(turn.confidence !== "certain" && { r: () => this.#act("right", turn) }),
      ...(line && {
        p: () => this.#act("onward", turn, line),
        t: () => this.#app.anotherTake(line),
        w: () => this.#app.sayWordSo(line, selectedWord() ?? ""),
      }),
    };
    const person = /^[1-9]$/.test(key) ? this.#state.people.filter((one) => one.role !== "narrator")[key - 1] : null;
    if (person) does[key] = () => this.#app.edit("speaker", { turn: turn.id, speaker: person.name });
    if (!Object.hasOwn(does, key) || (event.altKey && !key.startsWith("Arrow"))) return;
    event.preventDefault();
    does[key]();
  }

  join(turn) {
    const next = this.#state.turns[turn.index + 1];
    if (next && next.kind === turn.kind && next.speaker === turn.speaker) return this.#app.edit("join", { turn: turn.id });
    this.#app.say("Only a turn of the same speaker can be joined with this one.");
  }

  // A turn's text, in place

  async edit(turn) {
    if (this.#editing?.turn.id === turn.id) return this.#editing.area.focus();
    if (this.#editing) await this.#save({ andFocus: false });
    if (this.#editing) return this.#editing.area.focus(); // it could not be saved
    this.#drawUpTo(turn.index);
    const row = this.#rowOf(turn.id);
    const area = h("textarea", { rows: "1", lang: turn.language, dir: "auto", "aria-label": "Text of this turn", spellcheck: "true", value: turn.text });
    const problem = h("p", { class: "problem", role: "alert" });
    const form = h(
      "form",
      { class: "editor", onsubmit: (event) => (event.preventDefault(), this.#save()) },
      area,
      h("div", { class: "row" },
        h("button", { class: "primary", title: "Enter" }, "Save"),
        button("", { onclick: () => this.#split(), title: "Ctrl+Enter" }, "Split at the caret"),
        button("", { onclick: () => this.#closeEditor({ andFocus: true }), title: "Escape" }, "Leave as it was")),
      h("div", { class: "row delivery", role: "group", "aria-label": "How the selected words are said" },
        Object.entries(DELIVERY).map(([name, [before, after]]) => button("", { class: "small", title: `${before}${after && "…"}${after}`, onclick: () => surround(area, before, after) }, name))),
      problem,
    );
    row.querySelector(".acts")?.remove();
    row.querySelector(".said").replaceChildren(form);
    row.classList.add("editing");
    this.#editing = { turn, row, area, problem };
    area.addEventListener("keydown", (event) => this.#onEditorKey(event));
    area.addEventListener("input", () => fit(area));
    fit(area);
    area.focus({ preventScroll: true });
    area.setSelectionRange(area.value.length, area.value.length);
    this.#reveal(row);
  }

  #onEditorKey(event) {
    event.stopPropagation();
    if (event.isComposing) return; // Enter and Escape belong to the input method
    if (event.key === "Escape") this.#closeEditor({ andFocus: true });
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#split();
    else if (event.key === "Enter" && !event.shiftKey) this.#save();
    else return;
    event.preventDefault();
  }

  async #save({ andFocus = true } = {}) {
    const { turn, area } = this.#editing;
    const text = area.value.trim();
    if (text === turn.text) return this.#closeEditor({ andFocus });
    await this.#send("text", { turn: turn.id, text }, andFocus);
  }

  async #split() {
    const { turn, area } = this.#editing;
    if (area.value !== turn.text) {
      this.#editing.problem.textContent = "Save the text first; then split it.";
      return;
    }
    await this.#send("split", { turn: turn.id, at: [...area.value.slice(0, area.selectionStart)].length });
  }

  async #send(action, fields, andFocus = true) {
    const editing = this.#editing;
    editing.area.readOnly = true;
    try {
      await this.#app.server.edit(action, fields);
      if (this.#editing === editing) this.#closeEditor({ andFocus });
    } catch (error) {
      editing.area.readOnly = false;
      editing.problem.textContent = error.message;
      editing.area.focus();
    }
  }

  #closeEditor({ andFocus = false } = {}) {
    const editing = this.#editing;
    if (!editing) return;
    this.#editing = null;
    const turn = this.#turnOf(editing.turn.id);
    const { turns } = this.#state;
    if (turn) this.#fill(editing.row, turn);
    else this.#draw(this.#drawn);
    const here = turn ?? turns[Math.min(editing.turn.index, turns.length - 1)];
    if (andFocus && here) this.goTo(here);
  }

  /** Offer to say a selected word otherwise, next to it. */
  #offerWord() {
    const offer = document.querySelector("#say-so");
    const word = selectedWord();
    const line = word && getSelection().anchorNode.parentElement.closest("#turns .line");
    offer.hidden = !line;
    if (!line) return;
    const box = getSelection().getRangeAt(0).getBoundingClientRect();
    offer.style.insetInlineStart = `${Math.max(8, Math.min(box.left, innerWidth - 200))}px`;
    offer.style.insetBlockStart = `${Math.max(8, box.top - 42)}px`;
    offer.replaceChildren("Say “", bdi(word.trim()), "” so…");
    offer.onclick = () => this.#app.sayWordSo(line.dataset.line, word);
  }
}

/** Where each line's words are in the text of its turn, with the marks of speech between them. */
function piecesOf(turn, lines) {
  const marks = [...turn.text.matchAll(MARKS)].map((found) => [found.index, found.index + found[0].length]);
  let plain = "";
  const places = []; // of each character of `plain` in the turn's text
  let at = 0;
  for (const [start, end] of [...marks, [turn.text.length, turn.text.length]]) {
    for (; at < start; at++) {
      plain += turn.text[at];
      places.push(at);
    }
    at = end;
  }
  let from = 0;
  let shown = 0;
  return turn.lines.filter((id) => id in lines).map((id, number, all) => {
    const { text } = lines[id];
    const start = marks.length ? plain.indexOf(text, from) : -1;
    if (start < 0) return { id, parts: [] };
    from = start + text.length;
    const end = number === all.length - 1 ? turn.text.length : places[from - 1] + 1;
    const parts = partsOf(turn.text, shown, end, marks);
    shown = end;
    return { id, parts };
  });
}

function partsOf(text, start, end, marks) {
  const parts = [];
  let at = start;
  for (const [from, to] of marks.filter(([from]) => from >= start && from < end)) {
    if (from > at) parts.push({ text: text.slice(at, from), isMark: false });
    parts.push({ text: text.slice(from, to), isMark: true });
    at = to;
  }
  if (at < end) parts.push({ text: text.slice(at, end), isMark: false });
  return parts;
}

function selectedWord() {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.anchorNode?.parentElement) return null;
  const words = selection.anchorNode.parentElement.closest("#turns .words");
  const text = selection.toString().trim();
  return words?.contains(selection.focusNode) && text && text.length <= LONGEST_WORD ? text : null;
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function fit(area) {
  area.style.blockSize = "auto";
  area.style.blockSize = `${area.scrollHeight + 2}px`;
}

/** Put marks around the selection, so that the field's own undo takes them back. */
function surround(area, before, after) {
  const [start, end] = [area.selectionStart, area.selectionEnd];
  const words = area.value.slice(start, end);
  area.focus();
  if (!document.execCommand("insertText", false, before + words + after)) area.setRangeText(before + words + after);
  const from = start + before.length;
  area.setSelectionRange(from, from + words.length);
  fit(area);
}
