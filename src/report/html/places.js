// The charts of sites, links and months.
const monthNames = data.months.map((day) => day.slice(0, 7));
const periods = ["whole window, by month", ...monthNames];
const share = { divisor: 0.01, sign: "%" };
const scale = () => {
  const [blank, light, deep, black] = data.colours.scale;
  return isDark() ? [[0, "#202428"], [0.5, deep], [1, "#cfe9fb"]] : [[0, blank], [0.45, light], [0.8, deep], [1, black]];
};

// The sum of what communities hold: its half-width is at most the sum of theirs.
const held = (site, scope, month) => {
  const parts = scope === "all" ? site.months.map((row) => row[month]) : [site.months[scope]?.[month]];
  if (!parts.length || parts.some((part) => !part)) return null;
  const half = parts.some((part) => part[1] === null) ? null : parts.reduce((sum, part) => sum + part[1], 0);
  return [parts.reduce((sum, part) => sum + part[0], 0), half, Math.min(...parts.map((part) => part[2]))];
};

// Rows over months as a map of heat, or one month as bars.
const overMonths = ({ rows, period, title, about, set, what, most }) => {
  const hover = (row, month) => `${plain(row.name)}<br>${monthNames[month]}: ${say(row.values[month], share)}`;
  const y = rows.map((_, index) => index);
  const month = period - 1;
  const height = 130 + rows.length * (rows.length > 15 ? 22 : 32);
  const yaxis = names(rows.map((row) => row.name), { range: [rows.length - 0.4, -0.6], showgrid: false });
  const heat = {
    type: "heatmap", x: monthNames, y, z: rows.map((row) => row.values.map((v) => (v ? 100 * v[0] : null))), zmin: 0, zmax: most, colorscale: scale(), xgap: 1, ygap: 2,
    hoverinfo: "text", hovertext: rows.map((row) => row.values.map((_, at) => hover(row, at))), hoverongaps: false, showscale: !narrow(), colorbar: { title: { text: "%" }, thickness: 12, len: 0.9 },
  };
  const bar = {
    type: "bar", orientation: "h", y, x: rows.map((row) => (row.values[month] ? 100 * row.values[month][0] : null)), marker: { color: colour(0) },
    error_x: bars(rows.map((row) => row.values[month] ?? null), share, { color: ink().text }), hoverinfo: "text", textposition: "none", hovertext: rows.map((row) => hover(row, month)),
  };
  const isAll = period === 0;
  // The name of a month takes some ninety pixels.
  const every = Math.ceil(monthNames.length / Math.min(12, Math.max(2, Math.floor((width() - 150) / 90))));
  const shown = isAll ? monthNames.map((_, at) => at) : [month];
  return {
    traces: [isAll ? heat : bar],
    layout: layout({ height, yaxis, xaxis: isAll ? axis("", { type: "category", tickvals: monthNames.filter((_, at) => at % every === 0), tickangle: 0 }) : axis(`${title}, ${monthNames[month]} (%)`, { range: [0, most * 1.05] }) }),
    about,
    alt: `${title} of ${rows.length} ${what} in ${set.name}, ${isAll ? `${monthNames.length} months` : monthNames[month]}. ` +
      (isAll ? "" : rows.slice(0, 12).map((row) => `${row.name}: ${say(row.values[month], share)}`).join("; ")),
    columns: [what, "month", ...interval],
    rows: rows.flatMap((row) => shown.map((at) => [row.name, monthNames[at], ...numbers(row.values[at])])),
  };
};

const utilisationChart = () => chart({
  id: "utilisation", title: "Utilisation of the sites",
  controls: [
    { key: "set", name: "Set", options: setOptions }, { key: "scope", name: "Held by", options: scopes },
    { key: "period", name: "Period", options: periods.map((name, index) => [index, name]) },
  ],
  draw: ({ set, scope, period }) => {
    const one = data.sets[set];
    // Months of a site are in the order of the set's own communities.
    const place = scope === "all" ? scope : one.held_by.indexOf(data.communities[scope].id);
    const rows = one.sites.map((site) => ({ name: site.name, values: monthNames.map((_, month) => held(site, place, month)) }));
    return overMonths({
      rows, period: Number(period), title: `Utilisation by ${scopeName(scope)}`, set: one, what: "sites", most: 100,
      about: `Share of the open accelerators' time that jobs held them. Blank: not open yet. ${scope === "all" ? "The ± of all communities is an upper bound, the sum of theirs." : ""}`,
    });
  },
});

const mostLinks = 30;
const networkChart = () => {
  const kinds = [...new Set(data.sets.flatMap((set) => set.links.map((link) => link.kind)))];
  if (!kinds.length) return;
  chart({
    id: "network", title: "Load of the network",
    controls: [
      { key: "set", name: "Set", options: setOptions }, { key: "kind", name: "Links", options: [["all", "all kinds"], ...kinds.map((kind) => [kind, kind])] },
      { key: "period", name: "Period", options: periods.map((name, index) => [index, name]) },
    ],
    draw: ({ set, kind, period }) => {
      const one = data.sets[set];
      const load = (link) => (link.load ? link.load[0] : 0);
      const links = one.links.filter((link) => kind === "all" || link.kind === kind).sort((a, b) => load(b) - load(a));
      const rows = links.slice(0, mostLinks).map((link) => ({ name: link.name, values: link.months }));
      const most = Math.min(100, Math.max(1, ...rows.flatMap((row) => means(row.values)).map((mean) => 100 * mean)));
      return overMonths({
        rows, period: Number(period), title: "Load", set: one, what: "links", most,
        about: `Bytes carried over capacity times time, the ${rows.length} most loaded of ${links.length} links.`,
      });
    },
  });
};

const loadSteps = [[0, 0.05, 1.2], [0.05, 0.2, 2], [0.2, 0.5, 3.5], [0.5, 0.8, 5], [0.8, Infinity, 7]];
const loadColour = (index) => (isDark() ? ["#59616a", "#56b4e9", "#2a8fd0", "#e69f00", "#d55e00"] : ["#b0b5bb", "#8cc8ea", "#0072b2", "#e69f00", "#d55e00"])[index];

const mapChart = () => {
  if (!data.map) return;
  chart({
    id: "map", title: "The map, over time",
    controls: [
      { key: "set", name: "Set", options: setOptions }, { key: "by", name: "Sites coloured by", options: [["utilisation", "utilisation"], ["wait", "mean wait"]] },
      { key: "period", name: "Month", range: ["whole window", ...monthNames] },
    ],
    draw: ({ set, by, period }) => {
      const one = data.sets[set];
      const month = period - 1;
      const results = new Map(one.sites.map((site) => [site.id, site]));
      const shown = colouring[by](one);
      const used = (site) => (period === 0 ? site.values[data.metrics.findIndex((metric) => metric.key === shown.metric)] ?? null : shown.of(site, month));
      const inSet = data.map.sites.filter((site) => results.has(site.id));
      const others = data.map.sites.filter((site) => !results.has(site.id));
      const values = inSet.map((site) => used(results.get(site.id)));
      const [left, bottom, right, top] = data.map.window;
      const height = narrow() ? 420 : 720;
      const bare = { visible: false, fixedrange: true };
      const loads = one.links.map((link) => (period === 0 ? link.load : link.months[month] ?? null));
      return {
        traces: [
          ...land(one.id), ...linkLines(one, loads), linkDots(one, loads),
          {
            type: "scatter", mode: "markers", name: "candidates not in this set", x: others.map((site) => site.x), y: others.map((site) => site.y), hoverinfo: "text", showlegend: others.length > 0,
            hovertext: others.map((site) => `${plain(site.name)}<br>not in this set`), marker: { symbol: "x-thin", size: 8, line: { width: 1.5, color: ink().text } },
          },
          ...[[true, "circle", "committed"], [false, "diamond", "candidate in the set"]]
            .map(([committed, symbol, name]) => [inSet.map((site, at) => [site, values[at]]).filter(([site]) => site.committed === committed), symbol, name])
            .filter(([sites]) => sites.length).map(([sites, symbol, name], index) => siteMarks(sites, symbol, name, index === 0, results, shown)),
        ],
        layout: layout({
          height, margin: { l: 4, r: 4, t: 4, b: 4 }, showlegend: true, legend: { orientation: "h", y: narrow() ? -0.24 : -0.02 },
          xaxis: { ...bare, range: [left, right], scaleanchor: "y" }, yaxis: { ...bare, range: [bottom, top] },
        }),
        about: `Sites sized by their accelerators and coloured by ${shown.name}${shown.note}; links by load; shaded: countries whose consortia have a site in the set. Borders: Natural Earth, public domain.`,
        alt: `Map of Europe, set ${one.name}, ${period === 0 ? "whole window" : monthNames[month]}. ${shown.name}: ` + inSet.map((site, at) => `${site.name} ${shown.say(values[at])}`).join("; "),
        columns: ["kind", "name", "accelerators", ...interval],
        rows: [
          ...inSet.map((site, at) => [`site: ${shown.name}`, site.name, site.accelerators, ...numbers(values[at])]),
          ...one.links.map((link, at) => ["link: load", link.name, null, ...numbers(loads[at])]),
        ],
      };
    },
  });
};
const land = (set) => {
  const members = new Set(data.map.members.filter(([, sets]) => sets.includes(set)).map(([id]) => id));
  const rings = (isMember) => {
    const [x, y] = [[], []];
    for (const [id, ring] of data.map.countries) {
      if (members.has(id) !== isMember) continue;
      for (let at = 0; at <= ring.length; at += 2) {
        x.push(ring[at % ring.length]);
        y.push(ring[(at + 1) % ring.length]);
      }
      x.push(null);
      y.push(null);
    }
    return { x, y };
  };
  return [[false, ink().land, "other countries"], [true, ink().member, "consortium"]].map(([isMember, fill, name]) => ({
    ...rings(isMember), type: "scatter", mode: "lines", fill: "toself", fillcolor: fill, line: { color: ink().border, width: 0.7 }, hoverinfo: "skip", showlegend: false, name,
  }));
};
const linkLines = (set, loads) => loadSteps.map(([from, to, width], index) => {
  const [x, y] = [[], []];
  data.map.links.forEach((line, at) => {
    const load = loads[at] ? loads[at][0] : null;
    if (!line || load === null || load < from || load >= to) return;
    x.push(line[0], line[2], null);
    y.push(line[1], line[3], null);
  });
  const name = to === Infinity ? `load from ${100 * from} %` : `load ${100 * from} to ${100 * to} %`;
  return { type: "scatter", mode: "lines", x, y, line: { width, color: loadColour(index) }, hoverinfo: "skip", name, showlegend: x.length > 0 };
});
// Where a link can be pointed at: a third of its way, so that the two directions stand apart.
const linkDots = (set, loads) => {
  const shown = data.map.links.map((line, at) => [line, at]).filter(([line, at]) => line && loads[at]);
  return {
    type: "scatter", mode: "markers", showlegend: false, hoverinfo: "text", marker: { size: 9, opacity: 0 },
    x: shown.map(([line]) => line[0] + (line[2] - line[0]) / 3), y: shown.map(([line]) => line[1] + (line[3] - line[1]) / 3),
    hovertext: shown.map(([, at]) => `${plain(set.links[at].name)}<br>load: ${say(loads[at], share)}`),
  };
};
// What the colour of a site tells: its share of time in use, or the mean wait of the jobs sent there on a scale of powers of ten.
const shortest = 60;
const colouring = {
  utilisation: () => ({
    metric: "utilisation", name: "utilisation", note: "", of: (site, month) => held(site, "all", month), say: (one) => (one ? say(one, share) : "not open"),
    colour: (one) => 100 * one[0], range: [0, 100], bar: { title: { text: "utilisation (%)" } },
  }),
  wait: (set) => {
    const most = Math.max(shortest * 2, ...means(set.sites.flatMap((site) => site.waits)));
    const ticks = waitTicks.filter(([wait]) => wait >= shortest && wait <= most);
    return {
      metric: "wait_s_mean", name: "mean wait", note: " of the jobs handed in in that time and sent there (one that never started counts with its wait so far)", of: (site, month) => site.waits[month] ?? null,
      say: (one) => (one ? say(one, unitFor("s", [one[0]])) : "no job"), colour: (one) => Math.log10(Math.max(shortest, one[0])), range: [Math.log10(shortest), Math.log10(most)],
      bar: { title: { text: "mean wait" }, tickvals: ticks.map(([wait]) => Math.log10(wait)), ticktext: ticks.map(([wait, text]) => (wait === shortest ? `≤ ${text}` : text)) },
    };
  },
};
const siteMarks = (sites, symbol, name, hasBar, results, shown) => {
  const largest = Math.max(1, ...data.map.sites.map((site) => site.accelerators));
  const most = narrow() ? 30 : 46;
  return {
    type: "scatter", mode: "markers", name, showlegend: sites.length > 0, hoverinfo: "text", x: sites.map(([site]) => site.x), y: sites.map(([site]) => site.y),
    hovertext: sites.map(([site, value]) => `${plain(site.name)}<br>${number(site.accelerators, 0)} accelerators, opens ${results.get(site.id).opens}<br>${shown.name}: ${shown.say(value)}`),
    marker: {
      symbol, size: sites.map(([site]) => 8 + (most - 8) * Math.sqrt(site.accelerators / largest)), color: sites.map(([, value]) => (value ? shown.colour(value) : shown.range[0])), opacity: 0.9,
      cmin: shown.range[0], cmax: shown.range[1], colorscale: scale(), showscale: hasBar, colorbar: { thickness: 12, ...(narrow() ? { ...shown.bar, title: { ...shown.bar.title, side: "top" }, orientation: "h", y: -0.02, yanchor: "top", len: 0.9 } : { ...shown.bar, len: 0.6 }) },
      line: { color: sites.map(([, value]) => (value ? ink().text : data.colours.bad)), width: 1.5 },
    },
  };
};
