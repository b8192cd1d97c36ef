// The menu at a turn's name: who says it, or what it is where nobody does.

import { bdi, button, colorOf, h } from "./dom.js";

const KINDS = [
  ["narration", "Narration", "the narrator reads it"],
  ["heading", "Heading", "a title inside the text"],
  ["quote", "Pull quote", "the page prints it a second time"],
  ["boilerplate", "Not part of the interview", "links, notices: never read"],
];

/** Open the menu beside a button; what is chosen is an edit of that turn. */
export function openWhoMenu(app, turn, anchor) {
  const menu = document.querySelector("#who-menu");
  const choose = (action, fields) => {
    menu.hidePopover();
    app.edit(action, { turn: turn.id, ...fields });
  };
  const people = app.server.state.people.filter((person) => person.role !== "narrator");
  const name = h("input", { type: "text", "aria-label": "Name of a new person", placeholder: "Somebody else…", autocomplete: "off" });
  menu.replaceChildren(
    h("h2", {}, "Who says this?"),
    h("div", { class: "choices" },
      people.map((person, number) =>
        choice(turn.kind === "speech" && person.name === turn.speaker, () => choose("speaker", { speaker: person.name }),
          h("span", { class: `dot ${colorOf(person)}` }), bdi(person.shown), number < 9 ? h("kbd", {}, String(number + 1)) : null))),
    h("form", { class: "new-person", onsubmit: (event) => {
      event.preventDefault();
      if (name.value.trim()) choose("speaker", { speaker: name.value.trim() });
    } }, name, h("button", { class: "small" }, "Add")),
    h("h2", {}, "Or nobody:"),
    h("div", { class: "choices" },
      KINDS.map(([kind, label, what]) =>
        choice(turn.kind === kind, () => choose("kind", { kind }), h("span", { class: "kind" }, label, h("small", {}, what))))),
  );
  menu.onkeydown = (event) => moveInMenu(event, menu);
  menu.onbeforetoggle = (event) => {
    if (event.newState === "closed" && menu.contains(document.activeElement)) anchor.isConnected && anchor.focus({ preventScroll: true });
  };
  menu.showPopover();
  place(menu, anchor);
  (menu.querySelector("[aria-pressed=true]") ?? menu.querySelector("button")).focus();
}

function choice(isChosen, onclick, ...children) {
  return button("", { class: "choice", "aria-pressed": String(isChosen), onclick }, ...children);
}

function moveInMenu(event, menu) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const choices = [...menu.querySelectorAll(".choice")];
  const digit = /^[1-9]$/.test(event.key) && event.target.tagName !== "INPUT" ? choices[event.key - 1] : null;
  if (digit?.querySelector("kbd")) digit.click();
  if (!step) return;
  event.preventDefault();
  const at = choices.indexOf(document.activeElement);
  choices[(at + step + choices.length) % choices.length].focus();
}

/** Below the button, or above where there is no room; a narrow screen shows it as a sheet (the stylesheet). */
function place(menu, anchor) {
  if (matchMedia("(max-width: 760px)").matches) {
    menu.removeAttribute("style");
    return;
  }
  const at = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = at.bottom + 6;
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
  menu.style.top = `${below + size.height < innerHeight - 8 ? below : Math.max(8, at.top - size.height - 6)}px`;
}
