// Menus that hang on a button, and small questions. Arrows move, Escape closes and gives focus back.

import { h } from "./dom.js";
import { words } from "./strings.js";

let open = null;

// Entries are {label, hint, icon, act, isDanger}; `act` is called after the menu is gone.
export function menu(button, entries, label) {
  if (open?.button === button) return shut();
  shut();
  const items = entries.map((entry) => item(entry));
  const list = h(
    "div",
    { class: "menu", role: "menu", "aria-label": label ?? button.getAttribute("aria-label") },
    items,
  );
  list.addEventListener("keydown", (event) => moved(event, items));
  // Beside an open dialog everything else is inert, so its menus live in it.
  (button.closest("dialog") ?? document.body).append(list);
  place(list, button);
  open = { button, list };
  button.setAttribute("aria-expanded", "true");
  items[0]?.focus();
}

function item(entry) {
  const props = {
    class: `menu-item${entry.isDanger ? " is-danger" : ""}`,
    role: "menuitem",
    type: "button",
    tabindex: -1,
  };
  const act = () => {
    shut();
    entry.act();
  };
  return h(
    "button",
    { ...props, onclick: act },
    entry.icon,
    h("span", { class: "menu-label" }, entry.label),
    entry.hint ? h("span", { class: "menu-hint" }, entry.hint) : null,
  );
}

function place(list, button) {
  const at = button.getBoundingClientRect();
  const size = list.getBoundingClientRect();
  const below = at.bottom + 4 + size.height < innerHeight;
  const top = below ? at.bottom + 4 : Math.max(8, at.top - size.height - 4);
  const left = Math.min(Math.max(8, at.left), innerWidth - size.width - 8);
  list.style.top = `${top}px`;
  list.style.left = `${left}px`;
}

function moved(event, items) {
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Tab") shut();
  if (event.key === "Escape") {
    event.stopPropagation();
    shut();
  }
  if (to === undefined) return;
  event.preventDefault();
  items[(to + items.length) % items.length].focus();
}

export function shut() {
  if (!open) return;
  const { button, list } = open;
  open = null;
  const hadFocus = list.contains(document.activeElement);
  list.remove();
  button.removeAttribute("aria-expanded");
  if (hadFocus && button.isConnected) button.focus();
}

addEventListener("pointerdown", (event) => {
  if (open && !open.list.contains(event.target) && !open.button.contains(event.target)) shut();
});
addEventListener("resize", shut);

// Asks a question with two answers; gives whether it was the first.
export function ask({ title, text, yes = words.ok, no = words.cancel, isDanger = false }) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "question", "aria-label": title ?? yes });
    const done = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    dialog.append(
      title ? h("h2", {}, title) : "",
      h("p", {}, text),
      h(
        "div",
        { class: "question-actions" },
        no ? h("button", { class: "button", type: "button", onclick: () => done(false) }, no) : null,
        h(
          "button",
          {
            class: `button ${isDanger ? "is-danger" : "is-primary"}`,
            type: "button",
            autofocus: true,
            onclick: () => done(true),
          },
          yes,
        ),
      ),
    );
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      done(false);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
