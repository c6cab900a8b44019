// One channel: its head, its messages and the place to write in.

import { announce, fill, follow, h, sync, toEnd } from "./dom.js";
import { icon } from "./icons.js";
import { slackComposer } from "./slack_composer.js";
import { messageItems } from "./slack_message.js";
import { state } from "./state.js";
import { words } from "./strings.js";

const title = h("h2", {});
const members = h("p", { class: "room-members" });
const list = h("div", { class: "message-list", role: "log", "aria-live": "off", tabindex: 0 });
const foot = slackComposer("channel");
const pane = h(
  "div",
  { class: "channel" },
  h("header", { class: "room-head" }, title, members),
  list,
  foot.node,
);
follow(list);
let drawn = "";

export function channelPane(root) {
  const room = state.slack.channels.find((one) => one.id === state.look.channel);
  if (!room) return;
  if (pane.parentNode !== root) fill(root, pane);
  const label = room.kind === "im" ? words.product : `#${room.name}`;
  fill(
    title,
    icon(room.kind === "private_channel" ? "lock" : room.kind === "im" ? "thread" : "hash"),
    room.name || words.product,
  );
  members.textContent = room.kind === "im" ? "" : words.members(room.members);
  list.setAttribute("aria-label", label);
  foot.turn({ channel: room.id, thread: "", hint: words.writeIn(label) });
  const isOther = drawn !== `${state.look.viewer} ${room.id}`;
  drawn = `${state.look.viewer} ${room.id}`;
  const before = isOther ? null : new Set(list.kept?.keys());
  const items = state.slack.messages.length
    ? messageItems(state.slack.messages, room.id, "channel")
    : [empty()];
  sync(list, items);
  if (isOther) toEnd(list);
  if (before) announceNews(before, state.slack.messages);
}

export function announceNews(before, messages) {
  for (const one of messages) if (!before.has(one.ts) && one.user !== state.slack.me) announce(one.text);
}

function empty() {
  return { key: "empty", sig: "", make: () => h("p", { class: "empty" }, words.noMessages) };
}
