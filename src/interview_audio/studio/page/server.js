// What the page knows of the project, and how it asks for changes. The files are the truth; this is a copy of them.

/** The server understood and said no; `message` is for people. */
export class Refusal extends Error {}

const TRIES = 4;
const RECONNECT_MS = 1500;

/** Events: "state" (a new one is in `state`), "saving" (whether an edit is on its way), "progress", "finished", "notice", "connection" (see `connected`). */
export class Server extends EventTarget {
  state = null;
  connected = true;
  #changes = Promise.resolve();
  #fetching = null;
  #tag = null;

  /** Get the state, and hear of every later one. */
  async start() {
    this.#listen();
    await this.refresh();
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Fetch the state unless it is the one that we have. Calls made meanwhile wait for one more fetch. */
  refresh() {
    if (this.#fetching) {
      this.#fetching.again ??= this.#fetching.then(() => this.refresh());
      return this.#fetching.again;
    }
    this.#fetching = this.#fetch().finally(() => (this.#fetching = null));
    return this.#fetching;
  }

  async #fetch() {
    const answer = await ask("state", this.#tag ? { headers: { "If-None-Match": this.#tag } } : {});
    if (answer.status === 304) return;
    if (!answer.ok) throw new Refusal(await said(answer));
    this.#tag = answer.headers.get("ETag");
    this.state = await answer.json();
    this.#emit("state");
  }

  #listen() {
    const events = new EventSource("events");
    const hear = (name, what) => events.addEventListener(name, (event) => what(JSON.parse(event.data)));
    events.addEventListener("open", () => this.#connection(true));
    events.addEventListener("error", () => {
      this.#connection(false);
      if (events.readyState === EventSource.CLOSED) setTimeout(() => this.#listen(), RECONNECT_MS);
    });
    hear("state", () => this.refresh().catch(() => {})); // the first event of a connection, too: what was missed
    hear("progress", (detail) => this.#emit("progress", detail));
    hear("finished", (detail) => {
      this.#emit("finished", detail);
      this.refresh().catch(() => {});
    });
    hear("notice", (detail) => this.#emit("notice", detail));
    hear("warning", (detail) => this.#emit("notice", { ...detail, isWarning: true }));
  }

  #connection(isThere) {
    if (isThere === this.connected) return;
    this.connected = isThere;
    this.#emit("connection");
  }

  /**
   * Change something; resolves when the new state is here.
   * Edits go one after another, each on the newest version. Was a file changed meanwhile, the edit is tried again on
   * the new state while what it names is still there, between the same two: of equal turns it could be another one now.
   */
  edit(action, fields) {
    return this.#inTurn(() => {
      const between = this.#around(fields);
      return this.#change("edit", { action, ...fields }, () => this.#fits(fields) && this.#around(fields) === between);
    });
  }

  /** Undo or redo; never tried again on a newer version, where it would take back something else. */
  history(path) {
    return this.#inTurn(() => this.#change(path, {}, () => false));
  }

  #inTurn(work) {
    const result = this.#changes.then(work);
    const settled = result.catch(() => {}).then(() => {
      if (this.#changes === settled) this.#emit("saving", false);
    });
    this.#changes = settled;
    this.#emit("saving", true);
    return result;
  }

  /** What stands before and after a turn or a line. */
  #around({ turn, line }) {
    if (turn === undefined && line === undefined) return "";
    const ids = turn === undefined ? Object.keys(this.state.lines) : this.state.turns.map((one) => one.id);
    const at = ids.indexOf(turn ?? line);
    return `${ids[at - 1]} ${ids[at + 1]}`;
  }

  #fits({ turn, line, speaker, name }) {
    const { turns, lines, people } = this.state;
    if (turn !== undefined) return turns.some((one) => one.id === turn);
    if (line !== undefined) return line in lines;
    const person = name ?? speaker;
    return person === undefined || people.some((one) => one.name === person);
  }

  async #change(path, body, fits) {
    for (let tries = 1; ; tries++) {
      const answer = await this.#send(path, { ...body, version: this.state.version });
      if (answer.ok) break;
      if (answer.status !== 409) throw new Refusal(await said(answer));
      await this.refresh();
      if (tries === TRIES || !fits()) {
        throw new Refusal("The files were changed meanwhile, elsewhere: look again, this edit was not made.");
      }
    }
    await this.refresh();
  }

  #send(path, body) {
    return ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  }

  /** Post something that is no edit and give the answer's JSON. */
  async post(path, body) {
    const answer = await this.#send(path, body);
    if (!answer.ok) throw new Refusal(await said(answer));
    return answer.json();
  }

  async get(path) {
    const answer = await ask(path);
    if (!answer.ok) throw new Refusal(await said(answer));
    return answer.json();
  }

  /** Fetch a sound as a blob: of a path, or of a word to say (`body`). */
  async sound(path, body = null, signal = null) {
    const answer = await (body ? this.#send(path, body) : ask(path, { signal }));
    if (!answer.ok) throw new Refusal(await said(answer));
    return answer.blob();
  }

  /** The path of a line's sound. The version keeps apart what one take sounded like before and after an edit. */
  linePath(id, take) {
    const chosen = take ?? this.state.lines[id]?.take ?? 1;
    return `lines/${encodeURIComponent(id)}.wav?take=${chosen}&sound=${this.state.version}`;
  }

  samplePath(fields) {
    return `sample.wav?${new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))}`;
  }
}

/** Fetch; where nobody answers, say so as people would. */
async function ask(path, how = {}) {
  try {
    return await fetch(path, how);
  } catch (error) {
    throw error.name === "AbortError" ? error : new Refusal("The studio does not answer; nothing was changed.");
  }
}

async function said(answer) {
  try {
    const { error, file, line } = await answer.json();
    const place = file ? `${file}${line ? `:${line}` : ""}: ` : "";
    return error ? place + error : `The studio answered ${answer.status}.`;
  } catch {
    return answer.status === 404 ? "This is no longer there." : `The studio answered ${answer.status}.`;
  }
}
