// The mailbox that every mail of the desk goes to.

import { fill, h, sync } from "./dom.js";
import { icon } from "./icons.js";
import { linked } from "./safe_link.js";
import { on, state } from "./state.js";
import { words } from "./strings.js";
import { otherPane } from "./tabs.js";
import { toast } from "./toasts.js";

const list = h("ol", { class: "mail-list", "aria-label": words.mailbox });
const reader = h("article", { class: "mail-reader", tabindex: -1, "aria-live": "off" });
const count = h("span", { class: "mail-count" });
const read = new Set();
let chosen = null;
let known = -1;

export function mailbox(root) {
  fill(
    root,
    h("header", { class: "mail-head" }, icon("mail"), h("h2", {}, words.mailbox), count, otherPane("company", "table")),
    h("div", { class: "mail-body" }, list, reader),
  );
  on("mail", draw);
  draw();
}

function draw() {
  const mails = [...state.mail].reverse();
  if (known >= 0 && mails.length > known) toast(words.newMail(mails[0].subject));
  known = mails.length;
  if (chosen === null && mails.length) chosen = mails[0].number;
  count.textContent = mails.length ? String(mails.length) : "";
  sync(
    list,
    mails.map((mail) => ({
      key: mail.number,
      sig: `${mail.number === chosen} ${read.has(mail.number)}`,
      make: () => entry(mail),
    })),
  );
  drawChosen(mails);
}

function drawChosen(mails) {
  const mail = mails.find((one) => one.number === chosen);
  if (!mail) return fill(reader, h("p", { class: "empty" }, words.noMail));
  if (reader.dataset.number === String(mail.number)) return undefined;
  reader.dataset.number = mail.number;
  const files = mail.files.length
    ? h("p", { class: "mail-line" }, `${words.files}: `, ...mail.files.flatMap(attached(mail)))
    : null;
  return fill(
    reader,
    h("h3", {}, mail.subject),
    h("p", { class: "mail-line" }, `${words.from} ${mail.from}`),
    h("p", { class: "mail-line" }, `${words.to} ${mail.to.join(", ")}`),
    files,
    h("div", { class: "mail-text" }, linked(mail.text)),
  );
}

function attached(mail) {
  return (name, place) => {
    const href = `/files/mail/${mail.number}/${place}`;
    const link = h("a", { href, download: name }, name);
    return place ? [", ", link] : [link];
  };
}

function entry(mail) {
  const isNew = !read.has(mail.number) && mail.number !== chosen;
  const at = new Date(mail.at * 1000);
  const open = () => {
    chosen = mail.number;
    read.add(mail.number);
    draw();
  };
  return h(
    "li",
    {},
    h(
      "button",
      {
        class: `mail-entry${isNew ? " is-new" : ""}`,
        type: "button",
        "aria-current": mail.number === chosen ? "true" : null,
        "data-focus": `mail-${mail.number}`,
        onclick: open,
      },
      h(
        "span",
        { class: "mail-subject" },
        isNew ? h("span", { class: "dot" }, h("span", { class: "unseen" }, words.unread(1))) : null,
        mail.subject,
      ),
      h("span", { class: "mail-to" }, mail.to.join(", ")),
      h("time", { datetime: at.toISOString() }, at.toLocaleTimeString([], { timeStyle: "short" })),
    ),
  );
}
