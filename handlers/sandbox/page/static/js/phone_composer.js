// What a client writes with: the text field, what it answers or edits, files, and the reply keyboard.

import { actInChat, upload } from "./connection.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { ask, menu } from "./popover.js";
import { client, state } from "./state.js";
import { words } from "./strings.js";

const LONGEST = 4096;

const field = h("textarea", {
  class: "field",
  rows: 1,
  maxlength: LONGEST,
  placeholder: words.message,
  "aria-label": words.message,
});
const picker = h("input", { type: "file", class: "unseen", tabindex: -1, "aria-hidden": "true" });
const commandButton = button("menu", words.commands, () => showCommands());
const attachButton = button("clip", words.attach, () => showAttachments());
const keysButton = button("keys", words.keyboard, () => toggleKeys());
const sendButton = h(
  "button",
  { class: "round-button", type: "button", "aria-label": words.send, onclick: () => send() },
  icon("send"),
);
const row = h(
  "div",
  { class: "composer" },
  commandButton,
  field,
  keysButton,
  attachButton,
  sendButton,
  picker,
);
const context = h("div", { class: "composer-context", hidden: true });
const keys = h("div", { class: "reply-keyboard", role: "group", "aria-label": words.keyboard });
const drafts = new Map();
let about = null;
const drawn = { standing: "", keys: "" };
let keysAreHidden = false;
let owner = null;

function button(name, label, act) {
  return h(
    "button",
    { class: "icon-button", type: "button", "aria-label": label, title: label, onclick: act },
    icon(name),
  );
}

field.addEventListener("input", () => grow(field));
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send();
  } else if (event.key === "Escape" && about) {
    event.preventDefault();
    forget();
  } else if (event.key === "ArrowUp" && !field.value) editLast(event);
  else if (event.key === "/" && !field.value) setTimeout(showCommands);
});
picker.addEventListener("change", () => sendFiles());

export function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, 140)}px`;
}

export function composer(foot, chat, isOther) {
  if (isOther) changePlayer();
  const showsField = chat.standing === "open";
  const standing = `${chat.standing} ${state.look.client}`;
  if (standing !== drawn.standing) {
    drawn.standing = standing;
    if (showsField) fill(foot, context, row, keys);
    else
      fill(
        foot,
        h(
          "button",
          {
            class: "wide-button",
            type: "button",
            onclick: () => actInChat({ do: chat.standing === "blocked" ? "unblock" : "start" }),
          },
          chat.standing === "blocked" ? `${words.blocked} ${words.unblock}` : words.start,
        ),
      );
  }
  commandButton.hidden = !chat.commands.length;
  drawKeys(chat.keyboard);
}

function changePlayer() {
  if (owner !== null) drafts.set(owner, field.value);
  owner = state.look.client;
  field.value = drafts.get(owner) ?? "";
  forget();
  grow(field);
}

function drawKeys(rows) {
  const text = JSON.stringify([rows, keysAreHidden]);
  keysButton.hidden = !rows.length;
  keysButton.setAttribute("aria-pressed", String(!keysAreHidden));
  if (text === drawn.keys) return;
  drawn.keys = text;
  keys.hidden = keysAreHidden || !rows.length;
  fill(
    keys,
    rows.map((one) => h("div", { class: "key-row" }, one.map(key))),
  );
}

function key(one) {
  const sign = one.request_contact ? icon("contact") : one.request_location ? icon("pin") : null;
  return h("button", { class: "key", type: "button", onclick: () => pressKey(one) }, sign, one.text);
}

async function pressKey(one) {
  if (one.request_contact) {
    const may = await ask({ text: words.shareContact(client().phone), yes: words.share });
    if (!may) return;
  }
  actInChat({ do: "key", label: one.text });
}

function toggleKeys() {
  keysAreHidden = !keysAreHidden;
  drawKeys(state.chat.keyboard);
}

async function send() {
  const text = field.value.trim();
  if (!text) return;
  const what = !about
    ? { do: "say", text }
    : about.kind === "edit"
      ? { do: "edit", message: about.message.message_id, text }
      : { do: "say", text, answering: about.message.message_id, quote: about.quote };
  field.value = "";
  grow(field);
  forget();
  await actInChat(what);
}

export function answer(message) {
  const selected = String(getSelection()).trim();
  begin({ kind: "reply", message, quote: selected && message.text.includes(selected) ? selected : "" });
}

export function edit(message) {
  begin({ kind: "edit", message });
  field.value = message.text;
  grow(field);
}

function editLast(event) {
  const own = state.chat.messages.filter((one) => !one.is_from_bot && one.text);
  if (!own.length) return;
  event.preventDefault();
  edit(own.at(-1));
}

function begin(what) {
  about = what;
  const { kind, message, quote } = what;
  const title =
    kind === "edit" ? words.editing : `${words.reply}: ${message.is_from_bot ? message.author : words.you}`;
  fill(
    context,
    icon(kind === "edit" ? "edit" : "reply"),
    h("div", { class: "answered" }, h("strong", {}, title), h("span", {}, quote || message.text)),
    button("close", words.cancel, forget),
  );
  context.hidden = false;
  field.focus();
}

function forget() {
  if (about?.kind === "edit") field.value = "";
  about = null;
  context.hidden = true;
}

function showCommands() {
  if (!state.chat?.commands.length) return;
  menu(
    commandButton,
    state.chat.commands.map((one) => ({
      label: `/${one.command}`,
      hint: one.description,
      act: () => {
        field.value = "";
        actInChat({ do: "say", text: `/${one.command}` });
      },
    })),
  );
}

function showAttachments() {
  menu(attachButton, [
    { label: words.attachPhoto, icon: icon("image"), act: () => pick("photo", "image/*") },
    { label: words.attachDocument, icon: icon("file"), act: () => pick("document", "") },
    { label: words.attachVoice, icon: icon("mic"), act: () => actInChat({ do: "voice" }) },
    { label: words.attachLocation, icon: icon("pin"), act: () => actInChat({ do: "location" }) },
  ]);
}

function pick(kind, accept) {
  picker.accept = accept;
  picker.dataset.kind = kind;
  picker.value = "";
  picker.click();
}

async function sendFiles() {
  const caption = field.value.trim();
  const how = { client: state.look.client, kind: picker.dataset.kind, caption };
  for (const one of picker.files) {
    const sent = await upload("telegram", { ...how, name: one.name, mime: one.type }, one);
    if (sent) field.value = "";
  }
}
