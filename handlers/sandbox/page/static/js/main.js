// Puts the page together: the bar, the four panes, the tabs of a narrow screen, and the wire.

import { clock } from "./clock.js";
import { company } from "./company.js";
import { connect } from "./connection.js";
import { fill, h } from "./dom.js";
import { mailbox } from "./mailbox.js";
import { phone } from "./phone.js";
import { on, state } from "./state.js";
import { words } from "./strings.js";
import { tabs } from "./tabs.js";
import { themeButton } from "./theme.js";
import { toast } from "./toasts.js";
import { workspace } from "./workspace.js";

const offline = h("p", { class: "offline", role: "alert", hidden: true }, words.offline);

function bar(root) {
  fill(
    root,
    h("img", { class: "mark", src: "/static/mark.svg", alt: "" }),
    h("h1", {}, words.product),
    h("span", { class: "tag" }, words.sandbox),
    h("p", { class: "promise" }, words.promise),
    clock(),
    themeButton(),
    offline,
  );
}

// The key has done its work; what stays in the address bar should open nothing.
if (location.search) history.replaceState(null, "", "/");

bar(document.getElementById("bar"));
tabs(document.getElementById("tabs"));
phone(document.getElementById("client"));
workspace(document.getElementById("staff"));
mailbox(document.getElementById("mail"));
company(document.getElementById("company"));

on("connection", (isConnected) => {
  offline.hidden = isConnected;
  if (!isConnected) setTimeout(connect, 2000);
});
on("refusal", (name) => toast(name === "file" ? words.tooLarge : words.gone));
on("slack", ready);
on("chat", ready);

// Everything has been drawn once: what drives the page may begin.
function ready() {
  const isDrawn =
    state.chat &&
    (state.look.channel === "home" || state.slack?.channels.some((one) => one.id === state.look.channel));
  if (isDrawn) document.body.classList.add("is-ready");
}
connect();
