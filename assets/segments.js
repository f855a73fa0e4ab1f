// The panel at the pen: the focus goes into it and back to the pen, Escape closes it, a colour is chosen by a click.
// A file that is ready is fetched by itself, once.
(function () {
  "use strict";
  var pen = null;

  function look() {
    var panel = document.querySelector(".popv");
    if (panel && !panel.dataset.seen) {
      panel.dataset.seen = "yes";
      pen = panel.closest(".sc").querySelector(".hd button").id;
      var name = panel.querySelector("#segment-name");
      if (name) { name.focus(); }
    } else if (!panel && pen) {
      var button = document.getElementById(pen);
      pen = null;
      if (button) { button.focus(); }
    }
    var file = document.querySelector("#segment-download-told a[download]");
    if (file && window.clienteleFetched !== file.id) {
      window.clienteleFetched = file.id;
      file.click();
    }
  }

  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("click", function (event) {
    var chosen = event.target.closest(".popv .swatch:not(:disabled)");
    if (!chosen) { return; }
    chosen.parentElement.querySelectorAll(".swatch").forEach(function (each) {
      each.setAttribute("aria-pressed", String(each === chosen));
    });
    window.dash_clientside.set_props("segment-colour", { data: chosen.dataset.letter });
  });
  // The order of the table stands in the address, so that a link shows it too.
  document.addEventListener("click", function (event) {
    var sorter = event.target.closest("[data-sort]");
    if (!sorter) { return; }
    var address = new URL(location.href);
    address.searchParams.set("sort", sorter.dataset.sort);
    history.replaceState(history.state, "", address);
  });
  document.addEventListener("keydown", function (event) {
    var cancel = document.querySelector(".popv .cancel");
    if (event.key === "Escape" && cancel) { cancel.click(); }
  });
})();
