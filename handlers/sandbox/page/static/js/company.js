// The company's database, read only: its tables, and what became of their rows.

import { look } from "./connection.js";
import { announce, fill, h, sync } from "./dom.js";
import { icon } from "./icons.js";
import { client, on, state } from "./state.js";
import { words } from "./strings.js";
import { otherPane } from "./tabs.js";

const tables = h("div", { class: "company-tables", role: "tablist", "aria-label": words.companyTables });
const box = h("input", { type: "checkbox", class: "company-only", onchange: () => look({ only: box.checked }) });
const boxLabel = h("span", {});
const head = h("thead");
const body = h("tbody");
const grid = h("table", { class: "company-grid" }, head, body);
const note = h("p", { class: "empty" }, words.notThere);
const more = h("p", { class: "hint company-more", hidden: true });
const sheet = h(
  "div",
  { class: "company-sheet", role: "tabpanel", tabindex: 0, "aria-label": words.company },
  grid,
  more,
  note,
);
// What was drawn last of each row, so that one that goes can be struck out.
let seen = new Map();
let seenOf = "";
const lefts = new Map();

export function company(root) {
  const only = h("label", { class: "company-filter" }, box, boxLabel);
  fill(
    root,
    h(
      "header",
      { class: "mail-head company-head" },
      icon("table"),
      h("h2", {}, words.company),
      h("span", { class: "mail-count" }, words.companyIs),
      only,
      otherPane("mail", "mail"),
    ),
    tables,
    sheet,
  );
  on("company", draw);
  on("look", draw);
  draw();
}

function draw() {
  const found = state.company;
  const who = state.cast ? client().name : "";
  box.checked = state.look.only ?? true;
  fill(boxLabel, words.onlyTheirs(who));
  const shown = found?.table;
  grid.hidden = !shown;
  note.hidden = Boolean(shown?.rows.length);
  note.textContent = shown ? words.noRows(who) : words.notThere;
  if (!shown) return;
  drawTabs(found.tables, shown.name);
  const isOther = seenOf !== shown.name;
  if (isOther) seen = new Map();
  seenOf = shown.name;
  drawGrid(shown, isOther);
  more.hidden = !shown.more;
  more.textContent = words.moreRows(shown.more);
}

function drawTabs(counts, chosen) {
  sync(
    tables,
    counts.map((one) => ({
      key: one.name,
      sig: JSON.stringify([one, one.name === chosen]),
      make: () => tab(one, one.name === chosen),
    })),
  );
  for (const one of counts) {
    const before = lefts.get(one.name);
    const left = `${words.tableNames[one.name]}: ${words.left(one.theirs_left, one.theirs_total)}`;
    if (before !== undefined && before !== one.left) announce(left);
    lefts.set(one.name, one.left);
  }
}

function tab(one, isChosen) {
  const [left, total] = [one.theirs_left, one.theirs_total];
  return h(
    "button",
    {
      class: `company-tab${left < total ? " has-less" : ""}`,
      type: "button",
      role: "tab",
      "aria-selected": String(isChosen),
      "data-table": one.name,
      "data-focus": `table-${one.name}`,
      onclick: () => look({ table: one.name }),
    },
    h("span", { class: "company-name" }, words.tableNames[one.name]),
    h("span", { class: "company-left" }, total ? words.left(left, total) : words.rows(one.left)),
  );
}

function drawGrid(shown, isOther) {
  const isHeld = shown.rows.some((row) => row.law || row.state);
  const [key, ...others] = shown.columns.map((name) => h("th", { scope: "col" }, name.replaceAll("_", " ")));
  fill(head, h("tr", {}, key, isHeld ? h("th", { scope: "col" }, words.fate) : null, others));
  if (isOther) sheet.scrollTop = 0;
  sync(
    body,
    shown.rows.map((row) => ({
      key: `${shown.name} ${row.key}`,
      sig: JSON.stringify([row, isHeld]),
      make: () => line(shown, row, isHeld),
    })),
  );
  for (const row of shown.rows) if (row.cells) seen.set(row.key, row.cells);
}

function line(shown, row, isHeld) {
  const before = seen.get(row.key);
  const cells = row.cells ?? before ?? [row.key, ...shown.columns.slice(1).map(() => "")];
  const [key, ...others] = cells.map((text, at) => cell(text, before?.[at], row));
  const look = ["company-row", row.state && `is-${row.state}`, row.is_theirs && "is-theirs"];
  return h(
    "tr",
    { class: look.filter(Boolean).join(" ") },
    key,
    isHeld ? h("td", { class: "company-fate" }, fate(row)) : null,
    others,
  );
}

function cell(text, before, row) {
  const isOther = row.cells && before !== undefined && before !== text;
  return h(
    "td",
    { class: isOther ? "is-other" : null, title: text },
    text ?? h("span", { class: "company-null" }, words.empty),
  );
}

function fate(row) {
  if (row.state === "gone") return words.erased;
  if (!row.law) return row.state === "changed" ? words.changedRow : null;
  const until = words.until(words.laws[row.law] ?? row.law, row.until);
  return row.state === "kept" ? h("strong", {}, words.keptRow(until)) : until;
}
