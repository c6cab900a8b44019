// On a narrow screen one pane at a time; these buttons say which.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { on } from "./state.js";
import { words } from "./strings.js";

const PANES = [
  ["client", "phone", words.tabs.client],
  ["staff", "people", words.tabs.staff],
  ["mail", "mail", words.tabs.mail],
  ["company", "table", words.company],
];
let shown = "client";

export function tabs(root) {
  const buttons = PANES.map(([pane, sign, name]) =>
    h(
      "button",
      { class: "tab", type: "button", "data-pane": pane, onclick: () => turn(pane) },
      icon(sign),
      h("span", {}, name),
      h("span", { class: "tab-dot", hidden: true }),
    ),
  );
  fill(root, buttons);
  turn(shown);
  on("chat", () => mark("client"));
  on("slack", () => mark("staff"));
  on("mail", () => mark("mail"));
  on("company", () => mark("company"));
}

// Where mailbox and company share one place, a button in the head of each leads to the other.
export function otherPane(pane, sign) {
  const dot = h("span", { class: "tab-dot", hidden: true });
  const show = () => {
    document.body.dataset.lower = pane;
    dot.hidden = true;
  };
  on(pane, () => {
    dot.hidden = document.body.dataset.lower === pane || !document.body.classList.contains("is-ready");
  });
  return h(
    "button",
    { class: "button other-pane", type: "button", onclick: show },
    icon(sign),
    words.otherPane[pane],
    dot,
  );
}

function turn(pane) {
  shown = pane;
  document.body.dataset.pane = pane;
  for (const one of document.querySelectorAll(".tab")) {
    const isShown = one.dataset.pane === pane;
    one.setAttribute("aria-current", String(isShown));
    if (isShown) one.querySelector(".tab-dot").hidden = true;
  }
}

// Something moved in a pane that is not shown.
function mark(pane) {
  if (pane === shown || !document.body.classList.contains("is-ready")) return;
  document.querySelector(`.tab[data-pane="${pane}"] .tab-dot`).hidden = false;
}
