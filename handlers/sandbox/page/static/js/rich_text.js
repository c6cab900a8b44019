// Slack's rich_text blocks as nodes.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { link } from "./safe_link.js";
import { channelName, dated, mention } from "./slack_text.js";

const STYLES = [
  ["bold", "strong"],
  ["italic", "em"],
  ["strike", "s"],
  ["underline", "u"],
  ["code", "code"],
];

export function richText(block) {
  return h("div", { class: "rich-text" }, block.elements.map(paragraph));
}

function paragraph(element) {
  const parts = () => element.elements.map(partOf);
  switch (element.type) {
    case "rich_text_quote":
      return h("blockquote", {}, parts());
    case "rich_text_preformatted":
      return h("pre", { tabindex: 0 }, parts());
    case "rich_text_list":
      return list(element);
    default:
      return h("div", { class: "rich-line" }, parts());
  }
}

function list(element) {
  const tag = element.style === "ordered" ? "ol" : "ul";
  const node = h(tag, { start: element.offset ? element.offset + 1 : null });
  node.classList.add(`indent-${Math.min(element.indent ?? 0, 4)}`);
  node.append(...element.elements.map((one) => h("li", {}, one.elements.map(partOf))));
  return node;
}

function partOf(part) {
  return STYLES.reduce((node, [name, tag]) => (part.style?.[name] ? h(tag, {}, node) : node), bare(part));
}

function bare(part) {
  switch (part.type) {
    case "text":
      return document.createTextNode(part.text);
    case "link":
      return link(part.url, part.text || part.url);
    case "user":
      return mention(part.user_id);
    case "channel":
      return channelName(part.channel_id);
    case "usergroup":
      return mention(part.usergroup_id);
    case "broadcast":
      return h("span", { class: "mention" }, `@${part.range}`);
    case "emoji":
      return document.createTextNode(emoji(part.name));
    case "date":
      return h("time", {}, dated(new Date(part.timestamp * 1000), part.format));
    default:
      return document.createTextNode(part.value ?? "");
  }
}
