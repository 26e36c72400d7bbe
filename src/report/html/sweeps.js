// The charts of a sweep.
const sweepControls = (isBySet) => [
  { key: "objective", name: "Objective", options: data.sweep.objectives.map((one, index) => [index, one.name]) },
  ...(isBySet ? [{ key: "set", name: "Set", options: data.sweep.sets.map((name, index) => [index, name]) }] : []),
];
const of = (all, { objective, set }) => all.find((one) => one.objective === Number(objective) && one.set === Number(set));

const tornadoChart = () => chart({
  id: "tornado", title: "What moves a result: one input at a time", controls: sweepControls(true),
  draw: (state) => {
    const { axes, sets, objectives, n, confidence } = data.sweep;
    const found = of(data.sweep.tornados, state) ?? { rows: [], base: null };
    const wanted = objectives[state.objective];
    const unit = differencesIn(unitFor(wanted.unit, means(found.rows.flatMap((row) => [row.low, row.high]))));
    const inputs = found.rows.map((row) => axes[row.axis].name);
    const ends = [["low", "low end"], ["high", "high end"]];
    return {
      traces: ends.map(([end, name], index) => ({
        type: "bar", orientation: "h", name, y: inputs.map((_, place) => place), x: found.rows.map((row) => (row[end] ? row[end][0] / unit.divisor : null)), marker: { color: colour(index) },
        error_x: bars(found.rows.map((row) => row[end]), unit, { color: ink().text }), hoverinfo: "text", textposition: "none",
        hovertext: found.rows.map((row, place) => `${plain(inputs[place])}: ${plain(row[`${end}_end`])}<br>difference: ${say(row[end], unit, n)}`),
      })),
      layout: layout({
        barmode: "group", xaxis: axis(withUnit(`${wanted.name}: difference to the scenario as it is`, unit), { zeroline: true, zerolinecolor: ink().text, zerolinewidth: 1.5 }),
        yaxis: names(inputs, { range: [inputs.length - 0.4, -0.6] }), height: 160 + 46 * inputs.length, showlegend: true, legend: { orientation: "h", y: 1.02, yanchor: "bottom" },
      }),
      about: `${sets[state.set]} as it is: ${say(found.base, unitFor(wanted.unit, means([found.base])), n)}. Each input by itself at its low and its high end, on the same random universes; lines are ${confidence} % intervals of the paired difference.`,
      alt: `${wanted.name} of ${sets[state.set]}, differences by input, the greatest first. ` + found.rows.map((row, place) => `${inputs[place]}: ${say(row.low, unit, n)} at ${row.low_end}, ${say(row.high, unit, n)} at ${row.high_end}`).join("; "),
      columns: ["input", "end", "value", ...interval],
      rows: found.rows.flatMap((row, place) => ends.map(([end]) => [inputs[place], end, row[`${end}_end`], ...numbers(row[end])])),
    };
  },
});

const curveChart = () => chart({
  id: "curve", title: `Results along ${data.sweep.axes[0].name}`, controls: sweepControls(false),
  draw: ({ objective }) => {
    const { axes, sets, objectives, curve, breaks, n, confidence } = data.sweep;
    const wanted = objectives[objective];
    const line = (set) => curve.map((point) => point.results[set][objective]);
    const known = means(sets.flatMap((_, set) => line(set)));
    const unit = unitFor(wanted.unit, known);
    const across = curve.map((point) => point.number);
    const [first, last] = [Math.min(...across), Math.max(...across)];
    const lines = sets.map((name, set) => ({
      type: "scatter", mode: "lines+markers", name: plain(shorten(name, 40)), x: across, y: line(set).map((one) => (one ? one[0] / unit.divisor : null)), line: { color: colour(set), width: 2 }, marker: { size: 7, symbol: set % 8 },
      error_y: bars(line(set), unit, { color: colour(set) }), hoverinfo: "text", hovertext: line(set).map((one, place) => `${plain(name)}<br>${plain(axes[0].name)}: ${plain(curve[place].texts[0])}<br>${plain(wanted.name)}: ${say(one, unit, n)}`),
    }));
    const limits = limitLines(wanted, unit, across);
    const ends = known.map((mean) => mean / unit.divisor).concat(limits.map((one) => one.y[0]));
    const [bottom, top] = [Math.min(...ends), Math.max(...ends)];
    const overloads = breaks.filter((one) => one.objective === null && one.at !== null).map((one) => ({
      type: "scatter", mode: "lines", x: [one.at, one.at], y: [wanted.is_steep ? bottom : Math.min(0, bottom), top], line: { color: colour(one.set), dash: "dash", width: 1.3 }, hoverinfo: "text",
      hovertext: `${plain(sets[one.set])}: ${plain(one.what)} from ${number(one.at, decimalsOf(one.at, 0))} on`, name: `${plain(shorten(sets[one.set], 40))}: full`, showlegend: sets.length < 4,
    }));
    const crossings = breaks.filter((one) => one.objective === Number(objective) && one.at !== null).map((one) => ({
      type: "scatter", mode: "markers", showlegend: false, x: [one.at], y: [one.limit / unit.divisor], marker: { symbol: "x", size: 11, color: colour(one.set) },
      error_x: { type: "data", symmetric: false, array: [(one.latest ?? (one.side === "below" ? one.at : last)) - one.at], arrayminus: [one.at - (one.earliest ?? (one.side === "below" ? first : one.at))], color: colour(one.set), thickness: 2.5, width: 5 },
      hoverinfo: "text", hovertext: [`${plain(sets[one.set])} breaks it ${one.side} ${number(one.at, decimalsOf(one.at, 0))}<br>${plain(one.what)}`],
    }));
    return {
      traces: [...lines, ...limits, ...overloads, ...crossings],
      layout: layout({
        xaxis: axis(axes[0].title, { type: axes[0].is_logarithmic ? "log" : "linear", ...(axes[0].is_logarithmic ? { tickvals: across, ticktext: curve.map((point) => plain(point.texts[0].split(" ")[0])) } : {}) }),
        yaxis: axis(withUnit(wanted.name, unit), { type: wanted.is_steep ? "log" : "linear", ...(wanted.is_steep ? {} : { rangemode: "tozero" }) }), showlegend: true,
      }),
      about: `Means at each value on the same random universes, with ${confidence} % intervals. A cross: where a set breaks what is required, with its interval. Dashed upright lines: from there on the demand is more than any policy can serve.`,
      alt: `${wanted.name} of ${sets.length} sets along ${axes[0].name}, ${curve.length} values. ` + sets.map((name, set) => `${name}: ` + line(set).map((one, place) => `${say(one, unit, n)} at ${curve[place].texts[0]}`).join(", ")).join("; "),
      columns: ["set", axes[0].name, ...interval],
      rows: sets.flatMap((name, set) => line(set).map((one, place) => [name, across[place], ...numbers(one)])),
    };
  },
});

const sweepMapChart = () => chart({
  id: "sweep-map", title: "Over two inputs", controls: sweepControls(true),
  draw: ({ objective, set }) => {
    const { axes, sets, objectives, map, n, confidence } = data.sweep;
    const wanted = objectives[objective];
    const width = axes[1].values;
    const cells = Array.from({ length: axes[0].values }, (_, y) => map.slice(y * width, (y + 1) * width).map((point) => point.results[set][objective]));
    const unit = unitFor(wanted.unit, means(cells.flat()));
    const rows = cells.map((_, y) => map[y * width].texts[0]);
    const columns = map.slice(0, width).map((point) => point.texts[1]);
    return {
      ...matrix({
        rows, columns, cells, most: Math.max(0, ...means(map.flatMap((point) => point.results.map((results) => results[objective])))), text: (one) => (one ? say(one, { ...unit, sign: "" }, n) : ""),
        hover: (one, y, x) => `${plain(axes[0].name)}: ${plain(rows[y])}<br>${plain(axes[1].name)}: ${plain(columns[x])}<br>${plain(wanted.name)}: ${say(one, unit, n)}`,
      }),
      about: `${withUnit(wanted.name, unit)} of ${sets[set]}; down: ${axes[0].title}, across: ${axes[1].title}. Colours are the same for all sets; ± is the half-width of the ${confidence} % interval.`,
      alt: `${wanted.name} of ${sets[set]} over ${axes[0].name} and ${axes[1].name}. ` + rows.map((row, y) => `${row}: ` + cells[y].map((one, x) => `${columns[x]} ${say(one, unit, n)}`).join(", ")).join("; "),
      columns: [axes[0].name, axes[1].name, ...interval],
      rows: rows.flatMap((row, y) => columns.map((column, x) => [row, column, ...numbers(cells[y][x])])),
    };
  },
});

const screeningChart = () => chart({
  id: "screening", title: "Which inputs matter: Morris' screening", controls: sweepControls(true),
  draw: (state) => {
    const { axes, sets, objectives, confidence } = data.sweep;
    const found = of(data.sweep.effects, state) ?? { axes: [] };
    const wanted = objectives[state.objective];
    const unit = differencesIn(unitFor(wanted.unit, means(found.axes.flatMap(([size, spread]) => [size, spread]))));
    const walks = Math.max(0, ...found.axes.map(([size]) => (size ? size[2] : 0)));
    const shown = found.axes.map((row, index) => [row, index]).filter(([[size, spread]]) => size && spread);
    return {
      traces: shown.map(([[size, spread], index]) => ({
        type: "scatter", mode: "markers", name: plain(shorten(axes[index].name, 40)), x: [size[0] / unit.divisor], y: [spread[0] / unit.divisor], marker: { size: 11, color: colour(index), symbol: index % 8 },
        error_x: bars([size], unit, { color: colour(index) }), error_y: bars([spread], unit, { color: colour(index) }), hoverinfo: "text", hovertext: [`${plain(axes[index].name)}<br>μ*: ${say(size, unit, walks)}<br>σ: ${say(spread, unit, walks)}`],
      })),
      layout: layout({ xaxis: axis(withUnit("μ*, mean size of the effect", unit), { rangemode: "tozero" }), yaxis: axis(withUnit("σ, its spread", unit), { rangemode: "tozero" }), showlegend: true }),
      about: `Elementary effects over the whole range of an input, ${walks} walks. To the right an input matters more; as far up as right, it bends or depends on others. Lines are ${confidence} % intervals.`,
      alt: `Effects on ${wanted.name} of ${sets[state.set]}. ` + shown.map(([[size, spread], index]) => `${axes[index].name}: μ* ${say(size, unit, walks)}, σ ${say(spread, unit, walks)}`).join("; "),
      columns: ["input", "measure", ...interval],
      rows: found.axes.flatMap(([size, spread, mean], index) => [["mu_star", size], ["sigma", spread], ["mu", mean]].map(([name, one]) => [axes[index].name, name, ...numbers(one)])),
    };
  },
});

const indicesChart = () => chart({
  id: "indices", title: "Which inputs make the variance: Sobol's indices", controls: sweepControls(true),
  draw: (state) => {
    const { axes, sets, objectives, confidence } = data.sweep;
    const found = of(data.sweep.indices, state) ?? { rows: [] };
    const wanted = objectives[state.objective];
    const inputs = found.rows.map((row) => axes[row.axis].name);
    const text = ([value, low, high]) => (value === null ? "–" : number(value, 2) + (low === null ? "" : ` (${number(low, 2)} to ${number(high, 2)})`));
    const kinds = [["first", "by itself (first order)"], ["total", "with all that it does together with others (total)"]];
    return {
      traces: kinds.map(([kind, name], index) => ({
        type: "bar", orientation: "h", name, y: inputs.map((_, place) => place), x: found.rows.map((row) => row[kind][0]), marker: { color: colour(index) },
        error_x: {
          type: "data", symmetric: false, array: found.rows.map(({ [kind]: [value, , high] }) => (high === null ? 0 : high - value)), arrayminus: found.rows.map(({ [kind]: [value, low] }) => (low === null ? 0 : value - low)),
          color: ink().text, thickness: 1.5, width: 4,
        },
        hoverinfo: "text", textposition: "none", hovertext: found.rows.map((row, place) => `${plain(inputs[place])}, ${name}: ${text(row[kind])}`),
      })),
      layout: layout({
        barmode: "group", xaxis: axis("Share of the variance of the mean"), yaxis: names(inputs, { range: [inputs.length - 0.4, -0.6] }), height: 160 + 46 * inputs.length, showlegend: true,
        legend: { orientation: "h", y: 1.02, yanchor: "bottom" },
      }),
      about: `Estimates of Saltelli and Jansen; lines are ${confidence} % intervals of the bootstrap over rows.`,
      alt: `Shares of the variance of ${wanted.name} in ${sets[state.set]}. ` + found.rows.map((row, place) => `${inputs[place]}: first ${text(row.first)}, total ${text(row.total)}`).join("; "),
      columns: ["input", "index", "value", "low", "high"],
      rows: found.rows.flatMap((row, place) => kinds.map(([kind]) => [inputs[place], kind, ...row[kind]])),
    };
  },
});

const sweepCharts = () => {
  const { tornados, curve, map, effects, indices } = data.sweep;
  if (tornados.length) tornadoChart();
  if (curve) curveChart();
  if (map) sweepMapChart();
  if (effects.length) screeningChart();
  if (indices.length) indicesChart();
};
