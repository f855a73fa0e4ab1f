// The panel at the pen: the focus goes into it and back to the pen, Escape closes it, a colour is chosen by a click.
// A head of the index table that was pressed keeps the focus.
(function () {
  "use strict";
  var pen = null;
  var pressed = -1;

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
    // A sorted table is drawn anew: the focus goes back to the head that was pressed.
    if (pressed >= 0 && document.activeElement === document.body) {
      var head = document.querySelectorAll("#segments-index .sorter")[pressed];
      if (head) { head.focus(); pressed = -1; }
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
    pressed = Array.prototype.indexOf.call(document.querySelectorAll("#segments-index .sorter"), sorter);
    var address = new URL(location.href);
    address.searchParams.set("sort", sorter.dataset.sort);
    history.replaceState(history.state, "", address);
  });
  document.addEventListener("keydown", function (event) {
    var cancel = document.querySelector(".popv .cancel");
    if (event.key === "Escape" && cancel) { cancel.click(); }
  });
})();
