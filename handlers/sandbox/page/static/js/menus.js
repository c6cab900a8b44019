// Menus of a form: one of many, and many of many.

import { h } from "./dom.js";
import { textObject } from "./slack_text.js";
import { words } from "./strings.js";

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
  const options = (group) =>
    group.options.map((one) => h("option", { value: one.value, selected: one.value === chosen }, one.label));
  const hint = spot.one.placeholder?.text ?? words.choose;
  const none = h("option", { value: "", selected: !chosen, disabled: Boolean(chosen) && spot.acts }, hint);
  const inGroup = (group) =>
    group.label ? h("optgroup", { label: group.label }, options(group)) : options(group);
  const field = h("select", spot.props({ class: "field is-short" }), none, groups.map(inGroup));
  field.addEventListener("change", () => spot.chose(field.value || null));
  return field;
}

export function radioButtons(spot) {
  const { typed, kept } = spot.held("selected_option");
  const chosen = typed ?? kept?.value;
  const rows = spot.one.options.map((option, index) => {
    const props = { type: "radio", name: spot.mark, "data-focus": `${spot.mark}-${index}` };
    const field = h("input", { ...props, checked: option.value === chosen });
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
    const props = { type: "checkbox", "data-focus": `${spot.mark}-${index}` };
    const field = h("input", { ...props, checked: chosen.has(option.value) });
    field.addEventListener("change", () => {
      if (field.checked && chosen.size >= most) field.checked = false;
      else if (field.checked) chosen.add(option.value);
      else chosen.delete(option.value);
      spot.chose([...chosen]);
    });
    return choiceRow(field, option);
  });
  const look = spot.one.type === "checkboxes" ? "choices" : "choices is-boxed";
  return h("div", spot.props({ class: look, role: "group", "data-focus": null }), rows);
}

function choiceRow(field, option) {
  const label = option.label ?? textObject(option.text);
  const hint = option.hint ?? (option.description ? textObject(option.description) : "");
  const more = hint?.length ? h("span", { class: "choice-hint" }, hint) : null;
  return h("label", { class: "choice" }, field, h("span", {}, label, more));
}
