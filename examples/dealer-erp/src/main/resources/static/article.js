"use strict";
// What the buttons beside the body put into it; the form's own events draw the phone anew.
(() => {
  const body = document.getElementById("body");
  const put = (before, after, usual) => {
    const from = body.selectionStart;
    const picked = body.value.slice(from, body.selectionEnd) || usual;
    body.setRangeText(before + picked + after, from, body.selectionEnd, "end");
    body.dispatchEvent(new Event("input", { bubbles: true }));
    body.focus();
  };
  const attribute = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  document.addEventListener("click", ({ target }) => {
    if (target.dataset.wrap) {
      const [before, after] = target.dataset.wrap.split("|");
      put(before, after, "文字");
    } else if (target.dataset.picture) {
      put(`\n<p><img src="laoke-file:${target.dataset.picture}" alt="${attribute(target.dataset.name)}"></p>\n`, "", "");
    }
  });
  // The chosen cover outlives a new shelf, which comes after an upload.
  let cover = null;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id === "shelf") {
      cover = document.querySelector("[name=cover]:checked")?.value ?? null;
    }
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target.id === "shelf" && cover) {
      [...document.querySelectorAll("[name=cover]")].filter((one) => one.value === cover).forEach((one) => { one.checked = true; });
    }
  });
})();
