// The emoji a desk uses, by Slack's names; an unknown name stays as it was written.

const NAMES = {
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", warning: "⚠️",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", clock1: "🕐", alarm_clock: "⏰", stopwatch: "⏱️",
  eyes: "👀", tada: "🎉", lock: "🔒", unlock: "🔓", key: "🔑", shield: "🛡️", bust_in_silhouette: "👤",
  busts_in_silhouette: "👥", speech_balloon: "💬", memo: "📝", pencil: "✏️", pencil2: "✏️", paperclip: "📎",
  page_facing_up: "📄", email: "✉️", envelope: "✉️", incoming_envelope: "📨", inbox_tray: "📥",
  outbox_tray: "📤", label: "🏷️", bell: "🔔", no_bell: "🔕", mag: "🔍", star: "⭐", star2: "🌟",
  arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", leftwards_arrow_with_hook: "↩️",
  red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢",
  large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫", no_entry: "⛔", no_entry_sign: "🚫",
  snowflake: "❄️", ice_cube: "🧊", zzz: "💤", sos: "🆘", rotating_light: "🚨", thumbsup: "👍", "+1": "👍",
  thumbsdown: "👎", "-1": "👎", raised_hand: "✋", wave: "👋", wastebasket: "🗑️", recycle: "♻️",
  information_source: "ℹ️", question: "❓", exclamation: "❗", heavy_plus_sign: "➕", camera: "📷",
  file_folder: "📁", package: "📦", scroll: "📜", balance_scale: "⚖️", scales: "⚖️", calendar: "📅",
  date: "📅", robot_face: "🤖", telephone_receiver: "📞", heart: "❤️", smile: "😄", slightly_smiling_face: "🙂",
};

export function emoji(name) {
  return NAMES[name] ?? `:${name}:`;
}
