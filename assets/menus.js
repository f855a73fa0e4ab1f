// A menu closes when one clicks elsewhere, chooses something or presses Escape; the focus goes back to its button.
(function () {
  "use strict";
  function close(menu) { menu.removeAttribute("open"); }
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      var inList = event.target.closest("details.menu > ul") && menu.contains(event.target);
      if (!menu.contains(event.target) || (inList && event.target.closest("a,button"))) { close(menu); }
      if (inList && event.target.closest("button")) { menu.querySelector("summary").focus(); } // what was chosen is hidden now
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      close(menu);
      menu.querySelector("summary").focus();
    });
  });
})();
