// Elements, and how numbers read. Text only ever becomes text nodes: nothing here parses HTML.

/** Make an element: `on…` keys listen, `true`/`false`/null set or leave out an attribute, other values are attributes. */
export function h(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "value") element.value = value;
    else setAttribute(element, name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : value);
}

/** Set text only where it differs, so that live regions do not repeat themselves and selections survive. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const SVG = "http://www.w3.org/2000/svg";

/** Draw one of the symbols of index.html. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  drawing.append(use);
  return drawing;
}

/** A name that does not turn the text around it, whatever script it is in. */
export const bdi = (text) => h("bdi", {}, text);

export function button(label, given, ...children) {
  return h("button", { type: "button", ...(label ? { "aria-label": label, title: label } : {}), ...given }, ...children);
}

/** A button that plays a sound; the player finds it by `key` to show that it is heard. */
export function playButton(label, key, onclick, className = "") {
  return h(
    "button",
    { type: "button", class: `play ${className}`, "aria-label": label, "data-sound": key, "aria-pressed": "false", onclick },
    icon("play"),
  );
}

/** Show another symbol where one is drawn. */
export function redraw(drawing, name) {
  drawing.firstElementChild.setAttribute("href", `#i-${name}`);
}

/**
 * Bring the children of `parent` in line with `items`, keeping the elements of those that stay.
 * `rows` remembers them between calls: key -> {element, signature}.
 */
export function keepKeyed(parent, rows, items, { key, signature, make, update }) {
  const wanted = new Set(items.map(key));
  for (const [name, row] of rows) {
    if (!wanted.has(name)) {
      row.element.remove();
      rows.delete(name);
    }
  }
  let next = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    const sign = signature(item);
    let row = rows.get(name);
    if (!row) {
      row = { element: make(item), signature: sign };
      rows.set(name, row);
    } else if (row.signature !== sign) {
      row.signature = sign;
      update(row.element, item);
    }
    if (row.element === next) next = next.nextElementSibling;
    else parent.insertBefore(row.element, next);
  }
}

/** 75.2 -> 1:15 */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Roughly how long, as people plan: "about 2 min". */
export function duration(seconds) {
  if (seconds < 2) return "a moment";
  if (seconds < 90) return `about ${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${(seconds / 3600).toFixed(1)} h`;
}

export function bytes(count) {
  return count < 1e6 ? `${Math.ceil(count / 1e3)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}

export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

const languageNames = new Intl.DisplayNames(["en"], { type: "language" });

export function languageName(tag) {
  try {
    return languageNames.of(tag);
  } catch {
    return tag; // no tag that a browser knows
  }
}

/** 0.05 -> "5 %" */
export const percent = (share) => `${Math.round(share * 100)} %`;

export const words = (path) => {
  const text = path.replaceAll("_", " ");
  return text[0].toUpperCase() + text.slice(1);
};

/** The class that gives a person's colour. */
export function colorOf(person) {
  if (!person || person.role === "narrator") return "person-n";
  return `person-${person.color % 8}`;
}

/** What people read as a person's name. */
export const shownName = (person) => (!person || person.role === "narrator" ? "Narrator" : person.shown);
