// The filter of a page stands in its address as text: "country:France|Spain;age:25..35". Whatever has data-pick (a mark's choice), data-drop,
// data-range or a chart's picks edits that text; the page shown then follows in place, or is drawn anew where it cannot.
(function () {
  "use strict";
  var lastKey = keyOf(location);
  var api = function () { return window.dash_clientside; };

  // ---- the text
  function read(text) {
    var found = new Map();
    (text || "").split(";").filter(Boolean).forEach(function (part) {
      var at = part.indexOf(":");
      found.set(part.slice(0, at), part.slice(at + 1).split("|"));
    });
    return found;
  }
  function write(conditions) {
    return Array.from(conditions, function (pair) { return pair[0] + ":" + pair[1].join("|"); }).join(";");
  }
  function holds(conditions, pick) {
    return Array.from(read(pick)).every(function (pair) {
      var known = conditions.get(pair[0]) || [];
      return pair[1].every(function (choice) { return known.includes(choice); });
    });
  }
  function same(conditions, pick) {
    return holds(conditions, pick) && Array.from(read(pick)).every(function (pair) { return conditions.get(pair[0]).length === pair[1].length; });
  }
  // A click chooses this alone, or nothing where it was alone; with a key held down it joins or leaves what is chosen.
  function toggle(text, pick, adds) {
    var conditions = read(text), wanted = read(pick);
    var off = adds ? holds(conditions, pick) : same(conditions, pick);
    wanted.forEach(function (choices, column) {
      var known = conditions.get(column) || [];
      var next = off ? known.filter(function (choice) { return !choices.includes(choice); })
        : adds ? known.concat(choices.filter(function (choice) { return !known.includes(choice); })) : choices;
      if (next.length) { conditions.set(column, next); } else { conditions.delete(column); }
    });
    return write(conditions);
  }

  // ---- the address
  function now() { return new URLSearchParams(location.search).get("filter") || ""; }
  function keyOf(place) {
    var query = new URLSearchParams(place.search);
    query.delete("filter");
    query.sort();
    return place.pathname + "?" + query;
  }
  function addressWith(text) {
    var query = new URLSearchParams(location.search);
    query.delete("page");
    if (text) { query.set("filter", text); } else { query.delete("filter"); }
    return location.pathname + (query.size ? "?" + query : "");
  }
  function go(text) {
    if (text === now()) { return; }
    window.clienteleParts.go(addressWith(text));
  }
  // Before Dash hears of a new address: where only the filter differs and the page can follow in place, nothing is drawn anew.
  function follow(event) {
    var key = keyOf(location), frame = document.getElementById("frame");
    var isSame = key === lastKey && document.querySelector("[data-follows]") && frame && frame.dataset.busy !== "true";
    lastKey = key;
    if (!isSame) { return; }
    event.stopImmediatePropagation();
    window.clienteleFollowing.follow(now());
    press();
    carry();
    if (document.querySelector("#notice > *")) { api().set_props("notice", { children: null }); }
  }
  window.addEventListener("popstate", follow, true);
  window.addEventListener("_dashprivate_pushstate", follow, true);

  // Links to other pages take the filter along; buttons show whether they are chosen.
  function carry() {
    document.querySelectorAll("#nav-links a").forEach(function (link) {
      var to = new URL(link.href);
      if (now()) { to.searchParams.set("filter", now()); } else { to.searchParams.delete("filter"); }
      link.setAttribute("href", to.pathname + to.search);
    });
  }
  function press() {
    var conditions = read(now());
    document.querySelectorAll("[data-pick]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(holds(conditions, button.dataset.pick)));
    });
  }

  // ---- what edits it
  function rangeOf(button) {
    var ends = ["low", "high"].map(function (name) {
      return button.parentElement.querySelector("input[name=" + name + "]").value.trim().replace(/[\s,]/g, "");
    });
    if (button.dataset.whole === "true" && ends[1] !== "" && isFinite(ends[1])) { ends[1] = String(Math.floor(Number(ends[1])) + 1); }
    var fits = button.dataset.range === "@days" ? /^(\d{4}-\d\d-\d\d)?$/ : /^(-?\d+(\.\d+)?)?$/;
    var ok = ends.every(function (end) { return fits.test(end); }) && ends.join("") !== "";
    button.parentElement.classList.toggle("wrong", !ok);
    return ok ? ends.join("..") : null;
  }
  function edit(button, adds) {
    var conditions = read(now());
    if (button.dataset.pick) { return go(toggle(now(), button.dataset.pick, adds || button.classList.contains("add"))); }
    if (button.dataset.drop) {
      if (button.dataset.drop === "*") { conditions.clear(); }
      button.dataset.drop.split(" ").forEach(function (column) { conditions.delete(encode(column)); });
      return go(write(conditions));
    }
    var range = rangeOf(button);
    if (range === null) { return; }
    if (button.dataset.range === "@days") { conditions.delete("@month"); }
    conditions.set(encode(button.dataset.range), [range]);
    go(write(conditions));
  }
  function encode(column) {
    [["%", "%25"], [":", "%3A"], ["|", "%7C"], [";", "%3B"]].forEach(function (pair) { column = column.split(pair[0]).join(pair[1]); });
    return column.includes("..") ? column.split(".").join("%2E") : column;
  }
  function isAdding(event) { return Boolean(event && (event.ctrlKey || event.metaKey || event.shiftKey)); }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-pick],[data-drop],[data-range]");
    if (button) {
      edit(button, isAdding(event));
      var menu = button.closest("details.popup.period"); // one range is all there is to choose
      if (menu && !menu.querySelector(".wrong")) { menu.removeAttribute("open"); }
    }
    var asked = event.target.closest("[data-field]");
    if (asked) { api().set_props("filter-ask", { data: { column: asked.dataset.field, search: "" } }); }
    if (event.target.closest("#copy-link")) { copyLink(event.target.closest("#copy-link")); }
    document.querySelectorAll("details.popup[open]").forEach(function (menu) {
      if (!menu.contains(event.target) && document.contains(event.target)) { menu.removeAttribute("open"); }
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.matches(".pop .ends input")) { event.target.closest(".pop").querySelector("[data-range]").click(); }
    if (event.key !== "Escape") { return; }
    document.querySelectorAll("details.popup[open]").forEach(function (menu) {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
  });
  function copyLink(button) {
    function said(words) {
      var before = button.dataset.words || button.lastChild.textContent;
      button.dataset.words = before;
      button.lastChild.textContent = words;
      setTimeout(function () { button.lastChild.textContent = before; }, 2000);
    }
    if (!navigator.clipboard) { return said("Copy it from the address bar"); }
    navigator.clipboard.writeText(location.href).then(function () { said("Copied"); }, function () { said("Copy it from the address bar"); });
  }

  // ---- marks of charts
  function pickAt(point) {
    var picks = (point.data.meta || {}).picks;
    if (!picks) { return null; }
    var number = point.pointNumber;
    return Array.isArray(number) ? (picks[number[0]] || [])[number[1]] : picks[number];
  }
  // With Alt held down a click leads to the customers behind the mark; Back leads here again.
  function seeCustomers(pick) {
    var query = new URLSearchParams(location.search), conditions = read(now());
    read(pick).forEach(function (choices, column) { conditions.set(column, choices); });
    query.set("filter", write(conditions));
    window.clienteleParts.go("/customers?" + query);
  }
  function listen(graph) {
    if (graph.clienteleListens || !graph.on) { return; }
    graph.clienteleListens = true;
    graph.on("plotly_click", function (found) {
      var pick = found.points.map(pickAt).find(Boolean);
      if (pick && found.event && found.event.altKey) { return seeCustomers(pick); }
      if (pick) { go(toggle(now(), pick, isAdding(found.event))); }
    });
    graph.on("plotly_hover", function (found) { graph.classList.toggle("picks", found.points.some(pickAt)); });
    graph.on("plotly_unhover", function () { graph.classList.remove("picks"); });
  }
  function look() {
    var refused = document.querySelector("[data-refused]"); // the page shown is that of no filter: the address says so too
    if (refused) {
      history.replaceState({}, "", addressWith(""));
      refused.removeAttribute("data-refused");
      carry();
    }
    document.querySelectorAll("[data-follows] .js-plotly-plot").forEach(listen);
    document.querySelectorAll(".pop.dates input:not([type=date])").forEach(function (input) {
      input.type = "date";
      input.value = input.placeholder;
    });
    document.querySelectorAll("[data-pick]:not([aria-pressed])").forEach(function (button) {
      button.setAttribute("aria-pressed", String(holds(read(now()), button.dataset.pick)));
    });
  }
  var waits = false;
  new MutationObserver(function () {
    if (!waits) { waits = true; requestAnimationFrame(function () { waits = false; look(); }); }
  }).observe(document.documentElement, { childList: true, subtree: true });

  window.clienteleFilters = { now: now, toggle: toggle };
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.clientele = Object.assign({}, window.dash_clientside.clientele, {
    askForValues: function (search, asked) {
      return asked && search !== asked.search ? { column: asked.column, search: search || "" } : api().no_update;
    },
  });
})();
