// Loaded in the head, before anything is drawn: the first visit follows the system, a choice is kept.
(function () {
  "use strict";
  var KEY = "clientele-theme";
  function kept() { try { return localStorage.getItem(KEY); } catch (error) { return null; } }
  var system = matchMedia("(prefers-color-scheme: dark)");
  function show(theme) {
    document.documentElement.setAttribute("data-bs-theme", theme);
    window.dispatchEvent(new CustomEvent("clientele-theme", { detail: theme }));
  }
  window.clienteleTheme = {
    now: function () { return document.documentElement.getAttribute("data-bs-theme"); },
    toggle: function () {
      var next = this.now() === "dark" ? "light" : "dark";
      try { localStorage.setItem(KEY, next); } catch (error) { /* private window: it holds until the next page */ }
      show(next);
      return next;
    },
  };
  show(kept() || (system.matches ? "dark" : "light"));
  system.addEventListener("change", function (event) { if (!kept()) { show(event.matches ? "dark" : "light"); } });
})();
