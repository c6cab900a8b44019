// Links that people or the desk wrote: only to places a click may go, and never with our address along.

import { actInChat } from "./connection.js";
import { h } from "./dom.js";
import { words } from "./strings.js";

const ALLOWED = new Set(["http:", "https:", "mailto:", "tel:"]);

export function link(address, ...children) {
  const url = parsed(address);
  if (!url) return h("span", {}, ...children);
  const payload = botPayload(url);
  if (payload !== null) return deepLink(payload, children);
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

function deepLink(payload, children) {
  const start = () => actInChat({ do: "start", payload });
  return h("button", { class: "as-link", type: "button", onclick: start }, ...children);
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
