// The page of a run: curves that grow while it is bred, and candles that are looked at more closely.
"use strict";

// A class of the style sheet gives a species its colour in charts of every kind.
function inkOfClass(name) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  mark.setAttribute("class", name);
  drawn.append(mark);
  document.body.append(drawn);
  const ink = getComputedStyle(mark).fill;
  drawn.remove();
  return ink;
}

function axesOf(whole) {
  const rule = { stroke: inkOf("--hair"), width: 1 };
  const axis = { stroke: inkOf("--muted"), grid: rule, ticks: rule, font: "12px system-ui, sans-serif" };
  return [whole ? { ...axis, incrs: WHOLE_STEPS } : axis, { ...axis, size: 68 }];
}

function plotIn(box, options, data) {
  const size = () => ({ width: box.clientWidth, height: options.height });
  const chart = new uPlot({ ...options, ...size(), axes: options.axes || axesOf(options.scales?.x?.time === false) }, data, box);
  new ResizeObserver(() => chart.setSize(size())).observe(box);
  return chart;
}

function line(label, ink, width, dash) {
  return { label, stroke: inkOf(ink), width: width || 1.7, dash, points: { show: false } };
}

class Curves {
  constructor(run) {
    this.address = "/runs/" + encodeURIComponent(run);
    this.fitness = document.getElementById("fitness");
    this.species = document.getElementById("species");
    this.luck = document.getElementById("luck");
    this.names = JSON.parse(this.species.dataset.species);
    this.known = [[], [], [], []];
    this.shares = this.names.map(() => []);
    this.charts = {};
    this.busy = false;
    this.again = false;
  }

  // What is there stays, and what is new is added: nobody reads a generation twice.
  async grow() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      do {
        this.again = false;
        await this.ask();
      } while (this.again);
    } catch (error) {
      // The service is away or restarts; the next news asks again.
    } finally {
      this.busy = false;
    }
  }

  async ask() {
    let before, next;
    do {
      const numbers = this.known[0];
      before = numbers.length ? numbers[numbers.length - 1] : -1;
      const answer = await fetch(this.address + "/points?after=" + before);
      if (!answer.ok) return;
      const points = await answer.json();
      this.add(points);
      next = points.next;
    } while (next !== null);
    this.show();
    if (this.luck) await this.askLuck();
  }

  add(points) {
    this.known[0].push(...points.numbers);
    this.known[1].push(...points.best);
    this.known[2].push(...points.median);
    this.known[3].push(...points.worst);
    for (const members of points.species) {
      const all = Object.values(members).reduce((sum, count) => sum + count, 0) || 1;
      this.names.forEach((name, k) => this.shares[k].push((members[name] || 0) / all));
    }
  }

  show() {
    if (!this.known[0].length) return;
    this.put("fitness", this.known, () => ({
      height: 280,
      scales: { x: { time: false } },
      series: [{ label: "generation" }, line("best", "--forward", 2), line("median", "--past"), line("worst", "--hold", 1, [4, 4])],
    }));
    this.put("species", this.stacked(), () => this.speciesOptions());
    this.swatches();
  }

  put(name, data, options) {
    if (this.charts[name]) this.charts[name].setData(data);
    else this.charts[name] = plotIn(this[name], options(), data);
  }

  stacked() {
    const numbers = this.known[0];
    const heights = numbers.map(() => 0);
    const layers = this.shares.map((shares) => shares.map((share, at) => (heights[at] += share)));
    return [numbers, ...layers.reverse()];
  }

  speciesOptions() {
    const ordered = this.names.map((name, k) => ({ name, ink: inkOfClass("species-" + (k % 14)) })).reverse();
    const percent = (u, value) => (value === null || value === undefined ? "" : Math.round(100 * value) + " %");
    const axes = axesOf(true);
    axes[1].values = (u, values) => values.map((value) => percent(u, value));
    return {
      height: 220,
      axes,
      legend: { show: false },
      cursor: { points: { show: false } },
      scales: { x: { time: false }, y: { range: [0, 1] } },
      series: [{ label: "generation" }, ...ordered.map(({ name, ink }) => ({ label: name, stroke: ink, fill: ink, width: 0, points: { show: false } }))],
    };
  }

  swatches() {
    const list = document.getElementById("swatches");
    const newest = this.known[0].length - 1;
    list.replaceChildren(
      ...this.names.map((name, k) => {
        const item = document.createElement("li");
        item.innerHTML = '<svg class="chart swatch" aria-hidden="true" viewBox="0 0 10 10"><rect width="10" height="10" class="species-' + (k % 14) + '"/></svg>';
        item.append(name + " " + Math.round(100 * this.shares[k][newest]) + " %");
        return item;
      }),
    );
  }

  async askLuck() {
    const answer = await fetch(this.address + "/luck");
    if (!answer.ok) return;
    const found = await answer.json();
    if (!found.evaluations.length) return;
    this.put("luck", [found.evaluations, found.best, found.expected_best], () => ({
      height: 240,
      scales: { x: { time: false } },
      series: [{ label: "genomes" }, line("best Sharpe", "--forward", 2), line("best of noise", "--noise", 1)],
    }));
  }
}

// Candles with what a genome did on them.
class Look {
  constructor(box) {
    this.box = box;
    this.said = document.getElementById("chart-said");
    this.marks = { entries: [], exits: [] };
    this.asked = 0;
  }

  async show(start, stop) {
    const number = ++this.asked;
    const span = start === undefined ? "" : "?start=" + Math.floor(start) + "&stop=" + Math.ceil(stop);
    const answer = await fetch(this.box.dataset.chartOf + span);
    if (!answer.ok || number !== this.asked) return;
    const found = await answer.json();
    if (!found.times.length) return;
    this.marks = found;
    const data = [found.times, found.open, found.high, found.low, found.close];
    const first = found.times[0], last = found.times[found.times.length - 1];
    this.whole = this.whole || [first, last];
    this.span = [first, last];
    if (this.chart) this.chart.setData(data);
    else this.chart = plotIn(this.box, this.options(), data);
    this.say(found);
  }

  say(found) {
    const day = (seconds) => new Date(1000 * seconds).toISOString().slice(0, 10);
    let text = day(this.span[0]) + " to " + day(this.span[1]);
    if (found.joined > 1) text += ", " + found.joined + " candles joined in each";
    if (found.marks_left_out) text += ", " + found.marks_left_out + " marks left out: look closer";
    this.said.textContent = text;
  }

  options() {
    const price = (u, value) => (value === null || value === undefined ? "" : value.toPrecision(6));
    const hidden = { paths: () => null, points: { show: false }, value: price };
    return {
      height: 380,
      tzDate: (seconds) => uPlot.tzDate(new Date(1000 * seconds), "Etc/UTC"),
      cursor: { drag: { x: true, y: false, setScale: false } },
      series: [{ label: "time (UTC)" }, ...["open", "high", "low", "close"].map((label) => ({ label, stroke: inkOf("--muted"), ...hidden }))],
      hooks: {
        draw: [(chart) => this.draw(chart)],
        setSelect: [(chart) => this.chosen(chart)],
      },
    };
  }

  chosen(chart) {
    const { left, width } = chart.select;
    if (width < 4) return;
    this.show(chart.posToVal(left, "x"), chart.posToVal(left + width, "x"));
    chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }

  move(how) {
    if (how === "whole" || !this.span) return this.show();
    const [first, last] = this.span, width = Math.max(last - first, 60);
    const spans = {
      in: [first + width / 4, last - width / 4],
      out: [first - width / 2, last + width / 2],
      back: [first - width / 2, last - width / 2],
      on: [first + width / 2, last + width / 2],
    };
    const [start, stop] = spans[how];
    if (stop < this.whole[0] || start > this.whole[1]) return undefined;
    return this.show(start, stop);
  }

  draw(chart) {
    const ctx = chart.ctx, [times, open, high, low, close] = chart.data;
    const at = (seconds) => chart.valToPos(seconds, "x", true), up = (value) => chart.valToPos(value, "y", true);
    const room = (chart.bbox.width / Math.max(times.length, 1)) * 0.6, wide = Math.max(1, Math.min(12 * devicePixelRatio, room));
    ctx.save();
    ctx.beginPath();
    ctx.rect(chart.bbox.left, chart.bbox.top, chart.bbox.width, chart.bbox.height);
    ctx.clip();
    const gain = inkOf("--gain"), loss = inkOf("--loss"), wick = inkOf("--strong");
    ctx.lineWidth = Math.max(1, devicePixelRatio);
    for (let k = 0; k < times.length; k++) {
      const x = at(times[k]);
      ctx.strokeStyle = wick;
      ctx.beginPath();
      ctx.moveTo(x, up(high[k]));
      ctx.lineTo(x, up(low[k]));
      ctx.stroke();
      ctx.fillStyle = close[k] >= open[k] ? gain : loss;
      const top = up(Math.max(open[k], close[k]));
      ctx.fillRect(x - wide / 2, top, wide, Math.max(1, up(Math.min(open[k], close[k])) - top));
    }
    this.drawMarks(ctx, at, up);
    ctx.restore();
  }

  drawMarks(ctx, at, up) {
    const size = 5 * devicePixelRatio, ink = inkOf("--ink"), paper = inkOf("--paper");
    ctx.lineWidth = 1.2 * devicePixelRatio;
    ctx.strokeStyle = ink;
    for (const { time, price, side } of this.marks.entries) {
      const x = at(time), y = up(price);
      ctx.beginPath();
      ctx.moveTo(x, y - side * size);
      ctx.lineTo(x - size, y + side * size);
      ctx.lineTo(x + size, y + side * size);
      ctx.closePath();
      ctx.fillStyle = side > 0 ? inkOf("--forward") : inkOf("--loss-ink");
      ctx.fill();
    }
    for (const { time, price, result } of this.marks.exits) {
      ctx.beginPath();
      ctx.arc(at(time), up(price), 0.8 * size, 0, 2 * Math.PI);
      ctx.fillStyle = result > 0 ? ink : paper;
      ctx.fill();
      ctx.stroke();
    }
  }
}

const looks = new WeakMap();

function lookAll(within) {
  for (const box of within.querySelectorAll("[data-chart-of]")) {
    if (looks.has(box)) continue;
    looks.set(box, new Look(box));
    looks.get(box).show();
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const place = document.querySelector("[data-run]");
  lookAll(document);
  if (!place) return;
  const curves = new Curves(place.dataset.run);
  curves.grow();
  const told = { run: place.dataset.state, job: Number(place.dataset.job), stands: place.dataset.stands };
  // The buttons are drawn anew only when what they do has changed: nobody's typing is lost.
  const changed = (name) => document.body.dispatchEvent(new CustomEvent(name));
  document.body.addEventListener("news-run", ({ detail }) => {
    if (detail.run !== place.dataset.run) return;
    curves.grow();
    if (detail.state !== told.run) changed("run-changed");
    told.run = detail.state;
  });
  const reports = new Map();
  document.body.addEventListener("news-job", ({ detail }) => {
    if (detail.run !== place.dataset.run) return;
    if (detail.kind === "evolve" && detail.id >= told.job) {
      if (detail.id !== told.job || detail.state !== told.stands) changed("run-changed");
      Object.assign(told, { job: detail.id, stands: detail.state });
    }
    if (detail.kind === "report") {
      if (detail.state === "done" && reports.get(detail.id) !== undefined && reports.get(detail.id) !== "done") changed("report-written");
      reports.set(detail.id, detail.state);
    }
  });
  document.body.addEventListener("news-reset", () => curves.grow());
});

document.addEventListener("htmx:after:swap", () => {
  readOut(document);
  lookAll(document);
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-look], [data-span]");
  const box = document.querySelector("[data-chart-of]");
  if (!button || !box) return;
  if (button.dataset.look) looks.get(box).move(button.dataset.look);
  else {
    const [start, stop] = button.dataset.span.split(" ").map((moment) => Date.parse(moment) / 1000);
    const around = Math.max(stop - start, 3600);
    looks.get(box).show(start - around, stop + around);
    box.scrollIntoView({ block: "center" });
  }
});
