// Opens report.html of a small study and of one with thirty sites from disk in Chromium and uses it as a planner does.
// node page.mjs PLEIADE MODULES OUTPUT: the program, a folder with playwright-core and axe-core, where results and pictures go.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import assert from "node:assert/strict";

const [program, modules, output] = process.argv.slice(2).map((path) => resolve(path));
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

const study = (file, name) => {
  const options = ["--replications", "3", "--set", "observation.end=2026-07-01", "--output", output, "--quiet"];
  execFileSync(program, ["compare", file, ...options], { stdio: ["ignore", "ignore", "inherit"] });
  return { name, page: join(output, name, "report.html") };
};

const drawn = (page, chart) => page.evaluate((id) => JSON.stringify(document.getElementById(`plot-${id}`).data.map((trace) => [trace.x, trace.y, trace.z])), chart);

const changes = async (page, chart, act) => {
  const before = await drawn(page, chart);
  await act();
  assert.notEqual(await drawn(page, chart), before, `${chart} draws what was chosen`);
};

const use = async (page) => {
  await changes(page, "values", () => page.selectOption("#values-metric", { index: 2 }));
  await changes(page, "cost", () => page.selectOption("#cost-scope", { index: 1 }));
  await changes(page, "utilisation", () => page.selectOption("#utilisation-scope", { index: 2 }));
  await changes(page, "utilisation", () => page.selectOption("#utilisation-period", { index: 2 }));
  await changes(page, "waits", () => page.selectOption("#waits-scope", { index: 1 }));
  const colours = () => page.evaluate(() => JSON.stringify(document.getElementById("plot-map").data.map((trace) => trace.marker?.color ?? null)));
  const before = await colours();
  await page.focus("#map-period");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.inputValue("#map-period"), "1");
  assert.notEqual(await colours(), before, "the slider colours the sites anew");
};

const sortByKeyboard = async (page) => {
  const table = page.locator("#tables table.sortable").first();
  const column = () => table.locator("tbody tr td:nth-child(3)").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.value)));
  await table.locator("th:nth-child(3) button").focus();
  await page.keyboard.press("Enter");
  const up = await column();
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  await page.keyboard.press("Enter");
  assert.deepEqual(await column(), [...up].reverse());
};

const downloads = async (page) => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#values .download")]);
  const text = readFileSync(await download.path(), "utf8");
  assert.match(text, /^set,\w+,mean,half-width,n\n/);
};

const accessible = async (page, what) => {
  // The page's own policy lets no other script run: the debugger's context does.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(serious.map(({ id, nodes }) => `${what}: ${id} ${nodes[0].html}`.slice(0, 300)), []);
};

const look = async (browser, { name, page: file }, width, colorScheme) => {
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
  assert.ok(await page.evaluate(() => document.querySelectorAll(".plot .main-svg").length) >= 8, `${what}: charts`);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(beyond <= 0, `${what}: ${beyond} pixels wider than the window`);
  await page.screenshot({ path: join(output, `${what}.png`), fullPage: true });
  await accessible(page, what);
  await use(page);
  await sortByKeyboard(page);
  await downloads(page);
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
const studies = [study(example, "example"), study(thirty, "thirty")];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
try {
  for (const one of studies) {
    for (const width of [1280, 390]) for (const scheme of ["light", "dark"]) await look(browser, one, width, scheme);
  }
} finally {
  await browser.close();
}
console.log(`${studies.length} pages in 2 widths, light and dark: all as it should be`);
