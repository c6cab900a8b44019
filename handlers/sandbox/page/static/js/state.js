// What this page knows and looks at; panes redraw when something that concerns them arrives.

const listeners = new Map();
const REMEMBERED = "desk-sandbox-look";

export const state = {
  cast: null,
  look: remembered(),
  chat: null,
  clients: [],
  slack: null,
  mail: [],
  company: null,
  clock: null,
};

export function on(pane, draw) {
  listeners.set(pane, [...(listeners.get(pane) ?? []), draw]);
}

export function changed(pane, ...what) {
  for (const draw of listeners.get(pane) ?? []) draw(...what);
}

export function client() {
  return state.cast.clients.find((one) => one.id === state.look.client);
}

export function person(id) {
  return state.slack?.users.find((one) => one.id === id);
}

export function remember() {
  sessionStorage.setItem(REMEMBERED, JSON.stringify(state.look));
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(REMEMBERED)) ?? {};
  } catch {
    return {};
  }
}
