// Components of the server as plain elements: for what changes often. Dash would tell each component of the page of each new one.
(function () {
  "use strict";
  var NAMES = { className: "class", tabIndex: "tabindex", htmlFor: "for" };

  function build(part) {
    if (Array.isArray(part)) { return part.flatMap(build); }
    if (part === null || part === undefined) { return []; }
    if (typeof part !== "object") { return [document.createTextNode(part)]; }
    var place = document.createElement(part.type);
    Object.entries(part.props).forEach(function (pair) { set(place, pair[0], pair[1]); });
    return [place];
  }
  function set(place, name, value) {
    if (name === "children") { place.append.apply(place, build(value)); return; }
    if (name !== "style") { place.setAttribute(NAMES[name] || name, value); return; }
    Object.entries(value).forEach(function (pair) {
      if (pair[0].startsWith("--")) { place.style.setProperty(pair[0], pair[1]); } else { place.style[pair[0]] = pair[1]; }
    });
  }

  // What is shown already stays as it is; what had the focus gives it to what stands there now.
  function show(place, part) {
    var told = JSON.stringify(part);
    if (!place || place.clienteleShown === told) { return; }
    var before = focusable(place).indexOf(document.activeElement);
    place.clienteleShown = told;
    place.replaceChildren.apply(place, build(part));
    var now = focusable(place);
    if (before >= 0 && now.length) { now[Math.min(before, now.length - 1)].focus(); }
  }
  function focusable(place) { return Array.from(place.querySelectorAll("a[href],button")); }

  // A plain link to a page of ours is followed without loading everything again, as Dash's own links are.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-page]");
    if (!link || event.metaKey || event.shiftKey || event.altKey || event.ctrlKey) { return; }
    event.preventDefault();
    window.clienteleParts.go(link.getAttribute("href"));
    window.scrollTo(0, 0);
  });

  window.clienteleParts = {
    show: show,
    go: function (address) {
      history.pushState({}, "", address);
      window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    },
  };
})();
