// A report that is ready is fetched by itself, once each time it was asked for.
(function () {
  "use strict";
  var fetched = null;

  function look() {
    var file = document.querySelector("#report-told a[download]");
    if (file && file.id !== fetched) {
      fetched = file.id;
      file.click();
    }
  }

  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();
