"use strict";
// Draws each table that says so as a chart above it; the table stays for who cannot see that.
(() => {
  const drawn = new Set();
  const style = getComputedStyle(document.documentElement);
  const brand = style.getPropertyValue("--brand").trim();
  const line = style.getPropertyValue("--line").trim();
  const ink = style.getPropertyValue("--dim").trim();
  // The columns of a table that stand on each other, unless a heading names its own.
  const colors = [brand, "#e0a526", "#3f7fc4", "#9a5fb5", "#c2563f"];

  const draw = (table) => {
    const canvas = table.closest("figure").querySelector("canvas");
    const across = table.dataset.chart === "across";
    const rows = [...table.tBodies[0].rows];
    const heads = [...table.tHead.rows[0].cells];
    const columns = table.dataset.column.split(",").map(Number);
    const several = columns.length > 1;
    const scale = { grid: { color: line }, ticks: { color: ink, maxRotation: 0 }, beginAtZero: true };
    const names = { grid: { display: false }, ticks: { color: ink, autoSkip: !across, maxRotation: 0 } };
    drawn.add(new Chart(canvas, {
      type: "bar",
      data: {
        labels: rows.map((row) => row.cells[0].textContent.trim()),
        datasets: columns.map((column, i) => ({
          label: heads[column].textContent.trim(),
          data: rows.map((row) => Number(row.cells[column].dataset.value)),
          backgroundColor: heads[column].dataset.color || colors[i % colors.length], borderRadius: several ? 0 : 3, maxBarThickness: 18,
        })),
      },
      options: {
        animation: false, maintainAspectRatio: false, indexAxis: across ? "y" : "x", locale: "zh-CN",
        plugins: { legend: { display: several, labels: { color: ink, boxWidth: 12 } } },
        scales: across ? { x: { ...scale, ticks: { ...scale.ticks, precision: 0, maxTicksLimit: 5 } }, y: names }
          : { x: { ...names, stacked: table.dataset.chart === "stacked" },
            y: { ...scale, stacked: table.dataset.chart === "stacked", ticks: { ...scale.ticks, maxTicksLimit: 6 } } },
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
