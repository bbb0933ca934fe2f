"use strict";
// Whatever is asked carries the whole form, and the last answer counts. When the filter is built
// anew, what was asked of the one before is given up.
(() => {
  const giveUp = ({ detail }) => {
    if (detail.requestConfig.path.endsWith("/members/build")) {
      htmx.trigger("#segment", "htmx:abort");
    }
  };
  document.addEventListener("htmx:beforeRequest", giveUp);
  document.addEventListener("htmx:afterRequest", giveUp);
})();
