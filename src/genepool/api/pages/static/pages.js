// What a page needs of the service while it is open: news of runs and jobs, and charts of figures.
"use strict";

// One connection for the whole page: what is told becomes an event of the body, which htmx waits for.
function listen() {
  const wanted = document.body.dataset.live;
  if (wanted === undefined) return;
  const runs = wanted ? "?run=" + encodeURIComponent(wanted) : "";
  const source = new EventSource("/v1/events" + runs);
  for (const kind of ["run", "job", "service", "reset"]) {
    source.addEventListener(kind, (news) => {
      document.body.dispatchEvent(new CustomEvent("news-" + kind, { detail: JSON.parse(news.data) }));
    });
  }
  addEventListener("pagehide", () => source.close());
}

// There is no half generation.
const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6];

function inkOf(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// <div class="chart-box" data-chart='{"x": [...], "lines": [{"label", "ink", "values"}], "time": false}'>
function draw(box) {
  const told = JSON.parse(box.dataset.chart);
  const axis = { stroke: inkOf("--muted"), grid: { stroke: inkOf("--hair") }, ticks: { stroke: inkOf("--hair") } };
  const chart = new uPlot(
    {
      width: box.clientWidth,
      height: told.height || 240,
      scales: { x: { time: Boolean(told.time) } },
      // What is counted has no halves.
      axes: [told.time ? axis : { ...axis, incrs: WHOLE_STEPS }, axis],
      series: [
        { label: told.across || "" },
        ...told.lines.map((line) => ({ label: line.label, stroke: inkOf(line.ink || "--forward"), width: line.width || 1.7, dash: line.dash })),
      ],
    },
    [told.x, ...told.lines.map((line) => line.values)],
    box,
  );
  new ResizeObserver(() => chart.setSize({ width: box.clientWidth, height: told.height || 240 })).observe(box);
}

function drawAll(within) {
  for (const box of within.querySelectorAll("[data-chart]:not(:has(.uplot))")) draw(box);
}

// <button data-empties="#part">: closes what was opened there.
document.addEventListener("click", (click) => {
  const closing = click.target.closest("[data-empties]");
  if (closing) document.querySelector(closing.dataset.empties).replaceChildren();
});

// <button data-copies="ID">: puts the text of that element on the clipboard, or selects it where there is none.
async function copy(button) {
  const source = document.getElementById(button.dataset.copies);
  getSelection().selectAllChildren(source);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Selected: copy it by hand";
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copies]");
  if (button) copy(button);
});

document.addEventListener("DOMContentLoaded", () => {
  listen();
  drawAll(document);
});
document.addEventListener("htmx:after:swap", () => drawAll(document));
