// Says that the service does not answer any more, asks until it does, and goes on where the page was waiting.
(function () {
  "use strict";
  var ask = window.fetch, isLeaving = false, timer = null;
  var AGAIN_MS = 2000;
  window.addEventListener("pagehide", function () { isLeaving = true; });
  window.addEventListener("pageshow", function () { isLeaving = false; });

  function show(isAway) {
    var notice = document.getElementById("away");
    if (notice) { notice.hidden = !isAway; }
  }
  function look() {
    timer = null;
    ask("/healthz", { cache: "no-store" }).then(function (answer) { if (answer.ok) { back(); } else { away(); } }, away);
  }
  function away() {
    show(true);
    timer = timer || setTimeout(look, AGAIN_MS);
  }
  function back() {
    var frame = document.getElementById("frame");
    show(false);
    if ((frame && frame.dataset.busy === "true") || document.querySelector("[data-follows][aria-busy=true]")) { location.reload(); }
  }
  window.fetch = function () {
    var answered = ask.apply(this, arguments);
    answered.then(function (answer) {
      if (answer.status === 502 || answer.status === 504) { away(); }
    }, function (error) {
      if (!isLeaving && error.name !== "AbortError") { away(); }
    });
    return answered;
  };
})();
