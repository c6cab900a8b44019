// A menu whose options the desk looks up as one types: the combobox pattern.
// Arrows move in the list, Enter takes, Escape closes it; what was taken stands above as chips.

import { actInSlack } from "./connection.js";
import { fill, h } from "./dom.js";
import { withEmoji } from "./slack_text.js";
import { words } from "./strings.js";

const PAUSE_MILLISECONDS = 250;
const SHORTEST_QUERY = 3; // Block Kit's default of min_query_length

let count = 0;

export function lookup(spot, isMany) {
  return new Lookup(spot, isMany).node;
}

class Lookup {
  constructor(spot, isMany) {
    count += 1;
    Object.assign(this, { spot, isMany, found: [], at: -1, timer: 0, listId: `options-${count}` });
    this.least = spot.one.min_query_length ?? SHORTEST_QUERY;
    this.chosen = this.chosenBefore();
    this.chips = h("div", { class: "chips" });
    this.list = h("ul", { class: "options", id: this.listId, role: "listbox", hidden: true });
    this.field = h(
      "input",
      spot.props({
        class: "field",
        role: "combobox",
        autocomplete: "off",
        placeholder: spot.one.placeholder?.text ?? words.search,
        "aria-expanded": "false",
        "aria-controls": this.listId,
        "aria-autocomplete": "list",
      }),
    );
    this.node = h("div", { class: "combobox" }, this.chips, this.field, this.list);
    this.listen();
    this.drawChips();
  }

  chosenBefore() {
    const { block, one, context } = this.spot;
    const typed = context.typed?.[block.block_id]?.[one.action_id]?.offered;
    if (typed) return typed;
    const { kept } = this.spot.held(this.isMany ? "selected_options" : "selected_option");
    return kept ? [kept].flat() : [];
  }

  listen() {
    const { field } = this;
    field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), PAUSE_MILLISECONDS);
    });
    field.addEventListener("focus", () => this.least === 0 && this.look());
    field.addEventListener("blur", () => this.show(false));
    field.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isOpen = !this.list.hidden;
    if (step && this.found.length) this.at = (this.at + step + this.found.length) % this.found.length;
    else if (event.key === "Enter" && isOpen && this.found[this.at]) this.take(this.found[this.at]);
    else if (event.key === "Escape" && isOpen) this.show(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.drawOptions();
  }

  async look() {
    const query = this.field.value;
    if (query.length < this.least) return this.show(false);
    const { block, one, context } = this.spot;
    const what = { do: "search", place: context.place, block: block.block_id, action: one.action_id, query };
    this.found = (await actInSlack(what)) ?? [];
    this.at = this.found.length ? 0 : -1;
    this.drawOptions();
    return this.show(true);
  }

  show(isOpen) {
    this.list.hidden = !isOpen;
    this.field.setAttribute("aria-expanded", String(isOpen));
  }

  take(option) {
    const others = this.chosen.filter((one) => one.value !== option.value);
    this.show(false);
    this.field.value = "";
    this.choose(this.isMany ? [...others, option] : [option]);
  }

  choose(options) {
    this.chosen = options;
    this.drawChips();
    const said = (part) => (this.isMany ? options.map(part) : options.length ? part(options[0]) : null);
    this.spot.keep(
      said((one) => one.value),
      options,
    );
    // The stand-in looks the option up by what it says, as the person read it.
    if (this.spot.acts)
      this.spot.chose(
        said((one) => one.text.text),
        options,
      );
  }

  drawChips() {
    this.chips.hidden = !this.chosen.length;
    fill(
      this.chips,
      this.chosen.map((one) => {
        const drop = () => {
          this.choose(this.chosen.filter((each) => each !== one));
          this.field.focus();
        };
        return h(
          "button",
          { class: "chip", type: "button", title: words.remove, onclick: drop },
          withEmoji(one.text.text),
          " ×",
        );
      }),
    );
  }

  drawOptions() {
    const rows = this.found.map((one, index) => this.row(one, index));
    fill(this.list, rows.length ? rows : h("li", { class: "option muted" }, words.noMatch));
    if (this.at >= 0) this.field.setAttribute("aria-activedescendant", `${this.listId}-${this.at}`);
  }

  row(one, index) {
    const take = (event) => {
      event.preventDefault();
      this.take(one);
    };
    const props = {
      class: "option",
      role: "option",
      id: `${this.listId}-${index}`,
      "aria-selected": String(index === this.at),
    };
    const hint = one.description ? h("span", { class: "choice-hint" }, one.description.text) : null;
    return h("li", { ...props, onpointerdown: take }, withEmoji(one.text.text), hint);
  }
}
