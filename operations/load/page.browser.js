// What the pages of reports share: plots, figures, tables; runs in the browser only.
"use strict";

const report = JSON.parse(document.getElementById("data").textContent);
const COLOURS = [
  "#1f6feb",
  "#d97706",
  "#b3261e",
  "#15803d",
  "#7c3aed",
  "#0e7490",
  "#be185d",
  "#6b4f1d",
  "#111827",
  "#65a30d",
];
const palette = (index) => COLOURS[index % COLOURS.length];
const element = (tag, text, parent, className) => {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return parent.appendChild(made);
};
const seconds = (ms) => (ms === undefined ? "-" : `${(ms / 1000).toFixed(ms < 1000 ? 3 : 2)} s`);

const figures = document.getElementById("figures");
const figure = (value, label, bad) => {
  const box = element("div", "", figures, bad ? "figure bad" : "figure");
  element("b", value, box);
  element("span", label, box);
};

function plot(title, unit, times, series, stepped) {
  if (series.length === 0 || times.length === 0) return;
  element("h2", title, document.getElementById("plots"));
  new uPlot(
    {
      width: Math.min(1080, document.body.clientWidth),
      height: 230,
      scales: {
        x: { time: false },
        y: { range: (_, __, high) => [0, Math.max(1e-3, high * 1.1)] },
      },
      axes: [{ label: "seconds" }, { label: unit, size: 70 }],
      series: [
        { label: "second" },
        ...series.map(({ label, dash }, index) => ({
          label,
          stroke: palette(index),
          width: 2,
          dash,
          spanGaps: true,
          paths: stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
          value: (_, value) => (value == null ? "-" : +value.toFixed(3)),
        })),
      ],
    },
    [times, ...series.map(({ values }) => values)],
    document.getElementById("plots"),
  );
}

const tables = document.getElementById("tables");
function table(title, rows) {
  if (rows.length === 0) return;
  element("h2", title, tables);
  const body = element("table", "", tables);
  for (const row of rows) {
    const line = element("tr", "", body);
    for (const cell of row) element("td", cell, line);
  }
}
