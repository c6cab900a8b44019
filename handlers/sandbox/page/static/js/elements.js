// Interactive elements: buttons and menus act at once, inputs keep what is typed until it is sent.

import { pressIn } from "./blocks.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { lookup } from "./lookup.js";
import { chooser, manyOf, oneOf, radioButtons } from "./menus.js";
import { ask, menu } from "./popover.js";
import { link } from "./safe_link.js";
import { textObject, withEmoji } from "./slack_text.js";
import { state } from "./state.js";
import { words } from "./strings.js";

export function element(block, one, context, labels = {}) {
  const spot = new Spot(block, one, context, labels);
  return (ELEMENTS[one.type] ?? missing)(spot);
}

// One element in its block: what it holds, and what happens when that changes.
class Spot {
  constructor(block, one, context, labels) {
    Object.assign(this, { block, one, context, labels });
    this.acts = block.type !== "input" || Boolean(block.dispatch_action);
    this.mark = `${context.place.view ?? context.place.ts}-${block.block_id}-${one.action_id}`;
  }

  // The state's value as Slack keeps it; what was typed here since goes first.
  held(key) {
    const typed = this.context.typed?.[this.block.block_id]?.[this.one.action_id];
    if (typed) return { typed: typed.value };
    const kept = this.context.state?.[this.block.block_id]?.[this.one.action_id];
    return { kept: kept?.[key] ?? null };
  }

  keep(value, offered) {
    if (!this.context.typed) return;
    this.context.typed[this.block.block_id] ??= {};
    const place = this.context.typed[this.block.block_id];
    place[this.one.action_id] = offered ? { value, offered } : { value };
  }

  async chose(value, offered) {
    this.keep(value, offered);
    if (!this.acts) return;
    if (!(await confirmed(this.one.confirm))) return;
    pressIn(this.context, this.block.block_id, this.one.action_id, value);
  }

  props(more = {}) {
    const { labelledby, describedby, isWrong, isRequired } = this.labels;
    const name = this.one.placeholder?.text ?? this.one.accessibility_label;
    return {
      "aria-labelledby": labelledby,
      "aria-describedby": describedby || null,
      "aria-label": labelledby ? null : name,
      "aria-invalid": isWrong ? "true" : null,
      "aria-required": isRequired ? "true" : null,
      "data-focus": this.mark,
      autofocus: this.one.focus_on_load || null,
      ...more,
    };
  }
}

async function confirmed(question) {
  if (!question) return true;
  const said = { title: question.title.text, text: question.text.text };
  return ask({
    ...said,
    yes: question.confirm.text,
    no: question.deny.text,
    isDanger: question.style === "danger",
  });
}

const optionList = (spot) => optionsOf(spot.one).flatMap((group) => group.options);

const ELEMENTS = {
  button,
  overflow,
  static_select: (spot) => oneOf(spot, optionsOf(spot.one)),
  users_select: (spot) => chooser(spot, "selected_user", people()),
  conversations_select: (spot) => chooser(spot, "selected_conversation", rooms()),
  channels_select: (spot) => chooser(spot, "selected_channel", rooms()),
  external_select: (spot) => lookup(spot, false),
  multi_external_select: (spot) => lookup(spot, true),
  multi_static_select: (spot) => manyOf(spot, "selected_options", optionList(spot)),
  multi_users_select: (spot) => manyOf(spot, "selected_users", people()),
  multi_conversations_select: (spot) => manyOf(spot, "selected_conversations", rooms()),
  multi_channels_select: (spot) => manyOf(spot, "selected_channels", rooms()),
  checkboxes: (spot) => manyOf(spot, "selected_options", optionList(spot)),
  radio_buttons: radioButtons,
  plain_text_input: (spot) => typedField(spot, spot.one.multiline ? "textarea" : "input", "text"),
  email_text_input: (spot) => typedField(spot, "input", "email"),
  url_text_input: (spot) => typedField(spot, "input", "url"),
  number_input: (spot) => typedField(spot, "input", "number"),
  rich_text_input: richField,
  datepicker: (spot) => picked(spot, "date", "selected_date"),
  timepicker: (spot) => picked(spot, "time", "selected_time"),
  datetimepicker: moment,
};

function missing() {
  return h("p", { class: "muted" }, words.notHere);
}

function optionsOf(one) {
  const shown = ({ value, text, description }) => ({
    value,
    label: withEmoji(text.text),
    hint: description ? withEmoji(description.text) : "",
  });
  const groups = one.option_groups ?? [{ options: one.options }];
  return groups.map((group) => ({ label: group.label?.text ?? "", options: group.options.map(shown) }));
}

function people() {
  return state.slack.users
    .filter((one) => !one.deleted && !one.is_bot)
    .map((one) => ({ value: one.id, label: one.real_name }));
}

function rooms() {
  return state.slack.channels
    .filter((one) => one.kind !== "im")
    .map((one) => ({ value: one.id, label: `#${one.name}` }));
}

function button(spot) {
  const { one } = spot;
  if (one.url) {
    const made = link(one.url, textObject(one.text));
    made.classList.add("button");
    return made;
  }
  const style = { primary: " is-primary", danger: " is-danger" }[one.style] ?? "";
  const press = async (event) => {
    const node = event.currentTarget;
    if (node.getAttribute("aria-busy") || !(await confirmed(one.confirm))) return;
    node.setAttribute("aria-busy", "true");
    await pressIn(spot.context, spot.block.block_id, one.action_id);
    node.removeAttribute("aria-busy");
  };
  const props = {
    class: `button${style}`,
    type: "button",
    "aria-label": one.accessibility_label,
    "data-focus": spot.mark,
  };
  return h("button", { ...props, onclick: press }, textObject(one.text));
}

function overflow(spot) {
  const entries = spot.one.options.map((option) => ({
    label: withEmoji(option.text.text),
    hint: option.description?.text,
    act: () => overflowed(spot, option),
  }));
  const props = {
    class: "button is-icon",
    type: "button",
    "aria-label": words.moreActions,
    "aria-haspopup": "menu",
  };
  const made = h(
    "button",
    { ...props, "data-focus": spot.mark, onclick: () => menu(made, entries) },
    icon("more"),
  );
  return made;
}

async function overflowed(spot, option) {
  if (!(await confirmed(spot.one.confirm))) return;
  pressIn(spot.context, spot.block.block_id, spot.one.action_id, option.value ?? option.text.text);
}

function typedField(spot, tag, type) {
  const { one } = spot;
  const { typed, kept } = spot.held("value");
  const own = tag === "textarea" ? { rows: 5 } : { type, min: one.min_value, max: one.max_value };
  if (type === "number") own.step = one.is_decimal_allowed ? "any" : "1";
  const limits = { maxlength: one.max_length, placeholder: one.placeholder?.text ?? "" };
  const field = h(tag, spot.props({ class: "field", ...own, ...limits, value: typed ?? kept ?? "" }));
  const when = one.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  field.addEventListener("input", () => {
    spot.keep(field.value);
    if (spot.block.dispatch_action && when.includes("on_character_entered")) spot.chose(field.value);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || tag === "textarea") return;
    if (!spot.block.dispatch_action || !when.includes("on_enter_pressed")) return;
    event.preventDefault();
    event.stopPropagation();
    spot.chose(field.value);
  });
  return field;
}

function richField(spot) {
  const { typed, kept } = spot.held("rich_text_value");
  const said = (value) =>
    (value?.elements ?? []).flatMap((line) => line.elements.map((part) => part.text ?? "")).join("");
  const field = h("textarea", spot.props({ class: "field", rows: 5, value: said(typed ?? kept) }));
  field.addEventListener("input", () => {
    const line = { type: "rich_text_section", elements: [{ type: "text", text: field.value }] };
    spot.keep(field.value ? { type: "rich_text", elements: [line] } : null);
  });
  return field;
}

function picked(spot, type, key) {
  const { typed, kept } = spot.held(key);
  const field = h("input", spot.props({ class: "field is-short", type, value: typed ?? kept ?? "" }));
  field.addEventListener("change", () => spot.chose(field.value || null));
  return field;
}

function moment(spot) {
  const { typed, kept } = spot.held("selected_date_time");
  const at = typed ?? kept;
  const local = (seconds) => {
    const date = new Date(seconds * 1000);
    return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  };
  const field = h(
    "input",
    spot.props({ class: "field is-short", type: "datetime-local", value: at ? local(at) : "" }),
  );
  field.addEventListener("change", () =>
    spot.chose(field.value ? Math.floor(new Date(field.value).getTime() / 1000) : null),
  );
  return field;
}
