// The client's phone: who plays, the chat's head, its messages, and what hangs over them.

import { actInChat, look } from "./connection.js";
import { announce, fill, follow, h, sync, toEnd } from "./dom.js";
import { icon } from "./icons.js";
import { bubbleItems } from "./phone_bubbles.js";
import { composer } from "./phone_composer.js";
import { ask, menu } from "./popover.js";
import { changed, client, on, state } from "./state.js";
import { words } from "./strings.js";
import { toast } from "./toasts.js";

const TYPING_SECONDS = 5;

const players = h("div", { class: "players", role: "radiogroup", "aria-label": words.playing });
const name = h("h2", { class: "chat-name" });
const presence = h("p", { class: "chat-presence" });
const about = h("p", { class: "player-about" });
const list = h("div", { class: "chat-list", role: "log", "aria-live": "off", tabindex: 0 });
const overlay = h("div", { class: "toasts chat-toasts", role: "status" });
const foot = h("div", { class: "chat-foot" });
const read = new Map();
let drawnClient = null;
let typingEnds = 0;

export function phone(root) {
  const menuButton = h(
    "button",
    {
      class: "icon-button",
      type: "button",
      "aria-label": words.chatMenu,
      "aria-haspopup": "menu",
      onclick: () => chatMenu(menuButton),
    },
    icon("more"),
  );
  const head = h(
    "header",
    { class: "chat-head" },
    h("span", { class: "avatar is-bot", "aria-hidden": "true" }, "PD"),
    h("div", { class: "chat-title" }, name, presence),
    menuButton,
  );
  fill(
    root,
    h("div", { class: "player-bar" }, players, about),
    h(
      "div",
      { class: "phone" },
      h("div", { class: "phone-screen" }, head, h("div", { class: "chat-stage" }, list, overlay), foot),
    ),
  );
  follow(list);
  on("cast", drawPlayers);
  on("look", drawPlayers);
  on("clients", drawPlayers);
  on("chat", drawChat);
  on("toast", showToast);
}

function drawPlayers() {
  if (!state.cast) return;
  fill(about, client()?.about ?? "");
  sync(
    players,
    state.cast.clients.map((one) => {
      const isHere = one.id === state.look.client;
      const heard = state.clients.find((each) => each.id === one.id)?.heard ?? 0;
      if (isHere) read.set(one.id, heard);
      const unread = Math.max(0, heard - (read.get(one.id) ?? 0));
      return { key: one.id, sig: `${isHere} ${unread}`, make: () => player(one, isHere, unread) };
    }),
  );
}

function player(one, isHere, unread) {
  const choose = () => look({ client: one.id });
  return h(
    "button",
    {
      class: "player",
      type: "button",
      role: "radio",
      "aria-checked": String(isHere),
      tabindex: isHere ? 0 : -1,
      "data-focus": `client-${one.id}`,
      onclick: choose,
      onkeydown: (event) => stepPlayer(event),
    },
    h("span", { class: `avatar tint-${one.id % 3}`, "aria-hidden": "true" }, initials(one.name)),
    h("span", { class: "player-name", lang: one.language }, one.name),
    unread
      ? h("span", { class: "badge" }, String(unread), h("span", { class: "unseen" }, ` ${words.unread("")}`))
      : null,
  );
}

// A radio group is one stop of the Tab key; arrows go round in it.
function stepPlayer(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = state.cast.clients;
  const at = all.findIndex((one) => one.id === state.look.client);
  const next = all[(at + step + all.length) % all.length];
  look({ client: next.id });
  players.querySelector(`[data-focus="client-${next.id}"]`)?.focus();
}

export function initials(text) {
  return text
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0])
    .join("");
}

function drawChat() {
  const chat = state.chat;
  const isOther = drawnClient !== state.look.client;
  const before = isOther ? null : new Set(list.kept?.keys());
  drawnClient = state.look.client;
  name.textContent = chat.bot;
  list.setAttribute("aria-label", `${chat.bot}, ${client().name}`);
  drawPresence(chat);
  sync(list, bubbleItems(chat));
  if (isOther) toEnd(list);
  composer(foot, chat, isOther);
  if (before) announceNews(chat, before);
}

function announceNews(chat, before) {
  for (const one of chat.messages)
    if (one.is_from_bot && !before.has(`m${one.message_id}`)) announce(words.clientSays(chat.bot, one.text));
}

function drawPresence(chat) {
  const isTyping = chat.is_typing && chat.standing === "open";
  presence.classList.toggle("is-typing", isTyping);
  fill(presence, isTyping ? [words.typing] : words.bot);
  if (!isTyping) return;
  clearTimeout(typingEnds);
  typingEnds = setTimeout(() => {
    chat.is_typing = false;
    drawPresence(chat);
  }, TYPING_SECONDS * 1000);
}

function chatMenu(button) {
  const isBlocked = state.chat?.standing === "blocked";
  const block = {
    label: words.block,
    icon: icon("block"),
    isDanger: true,
    act: () => actInChat({ do: "block" }),
  };
  const unblock = { label: words.unblock, icon: icon("check"), act: () => actInChat({ do: "unblock" }) };
  const start = { label: words.startAgain, icon: icon("play"), act: () => actInChat({ do: "start" }) };
  menu(button, [start, isBlocked ? unblock : block]);
}

function showToast(news) {
  if (news.client !== state.look.client || !news.text) return;
  if (news.show_alert) ask({ title: state.chat?.bot, text: news.text, no: null });
  else toast(news.text, overlay);
  changed("announce");
}
