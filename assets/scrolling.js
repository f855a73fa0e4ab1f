// Back, forward and reload find the page where it was left. Pages are drawn after the address has changed, so the browser cannot do it.
(function () {
  "use strict";
  var KEY = "clientele-scroll", MOST = 50, WAIT_MS = 10000;
  var places = new Map(read()), wanted = null, until = 0;
  history.scrollRestoration = "manual";

  function read() {
    try { return JSON.parse(sessionStorage.getItem(KEY)) || []; } catch (error) { return []; }
  }
  function keep() {
    try { sessionStorage.setItem(KEY, JSON.stringify(Array.from(places).slice(-MOST))); } catch (error) { /* then it is forgotten */ }
  }
  function isDrawn() {
    var frame = document.getElementById("frame"), page = document.getElementById("page");
    return frame && frame.dataset.busy !== "true" && page && page.firstElementChild;
  }
  function want() {
    wanted = places.get(location.href) || 0;
    until = performance.now() + WAIT_MS;
  }
  function go() {
    if (wanted === null) { return; }
    if (performance.now() > until) { wanted = null; return; }
    window.scrollTo(0, wanted);
    if (isDrawn() && Math.abs(window.scrollY - wanted) < 2) { wanted = null; }
  }
  window.addEventListener("scroll", function () {
    if (wanted !== null || !isDrawn()) { return; }
    places.delete(location.href);
    places.set(location.href, window.scrollY);
  }, { passive: true });
  window.addEventListener("pagehide", keep);
  window.addEventListener("popstate", want);
  window.addEventListener("_dashprivate_pushstate", function () { wanted = null; });
  ["wheel", "touchmove", "pointerdown", "keydown"].forEach(function (name) { // whoever moves the page is not pulled back
    window.addEventListener(name, function () { wanted = null; }, { passive: true });
  });
  new MutationObserver(go).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-busy"] });
  // The page that is being drawn anew stays where the reader is.
  window.clienteleScroll = { stay: function () { places.set(location.href, window.scrollY); want(); } };
  var how = performance.getEntriesByType("navigation")[0];
  if (how && how.type !== "navigate") { want(); }
})();
