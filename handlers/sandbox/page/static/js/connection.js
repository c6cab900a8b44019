// The wire to the sandbox: what it tells, and what the person here does.

import { changed, remember, state } from "./state.js";

const waiting = new Map();
let socket = null;
let number = 0;

export function connect() {
  socket = new WebSocket(`ws://${location.host}/live`);
  socket.addEventListener("message", (event) => heard(JSON.parse(event.data)));
  socket.addEventListener("open", () => changed("connection", true));
  socket.addEventListener("close", () => changed("connection", false));
}

function heard(news) {
  if (news.pane === "answer") return settle(news);
  if (news.pane === "cast") meet(news);
  else if (news.pane === "toast") changed("toast", news);
  else if (isForThisLook(news)) {
    state[news.pane] = news.data;
    changed(news.pane);
  }
}

// A pane that was on its way when the person turned elsewhere is not drawn.
function isForThisLook({ pane, look: where }) {
  if (pane === "chat") return where.client === state.look.client;
  if (pane === "company") return isForThisTable(where);
  const isSame = (name) => where[name] === (state.look[name] ?? "");
  return pane !== "slack" || ["viewer", "channel", "thread"].every(isSame);
}

function isForThisTable({ client, table, only }) {
  const { look } = state;
  return client === look.client && table === (look.table ?? "") && only === (look.only ?? true);
}

function meet(news) {
  state.cast = news;
  const { clients, staff } = news;
  const known = (list, id) => (list.some((one) => one.id === id) ? id : list[0].id);
  state.look.client = known(clients, state.look.client);
  state.look.viewer = known(staff, state.look.viewer);
  changed("cast");
  look({});
}

export function look(where) {
  Object.assign(state.look, where);
  remember();
  tell({ at: "look", ...state.look });
  changed("look");
}

function tell(what) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(what));
}

// Gives what the sandbox answered, or throws with the name of its refusal.
export function act(what) {
  number += 1;
  const answered = new Promise((resolve, reject) => waiting.set(number, { resolve, reject }));
  tell({ ...what, re: number });
  return answered;
}

export function actInChat(what) {
  return act({ at: "chat", client: state.look.client, ...what }).catch(refused);
}

export function actInSlack(what) {
  return act({ at: "slack", viewer: state.look.viewer, ...what }).catch(refused);
}

export function moveClock(how) {
  return act({ at: "clock", do: how }).catch(refused);
}

function settle(news) {
  const promise = waiting.get(news.re);
  waiting.delete(news.re);
  if (!promise) return;
  if (news.refused) promise.reject(new Error(news.refused));
  else promise.resolve(news.data);
}

function refused(error) {
  changed("refusal", error.message);
  return undefined;
}

export async function upload(place, how, file) {
  const answer = await fetch(`/files/${place}?${new URLSearchParams(how)}`, { method: "POST", body: file });
  if (!answer.ok) changed("refusal", "file");
  return answer.ok;
}
