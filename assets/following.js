// A page that follows its filter in place: the answer is asked for, what is in sight is drawn first, the rest when there is time for it.
(function () {
  "use strict";
  var AT_ONCE_MS = 40; // of drawing what is out of sight: a click or a key waits no longer
  var asking = null, tables = {};
  var api = function () { return window.dash_clientside; };
  var now = function () { return window.clienteleFilters.now(); };

  function pageShown() { return document.querySelector("[data-follows]"); }
  function follow(filter) {
    var page = pageShown();
    performance.mark("clientele-filter-start");
    ask(page, filter);
    page.setAttribute("aria-busy", "true");
    page.classList.add("waits");
  }

  // A callback of Dash, called in its own words but without its rounds through the whole page, which took longer than the answer.
  function ask(page, filter) {
    if (asking) { asking.abort(); }
    asking = new AbortController();
    var shown = { dataset: page.dataset.dataset, run: page.dataset.run || null, box: page.dataset.box || null };
    fetch("/_dash-update-component", {
      method: "POST", headers: { "Content-Type": "application/json" }, signal: asking.signal, body: JSON.stringify({
        output: "filter-answer.data", outputs: { id: "filter-answer", property: "data" }, changedPropIds: ["filter-now.data"],
        inputs: [{ id: "filter-now", property: "data", value: filter }], state: [{ id: "overview-shown", property: "data", value: shown }],
      }),
    }).then(read, function () { return null; }).then(function (told) {
      if (!told || page !== pageShown()) { return; } // nothing, or another page has come meanwhile
      var answer = told.response && told.response["filter-answer"];
      if (answer) { show(page, JSON.parse(answer.data)); }
      if (told.sideUpdate) { refuse(page, told.sideUpdate); }
    }).catch(function (error) {
      if (error.name !== "AbortError") { throw error; }
    });
  }
  // Where nobody answers, connection.js waits; whatever else is wrong is told by the page drawn anew.
  function read(answered) {
    if (answered.ok) { return answered.json(); }
    if (answered.status !== 502 && answered.status !== 504) { location.reload(); }
    return null;
  }
  // What was wrong is told as a notice; nothing is on its way any more.
  function refuse(page, updates) {
    Object.entries(updates).forEach(function (pair) { api().set_props(pair[0], pair[1]); });
    page.removeAttribute("aria-busy");
    page.classList.remove("waits");
  }

  // An answer to an older question is let go.
  function show(page, answer) {
    if (answer.filter !== now()) { return; }
    var cards = answer.charts.map(function (chart) { return { chart: chart, place: cardOf(chart.name) }; }).filter(function (each) { return each.place; });
    var inSight = cards.filter(function (each) { return isInSight(each.place); }); // looked for before anything changes: then nothing is laid out for it
    page.classList.remove("waits");
    Object.entries(answer.parts).forEach(function (pair) { window.clienteleParts.show(document.getElementById(pair[0]), pair[1]); });
    inSight.forEach(redraw);
    afterPaint(function () {
      performance.mark("clientele-filter-end");
      performance.measure("clientele-filter", "clientele-filter-start", "clientele-filter-end");
      redrawLater(page, cards.filter(function (each) { return !inSight.includes(each); }), answer.filter);
    });
  }
  function cardOf(name) { return document.querySelector('.card[data-chart="' + CSS.escape(name) + '"]'); }
  function isInSight(place) {
    var box = place.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  }
  function afterPaint(then) { requestAnimationFrame(function () { setTimeout(then, 0); }); }
  function write(type, name, part) { window.clienteleParts.show(document.getElementById(JSON.stringify({ name: name, type: type })), part); }
  function redraw(each) {
    var chart = each.chart;
    window.clienteleRedraw(chart.graph, chart.figure);
    if (chart.map) { window.clienteleRedraw(chart.graph + "-map", chart.map); }
    each.place.querySelectorAll("[role=img]").forEach(function (told) { told.setAttribute("aria-label", chart.told); });
    ["say", "note", "legend"].forEach(function (what) { write("chart-" + what, chart.name, chart[what]); });
  }
  function redrawLater(page, cards, filter) {
    if (filter !== now() || page !== pageShown()) { return; }
    if (cards.length) {
      var begun = performance.now();
      do { redraw(cards.shift()); } while (cards.length && performance.now() - begun < AT_ONCE_MS);
      setTimeout(function () { redrawLater(page, cards, filter); }, 0);
      return;
    }
    afterPaint(function () { afterPaint(function () {
      if (filter !== now() || page !== pageShown()) { return; }
      page.removeAttribute("aria-busy");
      askForTables();
    }); });
  }

  // ---- the data behind a chart: asked for once, however many are opened together
  var tablesWait = 0;
  function askForTables() {
    clearTimeout(tablesWait);
    tablesWait = setTimeout(function () {
      var names = Array.from(document.querySelectorAll("details.chart-data[open]"), function (each) { return each.dataset.chart; });
      if (names.length) { api().set_props("tables-asked", { data: { names: names, filter: now() } }); }
    }, 20);
  }
  document.addEventListener("toggle", function (event) {
    if (event.target.matches && event.target.matches("[data-follows] details.chart-data")) { askForTables(); }
  }, true);

  window.clienteleFollowing = { follow: follow, table: function (name) { return tables[name]; } };
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.clientele = Object.assign({}, window.dash_clientside.clientele, {
    showTables: function (answer) {
      if (!answer || answer.filter !== now()) { return api().no_update; }
      Object.entries(answer.tables).forEach(function (pair) {
        tables[pair[0]] = pair[1].csv;
        write("chart-table", pair[0], pair[1].table);
      });
      return answer.filter;
    },
  });
})();
