// Nodes without markup: text from people only ever becomes text nodes, so nothing they write can run.

const AS_PROPERTY = new Set(["value", "checked", "disabled", "selected", "hidden", "open", "multiple"]);

export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) assign(node, name, value);
  node.append(...flat(children));
  return node;
}

function assign(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (AS_PROPERTY.has(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}

function flat(children) {
  return children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false);
}

export function fill(node, ...children) {
  node.replaceChildren(...flat(children));
  return node;
}

// Draws a list anew, touching only what changed. An item is {key, sig, make}; a node whose sig is the
// same stays as it is, with what is typed in it. Focus survives by the data-focus of what had it.
export function sync(parent, items) {
  const before = parent.kept ?? new Map();
  const kept = new Map();
  const focus = focused(parent);
  let place = null;
  for (const { key, sig, make } of items) {
    const old = before.get(key);
    const node = old && old.sig === sig ? old.node : make(old?.node);
    kept.set(key, { sig, node });
    if (old && old.node !== node) old.node.remove();
    const wanted = place ? place.nextSibling : parent.firstChild;
    if (node !== wanted) parent.insertBefore(node, wanted);
    place = node;
  }
  for (const [key, { node }] of before) if (!kept.has(key)) node.remove();
  parent.kept = kept;
  refocus(parent, focus);
}

function focused(parent) {
  const active = document.activeElement;
  return active && parent.contains(active) ? { node: active, mark: active.dataset.focus } : null;
}

function refocus(parent, before) {
  if (!before || document.activeElement === before.node) return;
  if (parent.contains(before.node)) before.node.focus();
  else if (before.mark) parent.querySelector(`[data-focus="${CSS.escape(before.mark)}"]`)?.focus();
}

// Keeps a list at its end, whatever comes into it or takes room from it, unless its reader has scrolled away.
export function follow(list) {
  list.isAtEnd = true;
  const stay = () => list.isAtEnd && toEnd(list);
  list.addEventListener("scroll", () => {
    list.isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  });
  list.addEventListener("load", stay, true);
  new ResizeObserver(stay).observe(list);
  new MutationObserver(stay).observe(list, { childList: true, subtree: true });
}

export function toEnd(list) {
  list.isAtEnd = true;
  list.scrollTop = list.scrollHeight;
}

export function announce(text) {
  const line = h("p", {}, text);
  document.getElementById("announcer").append(line);
  setTimeout(() => line.remove(), 4000);
}
