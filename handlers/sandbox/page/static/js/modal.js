// Modals: the top of a person's stack, with its form, its errors and its two buttons.

import { drawBlocks } from "./blocks.js";
import { actInSlack } from "./connection.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { textObject } from "./slack_text.js";
import { state } from "./state.js";
import { words } from "./strings.js";

let shown = null;

export function drawModals() {
  const top = state.slack.modals.at(-1);
  if (shown && shown.id !== top?.id) takeAway();
  if (!top) return;
  if (!shown) show(top);
  shown.update(top);
}

function takeAway() {
  shown.dialog.close();
  shown.dialog.remove();
  const { opener } = shown;
  shown = null;
  if (opener?.isConnected && !state.slack.modals.length) opener.focus();
}

function show(view) {
  shown = new Modal(view);
  document.body.append(shown.dialog);
  shown.dialog.showModal();
}

class Modal {
  constructor(view) {
    this.id = view.id;
    this.typed = {};
    this.opener = document.activeElement;
    this.title = h("h2", { id: `title-${view.id}` });
    this.blocks = h("div", { class: "blocks" });
    this.trouble = h("p", { class: "modal-trouble", role: "alert", hidden: true });
    this.foot = h("footer", { class: "modal-foot" });
    const cross = h(
      "button",
      { class: "icon-button", type: "button", "aria-label": words.close, onclick: () => this.close() },
      icon("close"),
    );
    const form = h(
      "form",
      { class: "modal-form", novalidate: true },
      h("header", { class: "modal-head" }, this.title, cross),
      h("div", { class: "modal-body" }, this.trouble, this.blocks),
      this.foot,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.dialog = h("dialog", { class: "modal", "aria-labelledby": `title-${view.id}` }, form);
    // The browser's own Escape would take the dialog away before the desk has heard of it.
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
  }

  update(view) {
    const sig = JSON.stringify([view.hash, view.errors]);
    if (this.sig === sig) return;
    const isNew = this.sig === undefined;
    this.sig = sig;
    fill(this.title, textObject(view.title));
    const { "": trouble, ...errors } = view.errors;
    this.trouble.textContent = trouble ?? "";
    this.trouble.hidden = !trouble;
    drawBlocks(this.blocks, view.blocks, {
      place: { view: view.id },
      state: view.state.values,
      typed: this.typed,
      errors,
    });
    this.drawFoot(view);
    const first = this.dialog.querySelector(
      Object.keys(errors).length ? ".is-wrong [data-focus]" : "[autofocus]",
    );
    if (first) first.focus();
    else if (isNew)
      this.dialog
        .querySelector(".modal-body :is(input, select, textarea, button), .modal-foot button")
        ?.focus();
  }

  drawFoot(view) {
    const close = view.close ? textObject(view.close) : view.submit ? words.cancel : words.close;
    this.send = view.submit
      ? h(
          "button",
          { class: "button is-primary", type: "submit", "data-focus": "submit" },
          textObject(view.submit),
        )
      : null;
    fill(
      this.foot,
      h("button", { class: "button", type: "button", onclick: () => this.close() }, close),
      this.send,
    );
  }

  async submit() {
    if (!this.send || this.send.getAttribute("aria-busy")) return;
    this.send.setAttribute("aria-busy", "true");
    await actInSlack({ do: "submit", view: this.id, values: this.typed });
    this.send?.removeAttribute("aria-busy");
  }

  close() {
    actInSlack({ do: "close" });
  }
}
