// Light, dark, or as the system has it.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { words } from "./strings.js";

const ORDER = ["system", "light", "dark"];
const ICONS = { system: "half", light: "sun", dark: "moon" };
const REMEMBERED = "desk-sandbox-theme";

export function themeButton() {
  const button = h("button", { class: "icon-button theme", type: "button" });
  const show = (name) => {
    if (name === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    button.setAttribute("aria-label", words.theme[name]);
    button.title = words.theme[name];
    fill(button, icon(ICONS[name]));
  };
  let now = ORDER.includes(localStorage.getItem(REMEMBERED)) ? localStorage.getItem(REMEMBERED) : "system";
  button.addEventListener("click", () => {
    now = ORDER[(ORDER.indexOf(now) + 1) % ORDER.length];
    localStorage.setItem(REMEMBERED, now);
    show(now);
  });
  show(now);
  return button;
}
