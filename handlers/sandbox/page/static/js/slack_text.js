// Slack's mrkdwn and its <...> tokens as nodes.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { link } from "./safe_link.js";
import { person, state } from "./state.js";

const FENCE = /```\n?([\s\S]*?)\n?```/;
const TOKEN = /<([^<>\n]+)>|:([a-z0-9_+-]+):|`([^`\n]+)`/i;
const STYLED = [
  [/(^|[\s([{"'>.,;:!?-])\*(\S(?:[^*\n]*\S)?)\*(?=$|[\s)\]}"'<.,;:!?-])/, "strong"],
  [/(^|[\s([{"'>.,;:!?-])_(\S(?:[^_\n]*\S)?)_(?=$|[\s)\]}"'<.,;:!?-])/, "em"],
  [/(^|[\s([{"'>.,;:!?-])~(\S(?:[^~\n]*\S)?)~(?=$|[\s)\]}"'<.,;:!?-])/, "s"],
];

export function plain(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/gi, (_, name) => emoji(name));
}

export function textObject(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text) : [withEmoji(object.text)];
}

export function mrkdwn(text) {
  const fence = FENCE.exec(text);
  if (!fence) return lines(text);
  const before = text.slice(0, fence.index);
  const after = text.slice(fence.index + fence[0].length);
  const box = h("pre", { tabindex: 0 }, plain(fence[1]));
  return [...(before ? lines(before) : []), box, ...(after ? mrkdwn(after) : [])];
}

// Consecutive lines that begin with > are one quote.
function lines(text) {
  const nodes = [];
  let quote = null;
  text.split("\n").forEach((line, index) => {
    const quoted = /^(?:&gt;|>) ?(?!&gt;)(.*)$/.exec(line);
    if (quoted) {
      if (quote) quote.append("\n");
      else {
        quote = h("blockquote", {});
        nodes.push(quote);
      }
      quote.append(...inline(quoted[1]));
      return;
    }
    if (index && !quote) nodes.push("\n");
    quote = null;
    nodes.push(...inline(line));
  });
  return nodes;
}

function inline(text) {
  const found = TOKEN.exec(text);
  if (!found) return styled(text, 0);
  const [whole, token, name, code] = found;
  const before = text.slice(0, found.index);
  const after = text.slice(found.index + whole.length);
  // A style may span a token, so a token inside a style is left for the style to meet first.
  const spanning = spans(text, found.index);
  if (spanning) return spanning;
  const node = token ? angle(token) : name ? emoji(name) : h("code", {}, plain(code));
  return [...styled(before, 0), node, ...inline(after)];
}

function spans(text, tokenAt) {
  for (const [pattern, tag] of STYLED) {
    const match = pattern.exec(text);
    if (!match) continue;
    const start = match.index + match[1].length;
    const end = match.index + match[0].length;
    if (start < tokenAt && end > tokenAt)
      return [...inline(text.slice(0, start)), h(tag, {}, inline(match[2])), ...inline(text.slice(end))];
  }
  return null;
}

function styled(text, level) {
  if (level === STYLED.length) return text ? [plain(text)] : [];
  const [pattern, tag] = STYLED[level];
  const match = pattern.exec(text);
  if (!match) return styled(text, level + 1);
  const start = match.index + match[1].length;
  const end = match.index + match[0].length;
  return [
    ...styled(text.slice(0, start), level + 1),
    h(tag, {}, styled(match[2], level + 1)),
    ...styled(text.slice(end), level),
  ];
}

function angle(token) {
  const bar = token.indexOf("|");
  const target = bar < 0 ? token : token.slice(0, bar);
  const label = bar < 0 ? "" : plain(token.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1), label);
  if (target.startsWith("#")) return channelName(target.slice(1), label);
  if (target.startsWith("!date^")) return dateToken(target, label);
  if (target.startsWith("!subteam^")) return tag(`@${label || groupName(target.slice(9))}`);
  if (target.startsWith("!")) return tag(`@${target.slice(1)}`);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(target)) return document.createTextNode(`<${plain(token)}>`);
  return link(plain(target), label || plain(target));
}

function tag(text) {
  return h("span", { class: "mention" }, text);
}

export function mention(id, label = "") {
  const found = person(id);
  return tag(`@${label || found?.real_name || found?.name || id}`);
}

export function channelName(id, label = "") {
  const found = state.slack?.channels.find((one) => one.id === id);
  return tag(`#${label || found?.name || id}`);
}

function groupName(id) {
  return state.slack?.groups.find((one) => one.id === id)?.handle ?? id;
}

function dateToken(target, label) {
  const [, seconds, format] = target.split("^");
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.valueOf())) return label;
  return h("time", { datetime: at.toISOString(), title: at.toLocaleString() }, dated(at, format ?? ""));
}

export function dated(at, format) {
  return format.replace(/\{([a-z_]+)\}/g, (whole, name) => part(at, name) ?? whole);
}

function part(at, name) {
  const say = (options) => at.toLocaleString([], options);
  if (name.endsWith("_pretty")) return relative(at) ?? part(at, name.replace("_pretty", ""));
  switch (name) {
    case "date_num":
      return say({ year: "numeric", month: "2-digit", day: "2-digit" });
    case "date":
      return say({ dateStyle: "long" });
    case "date_short":
      return say({ dateStyle: "medium" });
    case "date_long":
      return say({ dateStyle: "full" });
    case "time":
      return say({ timeStyle: "short" });
    case "time_secs":
      return say({ timeStyle: "medium" });
    case "day_divider_pretty":
      return relative(at) ?? say({ dateStyle: "full" });
    case "ago":
      return ago(at);
    default:
      return null;
  }
}

function relative(at) {
  const day = (date) => new Date(date).setHours(0, 0, 0, 0);
  const days = Math.round((day(at) - day(Date.now())) / 86_400_000);
  return Math.abs(days) > 1 ? null : new Intl.RelativeTimeFormat([], { numeric: "auto" }).format(days, "day");
}

function ago(at) {
  const minutes = Math.round((at - Date.now()) / 60_000);
  const say = new Intl.RelativeTimeFormat([], { numeric: "auto" });
  return Math.abs(minutes) < 60
    ? say.format(minutes, "minute")
    : say.format(Math.round(minutes / 60), "hour");
}
