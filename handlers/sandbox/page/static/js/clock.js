// What time it is in the sandbox, and the buttons that let time pass.

import { moveClock } from "./connection.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { on, state } from "./state.js";
import { words } from "./strings.js";

const HOW = ["hour", "days", "due"];
const HOUR = 3600;
const DAY = 24 * HOUR;
let drift = 0;

export function clock() {
  const time = h("time", { class: "clock-time" });
  const ahead = h("span", { class: "tag clock-ahead", hidden: true });
  const buttons = HOW.map((how) =>
    h(
      "button",
      { class: "button clock-step", type: "button", title: words.laterHint[how], "data-step": how },
      words.later[how],
    ),
  );
  for (const [at, one] of buttons.entries()) one.addEventListener("click", () => pass(one, HOW[at]));
  const tick = () => show(time, ahead, buttons.at(-1));
  on("clock", () => {
    // The machine of the browser may have another time than the sandbox's.
    drift = state.clock.now * 1000 - Date.now();
    tick();
  });
  setInterval(tick, 1000);
  tick();
  return h(
    "div",
    { class: "clock", role: "group", "aria-label": words.clock },
    h("span", { class: "clock-face" }, icon("clock"), time, ahead),
    buttons,
  );
}

function show(time, ahead, toDue) {
  const seconds = state.clock?.ahead ?? 0;
  const now = new Date(Date.now() + drift);
  time.dateTime = now.toISOString();
  const text = now.toLocaleString([], {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  if (time.textContent !== text) time.textContent = text;
  ahead.hidden = !seconds;
  if (seconds) fill(ahead, words.ahead(span(seconds)));
  toDue.disabled = !state.clock?.due;
  toDue.title = state.clock?.due ? words.laterHint.due : words.nothingDue;
}

function span(seconds) {
  const days = Math.floor(seconds / DAY);
  const hours = Math.round((seconds % DAY) / HOUR);
  const parts = [days ? words.days(days) : "", hours || !days ? words.hours(hours) : ""];
  return parts.filter(Boolean).join(" ");
}

async function pass(button, how) {
  button.setAttribute("aria-busy", "true");
  await moveClock(how);
  button.removeAttribute("aria-busy");
}
