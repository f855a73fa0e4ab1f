// What the box plots compare stands in the address beside the filter. The page is drawn anew: the reader and the focus stay where they are.
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-pair]");
    if (!button) { return; }
    var query = new URLSearchParams(location.search);
    query.set("box", button.dataset.pair);
    focusAgain(button.closest("details").querySelector("summary"));
    window.clienteleParts.go(location.pathname + "?" + query);
    window.clienteleScroll.stay();
  });

  // The menu that was chosen from goes with the old page; the one that takes its place has the focus.
  function focusAgain(before) {
    new MutationObserver(function (_, observer) {
      var now = document.contains(before) ? null : document.querySelector('.compared summary[title="' + before.title + '"]');
      if (!now) { return; }
      observer.disconnect();
      now.focus({ preventScroll: true });
    }).observe(document.getElementById("page"), { childList: true, subtree: true });
  }
})();
