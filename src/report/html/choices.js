// The charts of futures and of a choice.

// Rows and columns with a text in each cell, the darker the more.
const matrix = ({ rows, columns, cells, text, hover, most }) => ({
  traces: [{
    type: "heatmap", x: columns.map((_, index) => index), y: rows.map((_, index) => index), z: cells.map((row) => row.map((one) => (one ? one[0] : null))), zmin: 0, zmax: most > 0 ? most : 1,
    colorscale: isDark() ? [[0, "#202428"], [1, data.colours.sequence[0]]] : [[0, data.colours.scale[0]], [1, data.colours.scale[1]]], textfont: { color: ink().text }, showscale: false, xgap: 2, ygap: 2, hoverongaps: false, hoverinfo: "text", hovertext: cells.map((row, y) => row.map((one, x) => hover(one, y, x))),
    ...(narrow() && columns.length > 3 ? {} : { text: cells.map((row) => row.map(text)), texttemplate: "%{text}" }),
  }],
  layout: layout({
    xaxis: names(columns, { side: "top", range: [-0.5, columns.length - 0.5], tickangle: columns.length > 8 || narrow() ? -60 : 0, showgrid: false, zeroline: false }),
    yaxis: names(rows, { range: [rows.length - 0.5, -0.5], showgrid: false, zeroline: false }),
    height: 150 + (narrow() ? 60 : 0) + 40 * rows.length, margin: { l: 60, r: 20, t: 16, b: 16 },
  }),
});

const regretChart = () => {
  const { futures, sets, objectives } = data.futures;
  const places = [...futures, "Weighted mean"];
  chart({
    id: "regret", title: "What may be regretted in each future",
    controls: [
      { key: "objective", name: "Objective", options: objectives.map((one, index) => [index, one.name]) },
      { key: "what", name: "Show", options: [["regrets", "regret"], ["values", "value"], ["beats", "how often a set beats another"]] },
    ],
    draw: ({ objective, what }) => {
      const one = objectives[objective];
      const cells = one[what].map((row, y) => row.map((value, x) => (what === "beats" && x === y ? null : value)));
      const columns = what === "beats" ? sets.map((name) => `beats ${name}`) : places;
      const unit = what === "beats" ? share : unitFor(one.unit, means(cells.flat()));
      const name = { regrets: "Regret", values: "Value", beats: "Probability" }[what];
      return {
        ...matrix({
          rows: sets, columns, cells, most: what === "beats" ? 1 : Math.max(0, ...means(cells.flat())), text: (value) => say(value, { ...unit, sign: "" }),
          hover: (value, y, x) => `${plain(sets[y])}<br>${plain(columns[x])}<br>${plain(one.name)}: ${say(value, unit)}`,
        }),
        about: {
          regrets: `By how much a set is worse than the one with the best mean of that future, in pairs on the same random universes; ${withUnit(one.name, unit)}. A regret of nothing is that of the best set.`,
          values: `${withUnit(one.name, unit)} of each set in each future.`,
          beats: "The probability that the set of the row is better than that of the column in the same universe, over the futures by their weights (%); a tie counts half.",
        }[what] + ` ± is the half-width of the ${data.confidence} % interval, each by itself.`,
        alt: `${name}: ${one.name}. ` + sets.map((set, y) => `${set}: ` + cells[y].map((value, x) => (value ? `${columns[x]} ${say(value, unit)}` : "")).filter(Boolean).join(", ")).join("; "),
        columns: ["set", what === "beats" ? "than" : "future", ...interval],
        rows: sets.flatMap((set, y) => columns.map((_, x) => [set, what === "beats" ? sets[x] : places[x], ...numbers(cells[y][x])])),
      };
    },
  });
};

const finalistsChart = () => {
  const { objectives, finalists, confidence } = data.select;
  chart({
    id: "finalists", title: "The finalists: what they cost and what they give",
    controls: [{ key: "objective", name: "Objective", options: objectives.map((one, index) => [index, one.name]) }],
    draw: ({ objective }) => {
      const wanted = objectives[objective];
      const all = finalists.map((finalist) => ({ set: finalist, one: finalist.values[objective] })).filter(({ one }) => one);
      const most = Math.max(0, ...all.map(({ one }) => one[2]));
      const unit = unitFor(wanted.unit, all.map(({ one }) => one[0]));
      const euros = unitFor("EUR", finalists.map(({ cost }) => cost));
      const marks = [[true, "star", 15, data.colours.bad, "chosen"], [false, "circle", 10, colour(0), "other finalists"]];
      const told = ({ set, one }) => [set.sites, set.name, `${wanted.name}: ${say(one, unit, most)}`, `${number(set.cost / euros.divisor, 1)} ${euros.sign}`, set.final,
        ...(set.required ? [`required: ${set.required}`] : []), ...(set.front ? [`front: ${set.front}`] : [])];
      return {
        traces: [
          front(all, wanted.want, euros, unit),
          ...marks.map(([isChosen, symbol, size, color, name]) => {
            const points = all.filter(({ set }) => set.is_chosen === isChosen);
            return {
              type: "scatter", mode: "markers", name, showlegend: points.length > 0, marker: { symbol, size, color }, x: points.map(({ set }) => set.cost / euros.divisor),
              y: points.map(({ one }) => one[0] / unit.divisor), error_y: bars(points.map(({ one }) => one), unit, { color }), hoverinfo: "text", hovertext: points.map((point) => told(point).map(plain).join("<br>")),
            };
          }),
          ...limitLines(wanted, unit, all.map(({ set }) => set.cost / euros.divisor)),
        ],
        layout: layout({ xaxis: axis(withUnit("Cost", euros)), yaxis: axis(withUnit(wanted.name, unit)), showlegend: true }),
        about: `Means on replications that the search had not seen, with ${confidence} % intervals, each by itself. Dashed: no finalist on this side costs less and is better in the mean.`,
        alt: `Cost of ${all.length} finalists against ${wanted.name}. ` + all.map(({ set, one }) => `${set.name}${set.is_chosen ? " (chosen)" : ""}: ${say(one, unit, most)}, ${number(set.cost / euros.divisor, 1)} ${euros.sign}`).join("; "),
        columns: ["set", "cost_euros", ...interval, "in the final", "required", "front"],
        rows: finalists.map((set) => [set.name, set.cost, ...numbers(set.values[objective]), set.final, set.required, set.front]),
      };
    },
  });
};

// What must be kept, as level lines over the width of what is drawn.
const limitLines = (wanted, unit, across) => [["at most", wanted.at_most], ["at least", wanted.at_least]].filter(([, limit]) => limit !== null).map(([words, limit]) => {
  const name = `required: ${words} ${number(limit / unit.divisor, decimalsOf(limit / unit.divisor, 0))} ${unit.sign}`.trim();
  return { type: "scatter", mode: "lines", x: [Math.min(...across), Math.max(...across)], y: [limit / unit.divisor, limit / unit.divisor], line: { color: ink().text, width: 1.2, dash: "dot" }, hoverinfo: "skip", name };
});

const worthChart = () => {
  const { worth, objectives, confidence } = data.select;
  chart({
    id: "worth", title: "What each candidate is worth",
    controls: [{ key: "of", name: "Objective", options: worth.map((one, index) => [index, objectives[one.objective].name]) }],
    draw: ({ of }) => {
      const { objective, candidates, series, n } = worth[of];
      const wanted = objectives[objective];
      const unit = differencesIn(unitFor(wanted.unit, means(series.flatMap((one) => one.values))));
      const step = 0.5 / Math.max(1, series.length);
      return {
        traces: series.map(({ name, values }, index) => ({
          type: "scatter", mode: "markers", name, marker: { size: 9, color: colour(index), symbol: index }, x: values.map((one) => (one ? one[0] / unit.divisor : null)),
          y: values.map((_, place) => place + (index - (series.length - 1) / 2) * step), error_x: bars(values, unit, { color: colour(index) }), hoverinfo: "text",
          hovertext: values.map((one, place) => `${plain(candidates[place])}<br>${name}: ${say(one, unit, n)}`),
        })),
        layout: layout({
          xaxis: axis(withUnit(`${wanted.name}: what the site adds`, unit), { zeroline: true, zerolinecolor: ink().text }), yaxis: names(candidates, { range: [candidates.length - 0.4, -0.6] }),
          height: 170 + 38 * candidates.length, showlegend: true, legend: { orientation: "h", y: 1.02, yanchor: "bottom" },
        }),
        about: `What the result changes by where the site comes to the set; lines are ${confidence} % intervals, each by itself.`,
        alt: `Worth of ${candidates.length} candidates: ${wanted.name}. ` + candidates.map((name, place) => `${name}: ` + series.map((one) => `${one.name} ${say(one.values[place], unit, n)}`).join(", ")).join("; "),
        columns: ["site", "added", ...interval],
        rows: candidates.flatMap((name, place) => series.map((one) => [name, one.name, ...numbers(one.values[place])])),
      };
    },
  });
};
