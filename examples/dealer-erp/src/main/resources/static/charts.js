"use strict";
// Draws each table that says so as a chart above it; the table stays for who cannot see that.
(() => {
  const drawn = new Set();
  const style = getComputedStyle(document.documentElement);
  const brand = style.getPropertyValue("--brand").trim();
  const line = style.getPropertyValue("--line").trim();
  const ink = style.getPropertyValue("--dim").trim();
  const strong = style.getPropertyValue("--ink").trim() || "#222";
  // The columns of a table that stand on each other, unless a heading names its own.
  const colors = [brand, "#e0a526", "#3f7fc4", "#9a5fb5", "#c2563f"];

  // Where the scale of a chart ends that may be capped: one bar that is far higher than the others would flatten them.
  const cap = (sums) => {
    const high = sums.filter((sum) => sum > 0).sort((a, b) => a - b);
    const usual = high[Math.min(high.length - 2, Math.ceil(high.length * 0.95) - 1)];
    if (high.length < 5 || high[high.length - 1] <= usual * 2) {
      return undefined;
    }
    const step = Math.max(1, 10 ** Math.floor(Math.log10(usual)) / 2);
    return Math.max(4, Math.ceil(usual * 1.25 / step) * step);
  };

  // Bars that end above a capped scale: a break across each, and how much it is, as far as there is room.
  const broken = (sums, top) => ({
    id: "broken",
    afterDatasetsDraw: ({ ctx, chartArea: area, scales }) => {
      const above = sums.map((sum, i) => ({ sum, x: scales.x.getPixelForValue(i) })).filter((bar) => bar.sum > top)
        .sort((a, b) => b.sum - a.sum);
      const taken = [];
      ctx.save();
      ctx.font = "600 12px system-ui, sans-serif";
      ctx.textBaseline = "bottom";
      for (const { sum, x } of above) {
        ctx.strokeStyle = "#fff";
        ctx.lineWidth = 2.5;
        for (const y of [area.top + 9, area.top + 14]) {
          ctx.beginPath();
          ctx.moveTo(x - 8, y + 3);
          ctx.lineTo(x + 8, y - 3);
          ctx.stroke();
        }
        const words = sum.toLocaleString("zh-CN");
        const wide = ctx.measureText(words).width;
        const left = Math.min(Math.max(x - wide / 2, area.left), area.right - wide);
        const row = [0, 1].find((at) => !taken.some((one) => one.row === at && left < one.right + 6 && one.left < left + wide + 6));
        if (row !== undefined) {
          taken.push({ row, left, right: left + wide });
          ctx.fillStyle = strong;
          ctx.fillText(words, left, area.top - 2 - row * 14);
        }
      }
      ctx.restore();
    },
  });

  const draw = (table) => {
    const canvas = table.closest("figure").querySelector("canvas");
    const across = table.dataset.chart === "across";
    const rows = [...table.tBodies[0].rows];
    const heads = [...table.tHead.rows[0].cells];
    const columns = table.dataset.column.split(",").map(Number);
    const several = columns.length > 1;
    const scale = { grid: { color: line }, ticks: { color: ink, maxRotation: 0 }, beginAtZero: true };
    const names = { grid: { display: false }, ticks: { color: ink, autoSkip: !across, maxRotation: 0 } };
    const sums = rows.map((row) => columns.reduce((sum, column) => sum + Number(row.cells[column].dataset.value), 0));
    const top = "cap" in table.dataset ? cap(sums) : undefined;
    const note = table.closest("figure").querySelector("[data-capped]");
    if (note) {
      note.hidden = top === undefined;
    }
    drawn.add(new Chart(canvas, {
      type: "bar",
      plugins: top === undefined ? [] : [broken(sums, top)],
      data: {
        labels: rows.map((row) => row.cells[0].textContent.trim()),
        datasets: columns.map((column, i) => ({
          label: heads[column].textContent.trim(),
          data: rows.map((row) => Number(row.cells[column].dataset.value)),
          backgroundColor: heads[column].dataset.color || colors[i % colors.length], borderRadius: several ? 0 : 3, maxBarThickness: 18,
        })),
      },
      options: {
        animation: false, layout: { padding: { top: top === undefined ? 0 : 32 } }, maintainAspectRatio: false, indexAxis: across ? "y" : "x", locale: "zh-CN",
        plugins: { legend: { display: several, position: top === undefined ? "top" : "bottom", labels: { color: ink, boxWidth: 12 } } },
        scales: across ? { x: { ...scale, ticks: { ...scale.ticks, precision: 0, maxTicksLimit: 5 } }, y: names }
          : { x: { ...names, stacked: table.dataset.chart === "stacked" },
            y: { ...scale, max: top, stacked: table.dataset.chart === "stacked", ticks: { ...scale.ticks, maxTicksLimit: 6 } } },
      },
    }));
  };

  const all = () => {
    for (const chart of drawn) {
      if (!chart.canvas || !chart.canvas.isConnected) {
        chart.destroy();
        drawn.delete(chart);
      }
    }
    for (const table of document.querySelectorAll("table[data-chart]:not([data-drawn])")) {
      table.dataset.drawn = "true";
      draw(table);
    }
  };

  document.addEventListener("DOMContentLoaded", all);
  document.addEventListener("htmx:afterSettle", all);
})();
