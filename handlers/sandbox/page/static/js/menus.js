// Menus of a form: one of many, many of many, and those whose options the desk looks up as one types.

import { actInSlack } from "./connection.js";
import { fill, h } from "./dom.js";
import { textObject, withEmoji } from "./slack_text.js";
import { words } from "./strings.js";

const SEARCH_PAUSE = 250;

// A select of grouped options; `groups` is [{label, options: [{value, label}]}].
export function oneOf(spot, groups) {
  const { typed, kept } = spot.held("selected_option");
  return select(spot, typed ?? kept?.value ?? "", groups);
}

export function chooser(spot, key, options) {
  const { typed, kept } = spot.held(key);
  return select(spot, typed ?? kept ?? "", [{ label: "", options }]);
}

function select(spot, chosen, groups) {
  const options = (group) => group.options.map((one) => h("option", { value: one.value, selected: one.value === chosen }, one.label));
  const none = h("option", { value: "", selected: !chosen, disabled: Boolean(chosen) && spot.acts }, spot.one.placeholder?.text ?? words.choose);
  const field = h("select", spot.props({ class: "field is-short" }), none,
    groups.map((group) => (group.label ? h("optgroup", { label: group.label }, options(group)) : options(group))));
  field.addEventListener("change", () => spot.chose(field.value || null));
  return field;
}

export function radioButtons(spot) {
  const { typed, kept } = spot.held("selected_option");
  const chosen = typed ?? kept?.value;
  const rows = spot.one.options.map((option, index) => {
    const field = h("input", { type: "radio", name: spot.mark, checked: option.value === chosen, "data-focus": `${spot.mark}-${index}` });
    field.addEventListener("change", () => spot.chose(option.value));
    return choiceRow(field, option);
  });
  return h("div", spot.props({ class: "choices", role: "radiogroup", "data-focus": null }), rows);
}

// Check boxes serve every kind of "many of these".
export function manyOf(spot, key, options) {
  const { typed, kept } = spot.held(key);
  const chosen = new Set(typed ?? (kept ?? []).map((one) => one.value ?? one));
  const most = spot.one.max_selected_items ?? Infinity;
  const rows = options.map((option, index) => {
    const field = h("input", { type: "checkbox", checked: chosen.has(option.value), "data-focus": `${spot.mark}-${index}` });
    field.addEventListener("change", () => {
      if (field.checked && chosen.size >= most) field.checked = false;
      else if (field.checked) chosen.add(option.value);
      else chosen.delete(option.value);
      spot.chose([...chosen]);
    });
    return choiceRow(field, option);
  });
  const isLong = spot.one.type !== "checkboxes";
  return h("div", spot.props({ class: `choices${isLong ? " is-boxed" : ""}`, role: "group", "data-focus": null }), rows);
}

function choiceRow(field, option) {
  const label = option.label ?? textObject(option.text);
  const hint = option.hint ?? (option.description ? textObject(option.description) : "");
  return h("label", { class: "choice" }, field, h("span", {}, label, hint?.length ? h("span", { class: "choice-hint" }, hint) : null));
}

let count = 0;

// A field with a list under it (the combobox pattern): arrows move, Enter takes, Escape closes the list.
export function externalMenu(spot, isMany) {
  count += 1;
  const listId = `options-${count}`;
  const { typed, kept } = spot.held(isMany ? "selected_options" : "selected_option");
  let chosen = startingWith(spot, typed, kept, isMany);
  const chips = h("div", { class: "chips" });
  const list = h("ul", { class: "options", id: listId, role: "listbox", hidden: true });
  const field = h("input", spot.props({ class: "field", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": listId, "aria-autocomplete": "list",
    placeholder: spot.one.placeholder?.text ?? words.search }));
  let at = -1;
  let found = [];
  let timer = 0;

  const show = (isOpen) => {
    list.hidden = !isOpen;
    field.setAttribute("aria-expanded", String(isOpen));
  };
  const take = (option) => {
    chosen = isMany ? [...chosen.filter((one) => one.value !== option.value), option] : [option];
    show(false);
    field.value = "";
    changed();
  };
  const changed = () => {
    drawChips();
    const values = chosen.map((one) => one.value);
    spot.keep(isMany ? values : (values[0] ?? null), chosen);
    if (spot.acts) spot.chose(isMany ? chosen.map((one) => one.text.text) : (chosen[0]?.text.text ?? null), chosen);
  };
  const drawChips = () => {
    fill(chips, chosen.map((one) => h("button", { class: "chip", type: "button", title: words.remove, onclick: () => {
      chosen = chosen.filter((each) => each !== one);
      changed();
      field.focus();
    } }, withEmoji(one.text.text), " ×")));
    chips.hidden = !chosen.length;
  };
  const drawOptions = () => {
    fill(list, found.length ? found.map((one, index) => h("li", { class: "option", role: "option", id: `${listId}-${index}`, "aria-selected": String(index === at), onpointerdown: (event) => {
      event.preventDefault();
      take(one);
    } }, withEmoji(one.text.text), one.description ? h("span", { class: "choice-hint" }, one.description.text) : null)) : h("li", { class: "option muted" }, words.noMatch));
    if (at >= 0) field.setAttribute("aria-activedescendant", `${listId}-${at}`);
  };
  const look = async () => {
    if (field.value.length < (spot.one.min_query_length ?? 3)) return show(false);
    found = (await actInSlack({ do: "search", place: spot.context.place, block: spot.block.block_id, action: spot.one.action_id, query: field.value })) ?? [];
    at = found.length ? 0 : -1;
    drawOptions();
    return show(true);
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, SEARCH_PAUSE);
  });
  field.addEventListener("focus", () => (spot.one.min_query_length ?? 3) === 0 && look());
  field.addEventListener("blur", () => show(false));
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      at = (at + step + found.length) % found.length;
      drawOptions();
    } else if (event.key === "Enter" && !list.hidden && found[at]) {
      event.preventDefault();
      event.stopPropagation();
      take(found[at]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      show(false);
    }
  });
  drawChips();
  return h("div", { class: "combobox" }, chips, field, list);
}

function startingWith(spot, typed, kept, isMany) {
  const before = spot.context.typed?.[spot.block.block_id]?.[spot.one.action_id]?.offered;
  if (typed !== undefined && before) return before;
  if (!kept) return [];
  return isMany ? kept : [kept];
}
