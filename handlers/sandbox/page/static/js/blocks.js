// Block Kit as nodes. `context` says where the blocks stand: a message or a view, and its state.

import { actInSlack } from "./connection.js";
import { h, sync } from "./dom.js";
import { element } from "./elements.js";
import { richText } from "./rich_text.js";
import { link } from "./safe_link.js";
import { mrkdwn, textObject } from "./slack_text.js";
import { words } from "./strings.js";

export function renderBlocks(blocks, context) {
  return drawBlocks(h("div", { class: "blocks" }), blocks, context);
}

// Blocks that did not change keep their nodes, and with them what is typed and where the focus is.
export function drawBlocks(root, blocks, context) {
  sync(
    root,
    blocks.map((block, index) => ({
      key: block.block_id ?? String(index),
      sig: JSON.stringify([block, context.errors?.[block.block_id]]),
      make: () => BLOCKS[block.type]?.(block, context) ?? h("p", { class: "muted" }, words.notHere),
    })),
  );
  return root;
}

const BLOCKS = {
  header: (block) => h("h3", { class: "block-header" }, textObject(block.text)),
  divider: () => h("hr", {}),
  section,
  context: (block) =>
    h(
      "div",
      { class: "block-context" },
      block.elements.map((one) =>
        one.type === "image" ? image(one, "context-image") : h("span", {}, textObject(one)),
      ),
    ),
  actions: (block, context) =>
    h(
      "div",
      { class: "block-actions" },
      block.elements.map((one) => element(block, one, context)),
    ),
  input,
  rich_text: richText,
  image: (block) =>
    h(
      "figure",
      { class: "block-image" },
      block.title ? h("figcaption", {}, textObject(block.title)) : null,
      image(block, ""),
    ),
  markdown: (block) => h("div", { class: "block-text" }, mrkdwn(block.text)),
  file: () => h("p", { class: "muted" }, words.files),
};

function section(block, context) {
  return h(
    "div",
    { class: "block-section" },
    h(
      "div",
      { class: "section-main" },
      block.text ? h("div", { class: "block-text" }, textObject(block.text)) : null,
      block.fields
        ? h(
            "div",
            { class: "block-fields" },
            block.fields.map((one) => h("div", { class: "block-text" }, textObject(one))),
          )
        : null,
    ),
    block.accessory
      ? h(
          "div",
          { class: "accessory" },
          block.accessory.type === "image"
            ? image(block.accessory, "thumb")
            : element(block, block.accessory, context),
        )
      : null,
  );
}

// Remote pictures are not loaded: the page talks to this machine only. Their text says what they are.
function image(one, name) {
  const isOwn = one.image_url?.startsWith("data:image/");
  if (isOwn) return h("img", { class: name, src: one.image_url, alt: one.alt_text });
  return one.image_url
    ? link(one.image_url, one.alt_text || one.image_url)
    : h("span", { class: name }, one.alt_text);
}

let count = 0;

function input(block, context) {
  count += 1;
  const ids = { label: `label-${count}`, hint: `hint-${count}`, error: `error-${count}` };
  const wrong = context.errors?.[block.block_id];
  const described = [wrong ? ids.error : "", block.hint ? ids.hint : ""].filter(Boolean).join(" ");
  const labels = {
    labelledby: ids.label,
    describedby: described,
    isWrong: Boolean(wrong),
    isRequired: !block.optional,
  };
  return h(
    "div",
    { class: `block-input${wrong ? " is-wrong" : ""}` },
    h(
      "span",
      { class: "input-label", id: ids.label },
      textObject(block.label),
      block.optional ? h("span", { class: "muted" }, ` ${words.optional}`) : null,
    ),
    element(block, block.element, context, labels),
    wrong ? h("p", { class: "input-error", id: ids.error, role: "alert" }, "⚠ ", wrong) : null,
    block.hint ? h("p", { class: "hint", id: ids.hint }, textObject(block.hint)) : null,
  );
}

export function pressIn(context, block, action, choice) {
  const values = context.typed ?? {};
  return actInSlack({ do: "press", place: context.place, block, action, choice, values });
}
