// Links that people or the desk wrote: only to places a click may go, and never with our address along.

import { actInChat, look } from "./connection.js";
import { h } from "./dom.js";
import { words } from "./strings.js";

const ALLOWED = new Set(["http:", "https:", "mailto:", "tel:"]);

export function link(address, ...children) {
  const url = parsed(address);
  if (!url) return h("span", {}, ...children);
  const payload = botPayload(url);
  if (payload !== null) return asButton(() => actInChat({ do: "start", payload }), children);
  const place = permalink(url);
  if (place) return asButton(() => look(place), children);
  const props = { href: url.href, rel: "noopener noreferrer nofollow", target: "_blank" };
  return h("a", { ...props, title: words.opens(url.host || url.href) }, ...children);
}

function parsed(address) {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
    return ALLOWED.has(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

// t.me/<bot>?start=<payload> opens the bot's chat: here, that of the client on the left.
function botPayload(url) {
  const isBot = url.host === "t.me" && url.pathname.toLowerCase().endsWith("bot");
  return isBot ? (url.searchParams.get("start") ?? "") : null;
}

// A permalink of the workspace leads to its message, here and not at the real Slack.
function permalink(url) {
  const found = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(url.pathname);
  if (!found || !url.host.endsWith(".slack.com")) return null;
  const [, channel, seconds, rest] = found;
  return { channel, thread: url.searchParams.get("thread_ts") ?? `${seconds}.${rest}` };
}

function asButton(act, children) {
  return h("button", { class: "as-link", type: "button", onclick: act }, ...children);
}

const ADDRESS = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/g;

// Plain text with the addresses in it made into links.
export function linked(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    nodes.push(text.slice(at, match.index), link(match[0], match[0]));
    at = match.index + match[0].length;
  }
  nodes.push(text.slice(at));
  return nodes;
}
