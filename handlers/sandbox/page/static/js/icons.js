// Small line icons, drawn here so that nothing is loaded from elsewhere.

const PATHS = {
  send: "M4 12l16-8-6 16-3-6-7-2z",
  clip: "M8 12.5l6-6a3 3 0 0 1 4.2 4.2l-8 8a5 5 0 0 1-7-7l7.6-7.6",
  mic: "M12 4a2.5 2.5 0 0 0-2.5 2.5v5a2.5 2.5 0 0 0 5 0v-5A2.5 2.5 0 0 0 12 4zM6 11.5a6 6 0 0 0 12 0M12 17.5V21",
  menu: "M5 7h14M5 12h14M5 17h14",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  close: "M6 6l12 12M18 6L6 18",
  reply: "M10 8L5 12.5 10 17M5.500 12.500h7.500a6 6 0 0 1 6 6",
  edit: "M5 19l1-4L16 5l3 3L9 18l-4 1z",
  trash: "M5 7h14M10 4h4M7 7l1 13h8l1-13",
  thread: "M5 6h14v9h-8l-4 4v-4H5z",
  smile: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM9 10h.01M15 10h.01M8.500 14a4.500 4.500 0 0 0 7 0",
  bolt: "M13 4L6 13h5l-1 7 7-9h-5l1-7z",
  hash: "M9.500 4l-2 16M16.500 4l-2 16M5 9h15M4 15h15",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  home: "M4 11.500L12 5l8 6.500M6.500 10v9h11v-9",
  mail: "M4 6h16v12H4zM4 7l8 6 8-6",
  phone: "M8 3h8v18H8zM11 18h2",
  people:
    "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3.500 19a5.500 5.500 0 0 1 11 0M16 5.500a3 3 0 0 1 0 5.500M17 14a5 5 0 0 1 3.500 5",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 4M15 9h.01",
  pin: "M12 21s-6-6-6-11a6 6 0 0 1 12 0c0 5-6 11-6 11zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  contact: "M12 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM5.500 20a6.500 6.500 0 0 1 13 0",
  keys: "M4 7h16v10H4zM7.500 10.500h.01M11 10.500h.01M14.500 10.500h.01M8 14h8",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600L7 7M17 17l1.400 1.400M5.600 18.400L7 17M17 7l1.400-1.400",
  moon: "M19 14.500A7.500 7.500 0 0 1 9.500 5a7.500 7.500 0 1 0 9.500 9.500z",
  half: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  block: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM6.500 6.500l11 11",
  check: "M5 12.500l4.500 4.500L19 7.500",
  table: "M4 5h16v14H4zM4 10h16M4 14.500h16M10 10v9",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 7.500V12l3 2",
  play: "M8 5l11 7-11 7z",
  back: "M14 6l-6 6 6 6",
  down: "M6 9.500l6 6 6-6",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.dataset.icon = name;
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
