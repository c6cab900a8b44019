// The staff's workspace: who acts, the channels, and which of its parts are on the screen.

import { channelPane } from "./channel.js";
import { actInSlack, look } from "./connection.js";
import { fill, h, sync } from "./dom.js";
import { homePane } from "./home.js";
import { icon } from "./icons.js";
import { drawModals } from "./modal.js";
import { initials } from "./phone.js";
import { on, state } from "./state.js";
import { words } from "./strings.js";
import { threadPane } from "./thread.js";
import { toast } from "./toasts.js";

const HOME = "home";

const seats = h("div", { class: "seats", role: "radiogroup", "aria-label": words.actingAs });
const rooms = h("ul", { class: "rooms", "aria-label": words.channels });
const apps = h("ul", { class: "rooms", "aria-label": words.apps });
const center = h("div", { class: "center" });
const side = h("aside", { class: "thread-pane", "aria-label": words.thread, hidden: true });
const notice = h("p", { class: "connecting", role: "status", hidden: true }, words.notConnected);
const seen = new Map();
let noticed = 0;
let noticedBy = "";

export function workspace(root) {
  const bar = h(
    "nav",
    { class: "sidebar", "aria-label": words.channels },
    h("p", { class: "sidebar-title" }, words.actingAs),
    seats,
    h("p", { class: "sidebar-title" }, words.channels),
    rooms,
    h("p", { class: "sidebar-title" }, words.apps),
    apps,
  );
  fill(
    root,
    h(
      "div",
      { class: "slack" },
      bar,
      h("div", { class: "slack-main" }, notice, h("div", { class: "slack-panes" }, center, side)),
    ),
  );
  on("cast", drawSeats);
  on("look", drawSeats);
  on("slack", draw);
}

function draw() {
  if (!state.slack) return;
  if (!choosesRoom()) return;
  drawSeats();
  drawRooms();
  notice.hidden = state.slack.is_connected;
  if (state.look.channel === HOME) homePane(center);
  else channelPane(center);
  threadPane(side);
  drawModals();
  showNotices();
}

// Nobody starts on an empty screen, nor in a channel that this person is not in.
function choosesRoom() {
  const own = state.slack.channels;
  const isKnown = state.look.channel === HOME || own.some((one) => one.id === state.look.channel);
  if (isKnown) return true;
  if (own.length) look({ channel: own[0].id, thread: "" });
  return false;
}

function drawSeats() {
  if (!state.cast) return;
  sync(
    seats,
    state.cast.staff.map((one) => {
      const isHere = one.id === state.look.viewer;
      return { key: one.id, sig: String(isHere), make: () => seat(one, isHere) };
    }),
  );
}

function seat(one, isHere) {
  const at = state.cast.staff.indexOf(one);
  return h(
    "button",
    {
      class: "seat",
      type: "button",
      role: "radio",
      "aria-checked": String(isHere),
      tabindex: isHere ? 0 : -1,
      "data-focus": `seat-${one.id}`,
      onclick: () => sit(one.id),
      onkeydown: stepSeat,
    },
    h("span", { class: `avatar is-square tint-${at % 4}`, "aria-hidden": "true" }, initials(one.name)),
    h(
      "span",
      { class: "seat-text" },
      h("span", { class: "seat-name" }, one.name),
      h("span", { class: "seat-role" }, one.role),
    ),
  );
}

function sit(viewer) {
  look({ viewer, thread: "" });
}

function stepSeat(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = state.cast.staff;
  const at = all.findIndex((one) => one.id === state.look.viewer);
  const next = all[(at + step + all.length) % all.length];
  sit(next.id);
  seats.querySelector(`[data-focus="seat-${next.id}"]`)?.focus();
}

function drawRooms() {
  const { channels, viewer } = { channels: state.slack.channels, viewer: state.look.viewer };
  const named = channels.filter((one) => one.kind !== "im");
  sync(
    rooms,
    named.map((one) => roomItem(one, viewer, one.name, one.kind === "private_channel" ? "lock" : "hash")),
  );
  const direct = channels.filter((one) => one.kind === "im");
  const home = {
    key: HOME,
    sig: String(state.look.channel === HOME),
    make: () => room(HOME, words.product, "home", state.look.channel === HOME, false),
  };
  sync(apps, [
    home,
    ...direct.map((one) => roomItem(one, viewer, `${words.product}: ${words.messagesTab}`, "thread")),
  ]);
}

function roomItem(one, viewer, label, sign) {
  const isHere = one.id === state.look.channel;
  const key = `${viewer} ${one.id}`;
  if (isHere || !seen.has(key)) seen.set(key, one.newest);
  const isUnread = seen.get(key) !== one.newest;
  return {
    key: one.id,
    sig: `${isHere} ${isUnread} ${label}`,
    make: () => room(one.id, label, sign, isHere, isUnread),
  };
}

function room(id, label, sign, isHere, isUnread) {
  const open = () => {
    look({ channel: id, thread: "" });
    if (id === HOME) actInSlack({ do: "open_home" });
  };
  return h(
    "li",
    {},
    h(
      "button",
      {
        class: `room${isUnread ? " is-unread" : ""}`,
        type: "button",
        "aria-current": isHere ? "page" : null,
        "data-focus": `room-${id}`,
        onclick: open,
      },
      icon(sign),
      h("span", { class: "room-name" }, label),
      isUnread ? h("span", { class: "dot" }, h("span", { class: "unseen" }, words.newMessages)) : null,
    ),
  );
}

function showNotices() {
  const { notices } = state.slack;
  if (noticedBy === state.look.viewer) for (const text of notices.slice(noticed)) toast(text);
  noticed = notices.length;
  noticedBy = state.look.viewer;
}
