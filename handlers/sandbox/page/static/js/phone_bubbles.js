// The messages of a chat: bubbles with their text, files, quotes, marks and inline buttons.

import { actInChat } from "./connection.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { answer, edit } from "./phone_composer.js";
import { menu } from "./popover.js";
import { link } from "./safe_link.js";
import { words } from "./strings.js";
import { telegramText } from "./telegram_text.js";
import { toast } from "./toasts.js";

export function bubbleItems(chat) {
  const items = chat.messages.length ? [] : [welcome(chat)];
  let day = "";
  let album = null;
  for (const message of chat.messages) {
    const date = new Date(message.date * 1000).toDateString();
    if (date !== day) items.push(dayLine(message, date));
    day = date;
    const joins = message.album !== null && message.album === album;
    album = message.album;
    const answered = chat.messages.find((one) => one.message_id === message.reply_to);
    items.push({
      key: `m${message.message_id}`,
      sig: JSON.stringify([message, answered?.text, joins]),
      make: () => bubble(message, answered, joins),
    });
  }
  return items;
}

function welcome(chat) {
  const text = chat.description || chat.short_description;
  return {
    key: "welcome",
    sig: text ?? "",
    make: () =>
      h("div", { class: "welcome" }, h("strong", {}, words.emptyChat), text ? h("p", {}, text) : null),
  };
}

function dayLine(message, day) {
  const shown = new Date(message.date * 1000).toLocaleDateString([], { month: "long", day: "numeric" });
  return { key: `d${day}`, sig: shown, make: () => h("p", { class: "day" }, h("span", {}, shown)) };
}

function bubble(message, answered, joins) {
  const side = message.is_from_bot ? "is-theirs" : "is-own";
  const more = h(
    "button",
    {
      class: "bubble-more icon-button",
      type: "button",
      "aria-label": words.messageMenu,
      "aria-haspopup": "menu",
      "data-focus": `more-${message.message_id}`,
      onclick: () => messageMenu(more, message),
    },
    icon("down"),
  );
  const body = h(
    "div",
    { class: "bubble" },
    message.is_forwarded ? h("p", { class: "forwarded" }, words.forwarded) : null,
    answered || message.quote ? quoted(message, answered) : null,
    message.file ? file(message.file) : null,
    message.contact ? contact(message.contact) : null,
    message.location ? place(message.location) : null,
    message.text
      ? h("div", { class: "bubble-text" }, telegramText(message.text, message.entities, say))
      : null,
    stamp(message),
  );
  const keyboard = message.buttons.length ? inlineKeyboard(message) : null;
  const props = { class: `message ${side}${joins ? " joins" : ""}`, "data-message": message.message_id };
  return h(
    "article",
    { ...props, "aria-label": message.is_from_bot ? message.author : words.you },
    h("div", { class: "bubble-row" }, body, more),
    keyboard,
    reactions(message),
  );
}

function say(text) {
  actInChat({ do: "say", text });
}

function quoted(message, answered) {
  const who = answered ? (answered.is_from_bot ? answered.author : words.you) : "";
  const text = message.quote || answered?.text || mediaName(answered?.file?.kind);
  return h("div", { class: "answered" }, h("strong", {}, who), h("span", {}, text));
}

function mediaName(kind) {
  return { photo: words.photo, voice: words.voice, video: words.video }[kind] ?? words.document;
}

function file(one) {
  const address = `/files/telegram/${encodeURIComponent(one.file_id)}`;
  if (one.kind === "photo")
    return h("img", { class: "picture", src: address, alt: words.photo, loading: "lazy" });
  const icons = { voice: "mic", audio: "mic", video: "play" };
  const label = one.name || mediaName(one.kind);
  return h(
    "a",
    { class: "file", href: address, download: label },
    h("span", { class: "file-icon" }, icon(icons[one.kind] ?? "file")),
    h(
      "span",
      { class: "file-text" },
      h("span", { class: "file-name" }, label),
      h("span", { class: "file-size" }, size(one.size)),
    ),
  );
}

export function size(bytes) {
  if (!bytes) return "";
  const steps = ["B", "kB", "MB"];
  const step = Math.min(2, Math.floor(Math.log(bytes) / Math.log(1000)));
  return `${(bytes / 1000 ** step).toFixed(step ? 1 : 0)} ${steps[step]}`;
}

function contact(one) {
  return h(
    "div",
    { class: "file" },
    h("span", { class: "file-icon" }, icon("contact")),
    h(
      "span",
      { class: "file-text" },
      h("span", { class: "file-name" }, one.first_name),
      h("span", { class: "file-size" }, one.phone_number),
    ),
  );
}

function place(one) {
  const where = `${one.latitude.toFixed(3)}, ${one.longitude.toFixed(3)}`;
  return h(
    "div",
    { class: "file" },
    h("span", { class: "file-icon" }, icon("pin")),
    h(
      "span",
      { class: "file-text" },
      h("span", { class: "file-name" }, words.location),
      h("span", { class: "file-size" }, where),
    ),
  );
}

function stamp(message) {
  const at = new Date(message.date * 1000);
  return h(
    "p",
    { class: "stamp" },
    message.is_edited ? `${words.edited} ` : "",
    h("time", { datetime: at.toISOString() }, at.toLocaleTimeString([], { timeStyle: "short" })),
    message.is_from_bot ? null : icon("check"),
  );
}

function reactions(message) {
  const all = message.reactions.map((one) => one.emoji ?? "").join(" ");
  return all ? h("p", { class: "bubble-reactions" }, all) : null;
}

function inlineKeyboard(message) {
  const rows = message.buttons.map((row, y) =>
    h(
      "div",
      { class: "key-row" },
      row.map((one, x) => inlineButton(message, one, `${y}.${x}`)),
    ),
  );
  return h("div", { class: "inline-keyboard" }, rows);
}

function inlineButton(message, one, spot) {
  if (one.url) {
    const made = link(one.url, one.label);
    made.classList.add("key");
    return made;
  }
  const press = one.copies ? () => copy(one.copies) : (event) => pressed(event.currentTarget, message, one);
  const style = one.style ? ` is-${one.style}` : "";
  const props = { class: `key${style}`, type: "button", "data-focus": `key-${message.message_id}-${spot}` };
  return h("button", { ...props, onclick: press }, one.label);
}

async function pressed(button, message, one) {
  button.setAttribute("aria-busy", "true");
  await actInChat({ do: "press", message: message.message_id, data: one.data, label: one.label });
  button.removeAttribute("aria-busy");
}

async function copy(text) {
  await navigator.clipboard?.writeText(text).catch(() => null);
  toast(words.copied);
}

function messageMenu(button, message) {
  const entries = [{ label: words.reply, icon: icon("reply"), act: () => answer(message) }];
  if (message.text) entries.push({ label: words.copy, icon: icon("file"), act: () => copy(message.text) });
  if (!message.is_from_bot) {
    if (message.text) entries.push({ label: words.edit, icon: icon("edit"), act: () => edit(message) });
    const act = () => actInChat({ do: "delete", message: message.message_id });
    entries.push({ label: words.remove, icon: icon("trash"), isDanger: true, act });
  }
  menu(button, entries);
}
