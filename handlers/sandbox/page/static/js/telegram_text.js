// Telegram's entities as nodes. Offsets count UTF-16 units, as JavaScript's strings do.

import { h } from "./dom.js";
import { link } from "./safe_link.js";
import { words } from "./strings.js";

export function telegramText(text, entities, onCommand) {
  const order = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return piece(text, 0, text.length, order, onCommand);
}

function piece(text, from, to, entities, onCommand) {
  const nodes = [];
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [first, ...others] = rest;
    const start = Math.max(first.offset, at);
    const end = Math.min(first.offset + first.length, to);
    if (start > at) nodes.push(text.slice(at, start));
    const inside = others.filter((one) => one.offset < end);
    const clipped = inside.map((one) => ({ ...one, length: Math.min(one.length, end - one.offset) }));
    nodes.push(wrap(first, text.slice(start, end), piece(text, start, end, clipped, onCommand), onCommand));
    rest = others.filter((one) => one.offset >= end);
    at = isBlock(first) && text[end] === "\n" ? end + 1 : end;
  }
  nodes.push(text.slice(at, to));
  return nodes.filter((one) => one !== "");
}

// A block ends its line by itself: the line break after it is not drawn a second time.
function isBlock({ type }) {
  return type === "blockquote" || type === "expandable_blockquote" || type === "pre";
}

const PLAIN = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

function wrap(entity, raw, children, onCommand) {
  const tag = PLAIN[entity.type];
  if (tag) return h(tag, {}, children);
  switch (entity.type) {
    case "pre":
      return h("pre", { tabindex: 0 }, h("code", {}, children));
    case "blockquote":
    case "expandable_blockquote":
      return h("blockquote", {}, children);
    case "spoiler":
      return spoiler(children);
    case "text_link":
      return link(entity.url, children);
    case "url":
      return link(raw, children);
    case "email":
      return link(`mailto:${raw}`, children);
    case "phone_number":
      return link(`tel:${raw}`, children);
    case "bot_command":
      return h("button", { class: "as-link", type: "button", onclick: () => onCommand(raw) }, children);
    case "date_time":
      return h("time", {}, localTime(entity, raw));
    default:
      return h("span", { class: `entity-${entity.type}` }, children);
  }
}

function spoiler(children) {
  const show = (event) => event.currentTarget.classList.add("is-shown");
  return h(
    "button",
    { class: "spoiler", type: "button", "aria-label": words.spoiler, onclick: show },
    children,
  );
}

function localTime(entity, raw) {
  const at = entity.unix_time ?? entity.date;
  if (!at) return raw;
  return new Date(at * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}
