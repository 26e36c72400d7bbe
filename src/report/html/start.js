// Unpacks the chart library, draws, and draws again when the colours of the system change and for paper.
document.addEventListener("click", (event) => {
  const button = event.target.closest("table.sortable th button");
  if (button) sortBy(button);
});
for (const [event, paper] of [["beforeprint", true], ["afterprint", false]]) {
  addEventListener(event, () => {
    isOnPaper = paper;
    frames.forEach((redraw) => redraw());
    if (!paper) for (const plot of document.querySelectorAll(".plot")) Plotly.Plots.resize(plot);
  });
}
const start = async () => {
  const packed = atob(document.getElementById("library").textContent);
  const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const script = document.createElement("script");
  script.textContent = await new Response(unpacked).text();
  document.head.append(script);
  document.getElementById("library").remove();
  if (data.sets.length > 1) costChart();
  if (data.differences.length) differencesChart();
  if (data.futures) regretChart();
  if (data.select?.finalists.length) finalistsChart();
  if (data.select?.worth.length) worthChart();
  if (data.sweep) sweepCharts();
  if (data.sets.length) {
    for (const make of [valuesChart, waitsChart, projectsChart, utilisationChart, mapChart, networkChart, waterfallChart, entitledChart]) make();
  }
  document.getElementById("loading").remove();
  document.documentElement.dataset.drawn = frames.length;
  dark.addEventListener("change", () => frames.forEach((redraw) => redraw()));
};
start().catch((error) => {
  document.getElementById("loading").textContent = "The charts could not be drawn: " + error.message + " The tables below hold all results.";
  throw error;
});
