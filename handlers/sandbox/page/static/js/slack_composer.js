// Where staff write: messages, thread replies, slash commands, files, and edits of their own words.

import { actInSlack, upload } from "./connection.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { grow } from "./phone_composer.js";
import { plain } from "./slack_text.js";
import { state } from "./state.js";
import { words } from "./strings.js";

const composers = new Map();

export function slackComposer(pane, note = "") {
  const made = new Composer(note);
  composers.set(pane, made);
  return made;
}

export function beginEdit(message, channel, pane) {
  composers.get(pane).edit(message, channel);
}

class Composer {
  constructor(note) {
    this.where = { channel: "", thread: "" };
    this.drafts = new Map();
    this.edited = null;
    this.field = h("textarea", { class: "field", rows: 1 });
    this.context = h("div", { class: "composer-context", hidden: true });
    this.picker = h("input", {
      type: "file",
      class: "unseen",
      multiple: true,
      tabindex: -1,
      "aria-hidden": "true",
    });
    const clip = h(
      "button",
      {
        class: "icon-button",
        type: "button",
        "aria-label": words.attachFile,
        title: words.attachFile,
        onclick: () => this.pick(),
      },
      icon("clip"),
    );
    const send = h(
      "button",
      { class: "round-button", type: "button", "aria-label": words.send, onclick: () => this.send() },
      icon("send"),
    );
    this.hint = h("p", { class: "hint" }, note);
    this.node = h(
      "div",
      { class: "slack-foot" },
      this.context,
      h("div", { class: "composer" }, this.field, clip, send, this.picker),
      this.hint,
    );
    this.field.addEventListener("input", () => grow(this.field));
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.picker.addEventListener("change", () => this.sendFiles());
  }

  turn({ channel, thread, hint }) {
    if (!this.hint.textContent) this.hint.textContent = words.commandHint(state.cast.command);
    this.field.placeholder = hint;
    this.field.setAttribute("aria-label", hint);
    const before = this.address();
    this.where = { channel, thread };
    this.viewer = state.look.viewer;
    if (before === this.address()) return;
    this.drafts.set(before, this.field.value);
    this.forget();
    this.field.value = this.drafts.get(this.address()) ?? "";
    grow(this.field);
  }

  address() {
    return `${this.viewer} ${this.where.channel} ${this.where.thread}`;
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && this.edited) {
      event.preventDefault();
      this.forget();
    } else if (event.key === "ArrowUp" && !this.field.value) this.editLast(event);
  }

  async send() {
    const text = this.field.value.trim();
    if (!text) return;
    const { edited, where } = this;
    this.forget();
    this.field.value = "";
    grow(this.field);
    if (edited) await actInSlack({ do: "edit", ts: edited.ts, channel: where.channel, text });
    else if (/^\/[a-z]/.test(text) && !where.thread)
      await actInSlack({ do: "command", channel: where.channel, text });
    else await actInSlack({ do: "say", ...where, text });
  }

  pick() {
    this.picker.value = "";
    this.picker.click();
  }

  async sendFiles() {
    const caption = this.field.value.trim();
    for (const one of this.picker.files) {
      const sent = await upload(
        "slack",
        { viewer: state.look.viewer, ...this.where, name: one.name, caption },
        one,
      );
      if (sent) this.field.value = "";
    }
  }

  edit(message) {
    this.edited = message;
    fill(
      this.context,
      icon("edit"),
      h("span", {}, words.editing),
      h(
        "button",
        { class: "icon-button", type: "button", "aria-label": words.cancel, onclick: () => this.forget() },
        icon("close"),
      ),
    );
    this.context.hidden = false;
    this.field.value = plain(message.text);
    grow(this.field);
    this.field.focus();
  }

  editLast(event) {
    const { slack } = state;
    const own = (this.where.thread ? slack.thread?.replies : slack.messages)?.filter(
      (one) => one.user === slack.me && one.text,
    );
    if (!own?.length) return;
    event.preventDefault();
    this.edit(own.at(-1));
  }

  forget() {
    if (this.edited) this.field.value = "";
    this.edited = null;
    this.context.hidden = true;
  }
}
