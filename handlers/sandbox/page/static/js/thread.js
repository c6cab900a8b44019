// The thread pane: a ticket's conversation.

import { announceNews } from "./channel.js";
import { look } from "./connection.js";
import { fill, follow, h, sync, toEnd } from "./dom.js";
import { icon } from "./icons.js";
import { slackComposer } from "./slack_composer.js";
import { messageItems } from "./slack_message.js";
import { state } from "./state.js";
import { words } from "./strings.js";

const list = h("div", {
  class: "message-list",
  role: "log",
  "aria-live": "off",
  tabindex: 0,
  "aria-label": words.thread,
});
const foot = slackComposer("thread", words.noteHint);
const close = h(
  "button",
  {
    class: "icon-button",
    type: "button",
    "aria-label": words.closeThread,
    onclick: () => look({ thread: "" }),
  },
  icon("close"),
);
const head = h("header", { class: "room-head" }, h("h2", {}, words.thread), close);
follow(list);
let drawn = "";

export function threadPane(root) {
  const thread = state.slack.thread;
  root.hidden = !thread || !state.look.thread;
  if (root.hidden) {
    drawn = "";
    return;
  }
  if (list.parentNode !== root) {
    fill(root, head, list, foot.node);
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) look({ thread: "" });
    });
  }
  foot.turn({ channel: state.look.channel, thread: thread.ts, hint: words.writeInThread });
  const isOther = drawn !== `${state.look.viewer} ${thread.ts}`;
  drawn = `${state.look.viewer} ${thread.ts}`;
  const before = isOther ? null : new Set(list.kept?.keys());
  const all = thread.root ? [thread.root, ...thread.replies] : thread.replies;
  const items = messageItems(all, state.look.channel, "thread");
  if (thread.root && thread.replies.length)
    items.splice(items.findIndex((one) => one.key === thread.ts) + 1, 0, countLine(thread.replies.length));
  sync(list, items);
  if (isOther) toEnd(list);
  if (before) announceNews(before, thread.replies);
}

function countLine(count) {
  return {
    key: "count",
    sig: String(count),
    make: () => h("p", { class: "reply-count" }, h("span", {}, words.replies(count))),
  };
}
