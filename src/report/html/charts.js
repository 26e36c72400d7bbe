// The charts of sets and communities.
const setOptions = data.sets.map((set, index) => [index, set.name]);
const communityOptions = data.communities.map((one, index) => [index, one.name]);
const scopes = [["all", "all communities"], ...communityOptions];
const metricOptions = (keep = () => true) => {
  const all = data.metrics.map((one, index) => [index, one.name, one]).filter(([, , one]) => keep(one));
  const first = ["wait_s_mean", "first_accelerator_s_mean", "wait_s_p95", "served_h", "utilisation"];
  const rank = ([, , one]) => (first.indexOf(one.key) + first.length + 1) % (first.length + 1);
  return all.map((one, index) => [one, index]).sort((a, b) => rank(a[0]) - rank(b[0]) || a[1] - b[1]).map(([one]) => one);
};
const inScope = (set, scope, metric) => {
  const row = scope === "all" ? set.network : set.communities[scope];
  return row ? row[metric] : null;
};
const scopeName = (scope) => (scope === "all" ? "all communities" : data.communities[scope].name);
const numbers = (one) => (one ? one : [null, null, 0]);
const interval = ["mean", "half-width", "n"];

const costChart = () => chart({
  id: "cost", title: "What sets cost and what they give",
  controls: [
    { key: "metric", name: "Metric", options: metricOptions() }, { key: "scope", name: "Community", options: scopes },
  ],
  draw: ({ metric, scope }) => {
    const about = data.metrics[metric];
    const points = data.sets.map((set, index) => ({ set, index, one: inScope(set, scope, metric) })).filter(({ one }) => one);
    const unit = unitFor(about.unit, points.map(({ one }) => one[0]));
    const euros = unitFor("EUR", data.sets.map((set) => set.cost));
    const traces = points.map(({ set, index, one }) => ({
      x: [set.cost / euros.divisor], y: [one[0] / unit.divisor], error_y: bars([one], unit, { color: colour(index) }),
      type: "scatter", mode: "markers", name: plain(shorten(set.name, 40)), marker: { size: 11, color: colour(index), symbol: index % 8 },
      hoverinfo: "text", hovertext: `${plain(set.name)}<br>${plain(about.name)}: ${say(one, unit)}<br>${number(set.cost / euros.divisor, 1)} ${euros.sign}`,
    }));
    if (about.want) traces.unshift(front(points, about.want, euros, unit));
    return {
      traces,
      layout: layout({ xaxis: axis(withUnit("Cost", euros)), yaxis: axis(withUnit(about.name, unit), { rangemode: "tozero" }), showlegend: true }),
      about: `${about.meaning} ${about.want ? "Dashed: no set on this side costs less and is better in the mean. " : ""}Lines are ${data.confidence} % intervals.`,
      alt: `Cost of ${points.length} sets against ${about.name.toLowerCase()} of ${scopeName(scope)}. ` +
        points.map(({ set, one }) => `${set.name}: ${say(one, unit)}`).join("; "),
      columns: ["set", "cost_euros", ...interval.map((part) => `${about.key} ${part}`)],
      rows: data.sets.map((set) => [set.name, set.cost, ...numbers(inScope(set, scope, metric))]),
    };
  },
});
const front = (points, want, euros, unit) => {
  const better = (a, b) => (want === "most" ? a > b : a < b);
  const kept = [];
  for (const point of [...points].sort((a, b) => a.set.cost - b.set.cost || (better(a.one[0], b.one[0]) ? -1 : 1))) {
    if (!kept.length || better(point.one[0], kept[kept.length - 1].one[0])) kept.push(point);
  }
  return {
    x: kept.map(({ set }) => set.cost / euros.divisor), y: kept.map(({ one }) => one[0] / unit.divisor), type: "scatter", mode: "lines",
    line: { dash: "dash", color: data.colours.pale, shape: "hv" }, hoverinfo: "skip", name: "front",
  };
};

const differencesChart = () => {
  const known = [];
  const key = (row) => JSON.stringify([row.metric, row.of]);
  for (const row of data.differences) if (!known.some((one) => key(one) === key(row))) known.push(row);
  const options = known.map((row, index) => [index, row.of ? `${row.name} – ${row.of}` : row.name]);
  const first = options.findIndex(([index]) => known[index].metric === "wait_s_mean" && !known[index].of);
  options.unshift(...options.splice(Math.max(0, first), 1));
  chart({
    id: "differences", title: "Differences between sets, with both intervals", controls: [{ key: "metric", name: "Metric", options }],
    draw: ({ metric }) => {
      const rows = data.differences.filter((row) => key(row) === key(known[metric]));
      const unit = unitFor(rows[0].unit, rows.map((row) => row.own[0]));
      const name = (row) => `${data.sets[row.set].name} − ${data.sets[row.base].name}`;
      const x = rows.map((row) => row.own[0] / unit.divisor);
      const y = rows.map((_, index) => index);
      const all = rows.map((row) => [row.own[0], row.all, row.own[2]]);
      const text = rows.map((row, index) => `${plain(name(row))}<br>by itself: ${say(row.own, unit)}<br>for all at once: ${say(all[index], unit)}<br>adjusted p: ${plain(row.p ?? "–")}`);
      const points = (error, size, color, title) => ({
        x, y, error_x: error, type: "scatter", mode: "markers", marker: { size, color }, hoverinfo: "text", hovertext: text, name: title,
      });
      return {
        traces: [
          points(bars(all, unit, { thickness: 1.2, width: 6, color: colour(0) }), 1, colour(0), "for all at once"),
          points(bars(rows.map((row) => row.own), unit, { thickness: 4, width: 0, color: colour(0) }), 10, colour(0), "by itself"),
        ],
        layout: layout({
          xaxis: axis(withUnit(`${rows[0].name}: difference`, unit), { zeroline: true, zerolinecolor: ink().text, zerolinewidth: 1.5 }),
          yaxis: names(rows.map(name), { autorange: "reversed" }), height: 150 + 48 * rows.length, showlegend: true, legend: { orientation: "h", y: 1.02, yanchor: "bottom" },
        }),
        about: `Paired by replication on common random numbers. Thick: the ${data.confidence} % interval of each by itself; thin: those that hold for all sets at once.`,
        alt: `Differences in ${rows[0].name.toLowerCase()}. ` + rows.map((row) => `${name(row)}: ${say(row.own, unit)}`).join("; "),
        columns: ["set", "base", "difference", "half-width", "half-width for all", "n", "adjusted p"],
        rows: rows.map((row) => [data.sets[row.set].name, data.sets[row.base].name, row.own[0], row.own[1], row.all, row.own[2], row.p]),
      };
    },
  });
};

const valuesChart = () => chart({
  id: "values", title: "Any result, side by side",
  controls: [
    { key: "metric", name: "Metric", options: metricOptions() },
    { key: "by", name: "Of", options: [["communities", "communities"], ["sites", "sites"], ["network", "the whole network"]] },
    { key: "set", name: "Set", options: [...(data.sets.length > 1 ? [["all", "all sets"]] : []), ...setOptions] },
  ],
  draw: ({ metric, by, set }) => {
    const about = data.metrics[metric];
    const sets = set === "all" ? data.sets : [data.sets[set]];
    const sites = [...new Map(sets.flatMap((one) => one.sites).map((site) => [site.id, site.name]))];
    const places = { communities: data.communities.map(({ id, name }) => [id, name]), sites, network: [["", "the whole network"]] }[by];
    const value = (one, [id], index) => {
      if (by === "network") return one.network[metric];
      if (by === "communities") return inScope(one, index, metric);
      return one.sites.find((site) => site.id === id)?.values[metric] ?? null;
    };
    const values = sets.map((one) => places.map((place, index) => value(one, place, index)));
    const unit = unitFor(about.unit, means(values.flat()));
    const isUpright = by === "sites";
    const traces = sets.map((one, index) => {
      const across = places.map((_, place) => place);
      const along = values[index].map((v) => (v ? v[0] / unit.divisor : null));
      const error = bars(values[index], unit, { color: ink().text });
      return {
        type: "bar", name: plain(shorten(one.name, 40)), orientation: isUpright ? "h" : "v", ...(isUpright ? { x: along, y: across, error_x: error } : { x: across, y: along, error_y: error }),
        marker: { color: colour(data.sets.indexOf(one)) }, hoverinfo: "text", textposition: "none",
        hovertext: values[index].map((v, place) => `${plain(one.name)}<br>${plain(places[place][1])}<br>${plain(about.name)}: ${say(v, unit)}`),
      };
    });
    const nameAxis = names(places.map(([, name]) => name), isUpright ? { range: [places.length - 0.4, -0.6] } : {});
    const valueAxis = axis(withUnit(about.name, unit));
    return {
      traces,
      layout: layout({
        barmode: "group", xaxis: isUpright ? valueAxis : nameAxis, yaxis: isUpright ? nameAxis : valueAxis, showlegend: sets.length > 1,
        height: isUpright ? 160 + places.length * Math.max(30, 13 * sets.length) : 420, legend: { orientation: "h", y: 1.02, yanchor: "bottom" },
      }),
      about: `${about.meaning} Lines are ${data.confidence} % intervals over the replications.`,
      alt: `${about.name} of ${by} in ${sets.length === 1 ? sets[0].name : sets.length + " sets"}.`,
      columns: ["set", by, ...interval],
      rows: sets.flatMap((one, index) => places.map(([, name], place) => [one.name, name, ...numbers(values[index][place])])),
    };
  },
});

const waitTicks = [[1, "1 s"], [60, "1 min"], [600, "10 min"], [3600, "1 h"], [36000, "10 h"], [86400, "1 d"], [604800, "1 wk"], [2592000, "30 d"], [31536000, "1 a"]];
const waitsChart = () => chart({
  id: "waits", title: "How long jobs wait",
  controls: [
    { key: "set", name: "Set", options: [...setOptions, ...(data.sets.length > 1 ? [["all", "all sets"]] : [])] },
    { key: "scope", name: "Community", options: scopes },
  ],
  draw: ({ set, scope }) => {
    const sets = set === "all" ? data.sets.map((_, index) => index) : [Number(set)];
    const communities = scope === "all" ? data.communities.map((_, index) => index) : [Number(scope)];
    const lines = sets.flatMap((s) => communities.map((c) => ({ s, c, points: (data.sets[s].waits[c] || []).filter(([wait, share]) => wait > 0 && share) })));
    const percent = unitFor("share", [1]);
    const ticks = waitTicks.filter((_, index) => !narrow() || index % 2 === 1);
    const title = ({ s, c }) => (sets.length > 1 ? `${data.communities[c].name}, ${data.sets[s].name}` : data.communities[c].name);
    const dashes = ["solid", "dash", "dot", "dashdot", "longdash"];
    return {
      traces: lines.map((line) => ({
        x: line.points.map(([wait]) => wait), y: line.points.map(([, share]) => 100 * share[0]), type: "scatter", mode: "lines",
        name: plain(shorten(title(line), 60)), line: { color: colour(sets.length > 1 && communities.length === 1 ? line.s : line.c), dash: dashes[communities.length > 1 ? sets.indexOf(line.s) % 5 : 0] },
        hoverinfo: "text", hovertext: line.points.map(([wait, share]) => {
          const unit = unitFor("s", [wait]);
          return `${plain(title(line))}<br>at most ${number(wait / unit.divisor, 1)} ${unit.sign}: ${say(share, percent)}`;
        }),
      })),
      layout: layout({
        xaxis: axis("Wait from submission to start", { type: "log", tickangle: 0, tickvals: ticks.map(([wait]) => wait), ticktext: ticks.map(([, text]) => text) }),
        yaxis: axis("Share of jobs that waited at most so long (%)", { range: [0, 101] }), showlegend: true,
      }),
      about: "The higher a line, the shorter the waits. A job that never started counts with its wait so far.",
      alt: `Distribution of waits, ${lines.length} lines. ` + lines.map((line) => {
        const within = line.points.filter(([wait]) => wait <= 86400).pop();
        return `${title(line)}: ${within ? say(within[1], percent) : "–"} within a day`;
      }).join("; "),
      columns: ["set", "community", "wait_s", "share", "half-width", "n"],
      rows: lines.flatMap(({ s, c, points }) => points.map(([wait, share]) => [data.sets[s].name, data.communities[c].name, wait, ...share])),
    };
  },
});

const projectsChart = () => {
  const parts = [["access_s_mean", "access: application to grant"], ["support_s_mean", "support: until the first job is handed in"], ["first_queue_s_mean", "queue: until it starts"]]
    .map(([key, name]) => [data.metrics.findIndex((one) => one.key === key), name]).filter(([index]) => index >= 0);
  const whole = data.metrics.findIndex((one) => one.key === "first_accelerator_s_mean");
  if (whole < 0) return;
  chart({
    id: "first-accelerator", title: "How long projects wait for their first accelerator", controls: [{ key: "scope", name: "Community", options: scopes }],
    draw: ({ scope }) => {
      const wholes = data.sets.map((set) => inScope(set, scope, whole));
      const unit = unitFor("s", means(wholes));
      const y = data.sets.map((_, index) => index);
      return {
        traces: parts.map(([metric, name], place) => {
          const values = data.sets.map((set) => inScope(set, scope, metric));
          return {
            type: "bar", orientation: "h", y, x: values.map((v) => (v ? v[0] / unit.divisor : null)), name, marker: { color: [colour(0), colour(1), colour(2)][place] },
            hoverinfo: "text", textposition: "none", hovertext: values.map((v, set) => `${plain(data.sets[set].name)}<br>${name}: ${say(v, unit)}<br>whole: ${say(wholes[set], unit)}`),
            ...(place === parts.length - 1 ? { error_x: bars(wholes, unit, { color: ink().text }) } : {}),
          };
        }),
        layout: layout({ barmode: "stack", xaxis: axis(withUnit("Mean time", unit)), yaxis: names(data.sets.map((set) => set.name), { range: [data.sets.length - 0.4, -0.6] }), height: 170 + 42 * data.sets.length, showlegend: true }),
        about: "The line at a bar's end is the interval of the whole. Refused projects do not count; those that never started count until the observation ended.",
        alt: `Time to the first accelerator of ${scopeName(scope)}. ` + data.sets.map((set, index) => `${set.name}: ${say(wholes[index], unit)}`).join("; "),
        columns: ["set", "part", ...interval],
        rows: data.sets.flatMap((set) => [...parts, [whole, "whole"]].map(([metric, name]) => [set.name, name, ...numbers(inScope(set, scope, metric))])),
      };
    },
  });
};

const waterfallChart = () => chart({
  id: "waterfall", title: "Where the accelerator-hours went", controls: [{ key: "set", name: "Set", options: setOptions }],
  draw: ({ set }) => {
    const values = data.sets[set].waterfall;
    const sums = [0, 2, data.steps.length - 1];
    const shown = data.steps.map((_, index) => index).filter((index) => sums.includes(index) || index === 1 || (values[index] && values[index][0] > 0));
    const unit = unitFor("h", means(values));
    let level = 0;
    const from = shown.map((index) => {
      const hours = Math.max(0, values[index] ? values[index][0] : 0);
      level = sums.includes(index) ? hours : Math.max(0, level - hours);
      return sums.includes(index) ? 0 : level;
    });
    const inks = { 0: data.colours.held, 1: data.colours.pale, 2: data.colours.held, 7: data.colours.unlearned, 8: data.colours.good };
    return {
      traces: [{
        type: "bar", orientation: "h", y: shown.map((_, place) => place), base: from.map((hours) => hours / unit.divisor), x: shown.map((index) => (values[index] ? values[index][0] / unit.divisor : 0)),
        marker: { color: shown.map((index) => inks[index] ?? data.colours.bad) }, error_x: bars(shown.map((index) => values[index]), unit, { color: ink().text }),
        hoverinfo: "text", textposition: "none", hovertext: shown.map((index) => `${data.steps[index]}: ${say(values[index], unit)}`),
      }],
      layout: layout({ xaxis: axis(withUnit("Accelerators × time", unit)), yaxis: names(shown.map((index) => data.steps[index]), { range: [shown.length - 0.4, -0.6] }), height: 110 + 34 * shown.length }),
      about: "Open = idle + held; held = useful + all between them. In vain: starts, restarts, work done again, jobs pushed out; failed, killed, stopped: by jobs that ended so.",
      alt: `Accelerator-hours of ${data.sets[set].name}. ` + shown.map((index) => `${data.steps[index]}: ${say(values[index], unit)}`).join("; "),
      columns: ["step", ...interval],
      rows: shown.map((index) => [data.steps[index], ...numbers(values[index])]),
    };
  },
});

const entitledChart = () => {
  const kinds = ["communities", "countries"].map((name, index) => [index, name]).filter(([index]) => data.sets.some((set) => set.entitled[index].groups.length));
  if (!kinds.length) return;
  chart({
    id: "entitled", title: "Entitled and delivered shares", controls: [{ key: "set", name: "Set", options: setOptions }, { key: "kind", name: "Of", options: kinds }, { key: "show", name: "Show", options: [["shares", "both shares"], ["ratio", "delivered over entitled"]] }],
    draw: ({ set, kind, show }) => {
      const one = data.sets[set];
      const { groups, jain } = one.entitled[kind];
      const percent = unitFor("share", [1]);
      const plainUnit = { divisor: 1, sign: "" };
      const y = groups.map((_, index) => index);
      const text = groups.map((group) => `${plain(group.name)}<br>entitled: ${number(100 * group.entitled, 1)} %<br>delivered: ${say(group.delivered, percent)}<br>delivered over entitled: ${say(group.ratio, plainUnit)}`);
      const dots = (x, name, color, symbol, more = {}) => ({ type: "scatter", mode: "markers", name, x, y, marker: { size: 10, color, symbol }, hoverinfo: "text", hovertext: text, ...more });
      const delivered = groups.map((group) => group.delivered);
      const ratios = groups.map((group) => group.ratio);
      const even = { type: "scatter", mode: "lines", x: [1, 1], y: [-0.6, groups.length - 0.4], line: { color: ink().text, width: 1.5 }, hoverinfo: "skip", name: "as entitled" };
      return {
        traces: show === "shares" ? [
          dots(groups.map((group) => 100 * group.entitled), "entitled", colour(1), "diamond"),
          dots(delivered.map((share) => (share ? 100 * share[0] : null)), "delivered", colour(0), "circle", { error_x: bars(delivered, percent, { color: colour(0) }) }),
        ] : [even, dots(ratios.map((ratio) => (ratio ? ratio[0] : null)), "delivered over entitled", colour(0), "circle", { error_x: bars(ratios, plainUnit, { color: colour(0) }) })],
        layout: layout({
          xaxis: axis(show === "shares" ? "Share of all work served (%)" : "Delivered over entitled", { rangemode: "tozero" }), yaxis: names(groups.map((group) => group.name), { range: [groups.length - 0.4, -0.6] }),
          height: 160 + 24 * groups.length, showlegend: true, legend: { orientation: "h", y: 1.02, yanchor: "bottom" },
        }),
        about: `Jain's index of delivered over entitled: ${say(jain, plainUnit)} (1 where all are served alike). A country is entitled to its part of the work expected to be asked for, a community to its shares of the machines. Lines are ${data.confidence} % intervals.`,
        alt: `Entitled and delivered shares of ${groups.length} groups in ${one.name}. ` + groups.map((group) => `${group.name}: entitled ${number(100 * group.entitled, 1)} %, delivered ${say(group.delivered, percent)}`).join("; "),
        columns: ["group", "entitled", ...interval.map((part) => `delivered ${part}`), "delivered over entitled"],
        rows: groups.map((group) => [group.name, group.entitled, ...numbers(group.delivered), group.ratio ? group.ratio[0] : null]),
      };
    },
  });
};
