// One message of a channel or thread, with its blocks, files, reactions and what can be done to it.

import { renderBlocks } from "./blocks.js";
import { actInSlack, look } from "./connection.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { initials } from "./phone.js";
import { size } from "./phone_bubbles.js";
import { ask, menu } from "./popover.js";
import { beginEdit } from "./slack_composer.js";
import { mrkdwn } from "./slack_text.js";
import { person, state } from "./state.js";
import { words } from "./strings.js";

export function messageItems(messages, channel, pane) {
  let day = "";
  const items = [];
  for (const one of messages) {
    const date = new Date(Number(one.ts) * 1000).toDateString();
    if (pane === "channel" && date !== day) items.push(dayLine(one.ts, date));
    day = date;
    const isOpen = one.ts === state.look.thread;
    items.push({
      key: one.ts,
      sig: JSON.stringify([without(one), isOpen, pane, state.look.viewer]),
      make: () => message(one, channel, pane, isOpen),
    });
  }
  return items;
}

// What is chosen in a message's own menus is on the screen already.
function without({ state: _, ...rest }) {
  return rest;
}

function dayLine(ts, day) {
  const shown = new Date(Number(ts) * 1000).toLocaleDateString([], {
    weekday: "long",
    month: "long",
    day: "numeric",
  });
  return { key: `d${day}`, sig: shown, make: () => h("p", { class: "day" }, h("span", {}, shown)) };
}

function message(one, channel, pane, isOpen) {
  const author = person(one.user);
  const name = one.username || author?.real_name || author?.name || words.app;
  const isApp = Boolean(one.bot_id);
  const at = state.cast.staff.findIndex((each) => each.id === one.user);
  const look = isApp ? "is-bot" : `tint-${Math.max(0, at) % 4}`;
  const classes = [
    "post",
    one.seen_by ? "is-private" : "",
    isOpen && pane === "channel" ? "is-open" : "",
  ].join(" ");
  return h(
    "article",
    { class: classes, "aria-label": name, "data-ts": one.ts },
    h("span", { class: `avatar is-square ${look}`, "aria-hidden": "true" }, isApp ? "PD" : initials(name)),
    h(
      "div",
      { class: "post-body" },
      one.seen_by ? privateLine(one, channel) : null,
      h(
        "p",
        { class: "post-head" },
        h("strong", {}, name),
        isApp ? h("span", { class: "tag" }, words.app) : null,
        author?.is_restricted ? h("span", { class: "tag" }, words.guest) : null,
        clock(one.ts),
      ),
      content(one, channel),
      one.edited && one.subtype !== "tombstone" && !isApp
        ? h("span", { class: "edited" }, `(${words.edited})`)
        : null,
      (one.files ?? []).map(file),
      reactions(one),
      pane === "channel" ? replies(one) : null,
    ),
    one.subtype === "tombstone" ? null : tools(one, channel, pane),
  );
}

function clock(ts) {
  const at = new Date(Number(ts) * 1000);
  return h(
    "time",
    { datetime: at.toISOString(), title: at.toLocaleString() },
    at.toLocaleTimeString([], { timeStyle: "short" }),
  );
}

function privateLine(one, channel) {
  const dismiss = () => actInSlack({ do: "dismiss", ts: one.ts, channel });
  return h(
    "p",
    { class: "private-line" },
    icon("lock"),
    words.onlyYou,
    " ",
    h("button", { class: "as-link", type: "button", onclick: dismiss }, words.dismiss),
  );
}

function content(one, channel) {
  if (one.subtype === "tombstone") return h("p", { class: "muted" }, words.deleted);
  const place = { channel, ts: one.ts };
  const parts = one.blocks?.length
    ? [renderBlocks(one.blocks, { place, state: one.state })]
    : one.text
      ? [h("div", { class: "post-text" }, mrkdwn(one.text))]
      : [];
  for (const extra of one.attachments ?? []) parts.push(attachment(extra, place));
  return parts;
}

function attachment(extra, place) {
  const inside = extra.blocks?.length
    ? renderBlocks(extra.blocks, { place, state: {} })
    : h("div", { class: "post-text" }, mrkdwn(extra.text || extra.fallback || ""));
  return h("div", { class: "attachment" }, inside);
}

function file(one) {
  if (one.mode === "tombstone") return h("p", { class: "muted" }, words.deleted);
  const address = `/files/slack/${encodeURIComponent(one.id)}`;
  if (one.mimetype.startsWith("image/"))
    return h("img", { class: "picture", src: address, alt: one.title || one.name, loading: "lazy" });
  return h(
    "a",
    { class: "file", href: address, download: one.name },
    h("span", { class: "file-icon" }, icon("file")),
    h(
      "span",
      { class: "file-text" },
      h("span", { class: "file-name" }, one.title || one.name),
      h("span", { class: "file-size" }, `${one.pretty_type} ${size(one.size)}`),
    ),
  );
}

function reactions(one) {
  if (!one.reactions?.length) return null;
  const names = (each) => each.users.map((id) => person(id)?.real_name ?? id).join(", ");
  return h(
    "p",
    { class: "reactions" },
    one.reactions.map((each) =>
      h(
        "span",
        { class: "reaction", title: `:${each.name}: ${names(each)}` },
        emoji(each.name),
        " ",
        String(each.count),
      ),
    ),
  );
}

function replies(one) {
  if (!one.reply_count) return null;
  const open = () => look({ thread: one.ts });
  return h(
    "button",
    { class: "replies", type: "button", "data-focus": `replies-${one.ts}`, onclick: open },
    icon("thread"),
    words.replies(one.reply_count),
  );
}

function tools(one, channel, pane) {
  const isOwn = one.user === state.slack.me;
  const items = [];
  if (pane === "channel" && !one.seen_by)
    items.push(tool("thread", words.replyInThread, `thread-${one.ts}`, () => look({ thread: one.ts })));
  if (!one.seen_by)
    items.push(
      tool("smile", words.react, `react-${one.ts}`, () =>
        actInSlack({ do: "react", ts: one.ts, channel, name: "eyes" }),
      ),
    );
  if (isOwn) items.push(tool("edit", words.edit, `edit-${one.ts}`, () => beginEdit(one, channel, pane)));
  if (isOwn) items.push(tool("trash", words.remove, `delete-${one.ts}`, () => remove(one, channel)));
  if (!one.seen_by && state.cast.shortcuts.length) {
    const more = tool("more", words.moreActions, `more-${one.ts}`, () => shortcuts(more, one, channel));
    more.setAttribute("aria-haspopup", "menu");
    items.push(more);
  }
  return items.length
    ? h("div", { class: "post-tools", role: "group", "aria-label": words.moreActions }, items)
    : null;
}

function tool(sign, label, mark, act) {
  return h(
    "button",
    {
      class: "icon-button",
      type: "button",
      "aria-label": label,
      title: label,
      "data-focus": mark,
      onclick: act,
    },
    icon(sign),
  );
}

async function remove(one, channel) {
  const may = await ask({ text: `${words.remove}?`, yes: words.remove, isDanger: true });
  if (may) actInSlack({ do: "delete", ts: one.ts, channel });
}

function shortcuts(button, one, channel) {
  menu(
    button,
    state.cast.shortcuts.map(({ callback, label }) => ({
      label,
      icon: icon("bolt"),
      act: () => actInSlack({ do: "shortcut", callback, channel, ts: one.ts }),
    })),
  );
}
