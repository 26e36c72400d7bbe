// Opens report.html from disk in Chromium and uses it as a planner does: of a small study with futures, a choice and a sweep, of one with
// thirty sites, of a choice alone and of sweeps alone, and of the shipped study.
// node page.mjs PLEIADE MODULES OUTPUT [PAGE]: the program, a folder with playwright-core and axe-core, where results and pictures go, and the
// page of the shipped study.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import assert from "node:assert/strict";

const [program, modules, output, shipped] = process.argv.slice(2).map((path) => resolve(path));
const require = createRequire(join(modules, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const MARKUP = "<script>alert(1)</script> & <b>bold</b>";
const SITES = 30;

// The scenario of `pleiade init` with sites all over Europe beside its own; one has markup for a name.
const thirtySites = (example) => {
  const more = Array.from({ length: SITES - 3 }, (_, index) => ({
    id: `more-${index}`, name: index === 0 ? MARKUP : `Factory number ${index} of a long name`,
    latitude: 38 + ((index * 7) % 27), longitude: -8 + ((index * 11) % 34),
  }));
  const block = ({ id, name, latitude, longitude }) => `
[[site]]
id = "${id}"
name = "${name}"
country = "IT"
latitude = ${latitude}.0
longitude = ${longitude}.0
router = "milan"
uplink = "10 Gbit/s"
transfer_nodes = "10 Gbit/s"
partition = [{ id = "gpu", accelerator = "h100", nodes = 4, accelerators_per_node = 4, share = 0.5 }]
`;
  const named = example.replace('name = "example"', 'name = "thirty"').replace('"south", "west"]', `"south", "west", ${more.map(({ id }) => `"${id}"`)}]`);
  return named + more.map(block).join("");
};

const run = (command, file, more = []) => {
  const end = command === "compare" ? "2026-07-01" : "2026-02-15";
  const count = command === "select" ? [] : ["--replications", "3"];
  const options = [...count, "--set", `observation.end=${end}`, "--set", "observation.warm_up=10 d", "--output", output, "--quiet", ...more];
  execFileSync(program, [command, file, ...options], { stdio: ["ignore", "ignore", "inherit"] });
};

const study = (name, uses) => ({ name, page: join(output, name, "report.html"), uses });

// The scenario of `pleiade init` under another name, with what futures, a choice and sweeps ask for.
const FUTURES = `
[[future]]
id = "low"
name = ${JSON.stringify(MARKUP)}
weight = 1
with = ["community.startups.jobs_per_day=4"]

[[future]]
id = "high"
weight = 2
`;
const CHOICE = `
[choice]
sites = { most = 1 }

[worth]
runs = 60
replications = 2
`;
const axis = (id, key, factor, from, to, more) => `
[[sweep.axis]]
id = "${id}"
keys = ["${key}"]
factor = ${factor}
from = ${from}
to = ${to}
${more}
`;
const demand = (more = "") => axis("demand", "community.startups.jobs_per_day", true, 0.5, 2.0, more);
const uplink = (more = "") => axis("uplink", "site.west.uplink", false, '"1 Gbit/s"', '"100 Gbit/s"', `scale = "log"\n${more}`);
const OBJECTIVES = `
[[objective]]
id = "done"
name = "Work done"
metric = "done_h"
want = "most"

[[objective]]
id = "wait"
name = "Mean wait"
metric = "wait_s_mean"
want = "least"
at_most = "30 d"
`;
const sweepOf = (design, axes) => `
[sweep]
design = "${design}"
${axes}`;
const written = (example, name, more) => {
  const file = join(output, `${name}.toml`);
  writeFileSync(file, example.replace('name = "example"', `name = "${name}"`) + OBJECTIVES + more);
  return file;
};

const drawn = (page, chart) => page.evaluate((id) => JSON.stringify(document.getElementById(`plot-${id}`).data.map((trace) => [trace.x, trace.y, trace.z])), chart);

const changes = async (page, chart, act) => {
  const before = await drawn(page, chart);
  await act();
  assert.notEqual(await drawn(page, chart), before, `${chart} draws what was chosen`);
};

const colours = (page) => page.evaluate(() => JSON.stringify(document.getElementById("plot-map").data.map((trace) => trace.marker?.color ?? null)));

// What a planner does with each kind of results; a chart that is not on the page fails.
const uses = {
  sets: async (page) => {
    await changes(page, "values", () => page.selectOption("#values-metric", { index: 2 }));
    await changes(page, "cost", () => page.selectOption("#cost-scope", { index: 1 }));
    await changes(page, "utilisation", () => page.selectOption("#utilisation-scope", { index: 2 }));
    await changes(page, "utilisation", () => page.selectOption("#utilisation-period", { index: 2 }));
    await changes(page, "waits", () => page.selectOption("#waits-scope", { index: 1 }));
    await changes(page, "entitled", () => page.selectOption("#entitled-kind", { index: 1 }));
    await changes(page, "entitled", () => page.selectOption("#entitled-show", "ratio"));
    const before = await colours(page);
    await page.focus("#map-period");
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.inputValue("#map-period"), "1");
    const moved = await colours(page);
    assert.notEqual(moved, before, "the slider colours the sites anew");
    await page.selectOption("#map-by", "wait");
    assert.notEqual(await colours(page), moved, "sites are coloured by their waits");
    assert.match(await page.getAttribute("#plot-map", "aria-label"), /mean wait/);
  },
  futures: async (page) => {
    await changes(page, "regret", () => page.selectOption("#regret-what", "beats"));
    await changes(page, "regret", () => page.selectOption("#regret-what", "values"));
  },
  choice: async (page) => {
    await changes(page, "finalists", () => page.selectOption("#finalists-objective", { index: 1 }));
    assert.ok(await page.evaluate(() => document.getElementById("plot-finalists").data.some((trace) => trace.name === "chosen" && trace.x.length === 1)), "one is chosen");
    assert.ok(await page.evaluate(() => document.getElementById("plot-worth").data.length) >= 2, "what candidates are worth");
  },
  tornado: (page) => changes(page, "tornado", () => page.selectOption("#tornado-set", { index: 1 })),
  curve: async (page) => {
    await changes(page, "curve", () => page.selectOption("#curve-objective", { index: 1 }));
    await page.selectOption("#curve-objective", { label: "Mean wait" });
    assert.match(await page.textContent("#plot-curve .legend"), /required: at most/);
  },
  map: (page) => changes(page, "sweep-map", () => page.selectOption("#sweep-map-set", { index: 1 })),
};

// Numbers on the page follow the rules of `format.rs`, which is held to the same cases.
const numbersAlike = async (page) => {
  const cases = JSON.parse(readFileSync(join(dirname(fileURLToPath(import.meta.url)), "numbers.json"), "utf8"));
  const wrong = await page.evaluate((all) => all.map(([unit, mean, half, count, text]) => [say([mean, half, count], unitFor(unit, [mean]), 10), text]).filter(([said, text]) => said !== text), cases);
  assert.deepEqual(wrong, []);
};

// On paper charts are as wide as a sheet, in light colours whatever the screen has, and nothing stands beyond the edge.
const prints = async (page, what) => {
  const paper = () => page.evaluate(() => [...document.querySelectorAll(".plot .main-svg:first-child")].map((svg) => [svg.style.background, svg.clientWidth].join()));
  const screen = await paper();
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.ok((await paper()).every((one) => one === "rgb(255, 255, 255),680"), `${what}: charts on paper`);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  const isBack = (before) => before.join() === [...document.querySelectorAll(".plot .main-svg:first-child")].map((svg) => [svg.style.background, svg.clientWidth].join()).join();
  await page.waitForFunction(isBack, screen, { timeout: 10000 });
};

const sortByKeyboard = async (page) => {
  const table = page.locator("#tables table.sortable").first();
  const column = () => table.locator("tbody tr td.number:nth-child(3)").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.value)));
  await table.locator("th:nth-child(3) button").focus();
  await page.keyboard.press("Enter");
  const up = await column();
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  await page.keyboard.press("Enter");
  assert.deepEqual(await column(), [...up].reverse());
};

const downloads = async (page) => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("figure .download").first().click()]);
  const [head, ...rows] = readFileSync(await download.path(), "utf8").trimEnd().split("\n");
  assert.ok(head.split(",").length >= 4 && rows.length > 0, `${download.suggestedFilename()}: ${head}`);
  const empty = await page.evaluate(() => [...document.querySelectorAll("figure")].filter((one) => one.querySelectorAll("tbody tr").length === 0 || one.querySelectorAll("th").length < 4).map(({ id }) => id));
  assert.deepEqual(empty, [], "each chart has its table");
};

const accessible = async (page, what) => {
  // The page's own policy lets no other script run: the debugger's context does.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(serious.map(({ id, nodes }) => `${what}: ${id} ${nodes[0].html}`.slice(0, 300)), []);
};

const look = async (browser, { name, page: file, uses: wanted }, width, colorScheme) => {
  const what = `${name}-${width}-${colorScheme}`;
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, acceptDownloads: true });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("dialog", (dialog) => { wrong.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => !/^(data|blob):/.test(request.url()) && request.url() !== pathToFileURL(file).href && wrong.push(`request ${request.url()}`));
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector("html[data-drawn]", { timeout: 30000 });
  assert.ok(statSync(file).size < 6e6, `${what}: ${statSync(file).size} bytes`);
  const [charts, drawn] = await page.evaluate(() => [document.querySelectorAll("figure").length, document.querySelectorAll(".plot:has(.main-svg):not([aria-label=''])").length]);
  assert.ok(charts === drawn && charts >= (wanted.includes("sets") ? 8 : 1), `${what}: ${drawn} of ${charts} charts`);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(beyond <= 0, `${what}: ${beyond} pixels wider than the window`);
  await page.screenshot({ path: join(output, `${what}.png`), fullPage: true });
  await accessible(page, what);
  for (const one of wanted) await uses[one](page);
  if (wanted.includes("sets")) await sortByKeyboard(page);
  await downloads(page);
  await numbersAlike(page);
  await prints(page, what);
  if (name === "thirty") {
    const labels = () => page.evaluate(() => [...document.querySelectorAll("#plot-utilisation text")].map((one) => one.textContent).join(" "));
    assert.match(await labels(), /<script>alert/);
    assert.match(await page.textContent("#tables"), /<script>alert\(1\)<\/script> & <b>bold<\/b>/);
  }
  assert.deepEqual(wrong, [], what);
  await context.close();
};

mkdirSync(output, { recursive: true });
execFileSync(program, ["init", output], { stdio: "ignore" });
const example = join(output, "example.toml");
const thirty = join(output, "thirty.toml");
writeFileSync(thirty, thirtySites(readFileSync(example, "utf8")));
const text = readFileSync(example, "utf8");
// All in one folder: the page shows what was added beside the sets.
const whole = written(text, "whole", FUTURES + CHOICE + sweepOf("one-at-a-time", demand() + uplink()));
for (const command of ["compare", "select", "sweep"]) run(command, whole);
run("compare", thirty);
run("select", written(text, "choice", CHOICE));
run("sweep", written(text, "curve", sweepOf("product", demand("steps = 4"))));
run("sweep", written(text, "two", sweepOf("product", demand("steps = 3") + uplink("steps = 2"))));
const studies = [
  study("whole", ["sets", "futures", "choice", "tornado"]), study("thirty", ["sets"]), study("choice", ["choice"]), study("curve", ["curve"]), study("two", ["map"]),
  ...(shipped ? [{ name: "shipped", page: shipped, uses: ["sets"] }] : []),
];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
try {
  for (const one of studies) {
    const all = [[1280, "light"], [390, "dark"], [1280, "dark"], [390, "light"]];
    // A page of few charts is seen in each width and in each scheme, that of a whole study in all four.
    for (const [width, scheme] of one.uses.includes("sets") ? all : all.slice(0, 2)) await look(browser, one, width, scheme);
  }
} finally {
  await browser.close();
}
console.log(`${studies.length} pages, wide and narrow, light and dark: all as it should be`);
