// A click anywhere in a row of the list opens its customer, arrow keys go from row to row.
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var row = event.target.closest(".people tbody tr");
    if (!row || event.target.closest("a") || String(window.getSelection())) { return; }
    row.querySelector("a").click();
  });
  document.addEventListener("keydown", function (event) {
    var link = event.target.closest && event.target.closest(".people tbody a");
    if (!link || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) { return; }
    var row = link.closest("tr"), next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    if (next) { next.querySelector("a").focus(); }
    event.preventDefault();
  });
})();
