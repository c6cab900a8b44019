// The app's own page in the workspace.

import { drawBlocks } from "./blocks.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { state } from "./state.js";
import { words } from "./strings.js";

const blocks = h("div", { class: "blocks" });
const empty = h("p", { class: "empty" }, words.emptyHome);
const body = h(
  "div",
  { class: "home", tabindex: 0, role: "region", "aria-label": words.homeTab },
  empty,
  blocks,
);
const pane = h(
  "div",
  { class: "channel" },
  h("header", { class: "room-head" }, h("h2", {}, icon("home"), words.product)),
  body,
);
let typed = {};
let drawnFor = "";

export function homePane(root) {
  if (pane.parentNode !== root) fill(root, pane);
  const { home, me } = state.slack;
  if (drawnFor !== `${me} ${home?.id}`) typed = {};
  drawnFor = `${me} ${home?.id}`;
  empty.hidden = Boolean(home);
  drawBlocks(blocks, home?.blocks ?? [], {
    place: { view: home?.id },
    state: home?.state.values ?? {},
    typed,
  });
}
