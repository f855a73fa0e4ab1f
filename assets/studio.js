// The menu of scenarios ticks the features it stands for; ticking them by hand shows which scenario that is, or "own choice".
(function () {
  "use strict";
  function same(one, other) {
    return one.length === other.length && one.every(function (name) { return other.includes(name); });
  }

  // Words need the one method that takes them; without words it is back to the usual one.
  function fitting(method, hasWords) {
    if (hasWords && method === "kmeans") { return "mixed"; }
    return !hasWords && method === "mixed" ? "kmeans" : window.dash_clientside.no_update;
  }

  function followScenario(features, scenario, method, known) {
    var keep = window.dash_clientside.no_update;
    var cause = window.dash_clientside.callback_context.triggered_id;
    var chosen = features || [];
    var isMenu = cause && cause.name === "scenario";
    if (isMenu && known.features[scenario]) {
      chosen = known.features[scenario];
      var hasWords = chosen.some(function (name) { return known.categories.includes(name); });
      return [chosen, keep, fitting(method, hasWords), known.notes[scenario]];
    }
    if (isMenu || (cause && cause.name === "method")) { return [keep, keep, keep, known.notes[scenario] || ""]; }
    var found = Object.keys(known.features).find(function (name) { return same(chosen, known.features[name]); }) || "own";
    return [keep, found === scenario ? keep : found, keep, known.notes[found]];
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.clientele = Object.assign({}, window.dash_clientside.clientele, { followScenario: followScenario });
})();
