// Short words that come and go by themselves.

import { h } from "./dom.js";

const SECONDS = 4;

export function toast(text, place = document.getElementById("toasts")) {
  if (!text) return;
  const line = h("p", { class: "toast" }, text);
  place.append(line);
  setTimeout(() => line.remove(), SECONDS * 1000);
}
