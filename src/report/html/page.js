"use strict";
// What every chart shares: numbers as readers want them, texts made safe, a frame with selectors, table and download.
const data = {
  replications: 0, sets: [], months: [], metrics: [], communities: [], differences: [], steps: [], map: null, ...JSON.parse(document.getElementById("results").textContent),
};
const dark = matchMedia("(prefers-color-scheme: dark)");
const frames = [];
// On paper charts have the colours of paper and the width of a sheet.
let isOnPaper = false;
const sheet = 680;
const isDark = () => dark.matches && !isOnPaper;
const width = () => (isOnPaper ? sheet : document.documentElement.clientWidth);
const narrow = () => width() < 640;

// Labels of plotly.js take marks such as <b>; a name has none.
const plain = (text) => String(text).replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
const shorten = (text, most) => (text.length > most ? text.slice(0, most - 1).trimEnd() + "…" : text);
// Long names in several lines.
const label = (text, width = 26) => {
  const lines = [""];
  for (const word of shorten(String(text), 3 * width).split(" ")) {
    const line = lines[lines.length - 1];
    if (line && line.length + word.length + 1 > width) lines.push(shorten(word, width));
    else lines[lines.length - 1] = line ? line + " " + word : shorten(word, width);
  }
  return lines.map(plain).join("<br>");
};

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

// The unit in which numbers of a size read best.
const unitFor = (unit, sizes) => {
  const largest = Math.max(0, ...sizes.filter(Number.isFinite).map(Math.abs));
  const steps = data.ladders[unit] || [[0, 1, ["ratio", "jobs", ""].includes(unit) ? "" : unit]];
  const [, divisor, sign] = steps.filter(([least]) => largest >= least).pop();
  return { divisor, sign };
};
// The rules of `format.rs`; both are checked against the cases of tests/browser/numbers.json.
const number = (value, decimals) => {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 1e15) return value.toExponential(2).replace("+", "").replaceAll("-", "−");
  const digits = Math.min(12, decimals);
  const text = new Intl.NumberFormat("en", { useGrouping: false, minimumFractionDigits: digits, maximumFractionDigits: digits, roundingMode: "halfEven" }).format(Math.abs(value));
  const [whole, part] = text.split(".");
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") : whole;
  return (value < 0 && /[1-9]/.test(text) ? "−" : "") + grouped + (part ? "." + part : "");
};
// As many digits as the half-width allows: one, two where it begins with 1, one more where an interval clear of zero would touch it; without one
// three digits of the mean.
const places = (size, half) => {
  if (size < 5e-7 && half < 5e-7) return 0;
  if (!(half > 0) && (size === 0 || (size < 1e9 && size % 1 < 1e-9))) return 0;
  const exponent = Math.floor(Math.log10(half > 0 ? half : size));
  const wanted = half > 0 ? (half / 10 ** exponent < 2 ? 1 : 0) - exponent : 2 - exponent;
  return Math.min(6, Math.max(0, wanted));
};
const decimalsOf = (mean, half) => {
  const size = Math.abs(mean);
  const decimals = places(size, half);
  const rounded = (value) => Math.round(value * 10 ** decimals);
  return decimals + (half > 0 && half < size && rounded(half) >= rounded(size) ? 1 : 0);
};
const say = (one, unit, replications = data.replications) => {
  if (!one) return "–";
  const [mean, half, count] = one;
  const decimals = decimalsOf(mean / unit.divisor, half === null ? 0 : half / unit.divisor);
  const text = number(mean / unit.divisor, decimals) + (half === null ? "" : " ± " + number(half / unit.divisor, decimals));
  const shown = half === null || count !== replications ? `${text} (n = ${count})` : text;
  return unit.sign ? `${shown} ${unit.sign}` : shown;
};
const withUnit = (name, unit) => (unit.sign ? `${name} (${unit.sign})` : name);
// Differences of shares are percentage points, so that nobody takes them for relative changes.
const differencesIn = (unit) => (unit.sign === "%" ? { ...unit, sign: "percentage points" } : unit);
const means = (all) => all.filter(Boolean).map(([mean]) => mean);
const bars = (all, unit, more = {}) => ({
  type: "data", array: all.map((one) => (one && one[1] !== null ? one[1] / unit.divisor : 0)), thickness: 1.5, width: 4, ...more,
});

const ink = () => (isDark()
  ? { text: "#e8eaed", grid: "#3a4047", paper: "#15181b", land: "#2a2f34", border: "#59616a", member: "#33475a" }
  : { text: "#202428", grid: "#e3e5e8", paper: "#ffffff", land: "#f0f1f2", border: "#b0b5bb", member: "#d9e8f3" });
const axis = (title, more = {}) => ({
  title: { text: label(title, narrow() ? 34 : 90), standoff: 8 }, gridcolor: ink().grid, zerolinecolor: ink().grid, linecolor: ink().grid, automargin: true,
  exponentformat: "none", separatethousands: true, ...more,
});
// An axis of names: by their places, so that two of one name stay two.
const names = (all, more = {}) => axis("", {
  tickmode: "array", tickvals: all.map((_, index) => index), ticktext: all.map((one) => (all.length > 8 ? plain(shorten(one, narrow() ? 16 : 32)) : label(one, narrow() ? 14 : 26))), range: [-0.6, all.length - 0.4], ...more,
});
const layout = (more) => ({
  paper_bgcolor: ink().paper, plot_bgcolor: ink().paper, font: { color: ink().text, size: 12 }, hovermode: "closest", dragmode: false, separators: ".\u202f",
  margin: { l: 60, r: 20, t: 16, b: 50 }, height: 420, legend: { orientation: "h", y: -0.25 }, hoverlabel: { align: "left" }, ...(isOnPaper ? { width: sheet } : {}), ...more,
});
const colour = (index) => data.colours.sequence[index % data.colours.sequence.length];

const field = (value) => {
  const text = value === null || value === undefined ? "" : String(value);
  // A text that a spreadsheet would take for a formula stays a text.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
const download = (name, columns, rows) => {
  const text = [columns, ...rows].map((row) => row.map(field).join(",")).join("\n") + "\n";
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  element("a", { href: url, download: name + ".csv" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
};

const option = ([value, text]) => element("option", { value }, shorten(String(text), 80));
const control = (chart, { key, name, options, range }, state, redraw) => {
  const id = `${chart}-${key}`;
  if (range) {
    const input = element("input", { id, type: "range", min: 0, max: range.length - 1, value: 0, step: 1 });
    const output = element("output", { for: id }, range[0]);
    state[key] = 0;
    input.setAttribute("aria-valuetext", range[0]);
    input.addEventListener("input", () => {
      state[key] = Number(input.value);
      output.textContent = range[state[key]];
      input.setAttribute("aria-valuetext", range[state[key]]);
      redraw();
    });
    return element("label", { for: id }, name + ": ", output, input);
  }
  const select = element("select", { id }, ...options.map(option));
  state[key] = select.value;
  select.addEventListener("change", () => {
    state[key] = select.value;
    redraw();
  });
  return element("label", { for: id }, name, select);
};

// A chart: `draw` takes what is chosen and gives traces, layout, an alternative text, and the columns and rows behind them.
const chart = ({ id, title, about, controls, draw }) => {
  const plot = element("div", { class: "plot", id: `plot-${id}`, role: "img" });
  const table = element("table", { class: "sortable" });
  const note = element("figcaption", { class: "note" }, about);
  const heading = element("h3", { id: `title-${id}` }, title);
  const state = {};
  let drawn = null;
  const redraw = () => {
    drawn = draw(state);
    plot.setAttribute("aria-label", drawn.alt);
    Plotly.react(plot, drawn.traces, drawn.layout, { displayModeBar: false, responsive: true });
    if (drawn.about) note.textContent = drawn.about;
    const head = element("tr", {}, ...drawn.columns.map((name) => element("th", { scope: "col" }, element("button", { type: "button" }, name))));
    const cell = (value) => (typeof value === "number"
      ? element("td", { class: "number", "data-value": value }, String(value)) : element("td", {}, value ?? "–"));
    table.replaceChildren(element("thead", {}, head), element("tbody", {}, ...drawn.rows.map((row) => element("tr", {}, ...row.map(cell)))));
  };
  const given = controls.filter(({ options, range }) => (options || range).length > 0);
  const row = element("div", { class: "controls" }, ...given.map((one) => control(id, one, state, redraw)));
  const button = element("button", { type: "button", class: "download" }, "Data as CSV");
  button.setAttribute("aria-label", `Data as CSV: ${title}`);
  button.addEventListener("click", () => download(id, drawn.columns, drawn.rows));
  row.append(button);
  const scroll = element("div", { class: "scroll tall", tabindex: 0, role: "region", "aria-label": `Data of “${title}”` }, table);
  const fold = element("details", {}, element("summary", {}, "Data of this chart"), scroll);
  document.getElementById("charts").append(element("figure", { id, "aria-labelledby": `title-${id}` }, heading, row, plot, note, fold));
  redraw();
  frames.push(redraw);
};

// Tables sort by a click on a heading: numbers by their full value, what is missing last.
const sortBy = (button) => {
  const head = button.closest("th");
  const place = [...head.parentNode.children].indexOf(head);
  const body = head.closest("table").tBodies[0];
  const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  const key = (row) => {
    const cell = row.cells[place];
    return cell.dataset.value === undefined ? cell.textContent : Number(cell.dataset.value);
  };
  const rank = (value) => (value === "–" ? 2 : typeof value === "string" ? 1 : 0);
  const compare = (a, b) => rank(a) - rank(b)
    || way * (typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true }));
  const rows = [...body.rows].map((row) => [key(row), row]);
  rows.sort((a, b) => compare(a[0], b[0]));
  body.append(...rows.map(([, row]) => row));
  for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", way === 1 ? "ascending" : "descending");
};
