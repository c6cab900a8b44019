// Text whose contrast with its ground is below 4.5 to 1 (WCAG 2.2, 1.4.3).
() => {
  const parts = (color) => color.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const line = [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2];
  };
  const over = (top, under) => top.slice(0, 3).map((v, at) => v * (top[3] ?? 1) + under[at] * (1 - (top[3] ?? 1)));
  const behind = (node) => {
    const all = [];
    for (let at = node; at; at = at.parentElement) all.push(parts(getComputedStyle(at).backgroundColor));
    return all.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const faint = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility() || node.closest('.unseen, noscript, script')) continue;
    const ground = behind(node);
    const [a, b] = [light(over(parts(getComputedStyle(node).color), ground)), light(ground)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.set(node.className || node.tagName, ratio.toFixed(2));
  }
  return Object.fromEntries(faint);
}
