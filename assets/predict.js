// The values of the form stand in the address while one types, without a page being asked for: a copied link brings them back.
(function () {
  "use strict";
  function keepAddress(address) {
    if (address && window.location.pathname + window.location.search !== address && address.startsWith(window.location.pathname)) {
      window.history.replaceState(window.history.state, "", address);
    }
    return window.dash_clientside.no_update;
  }

  // Of several answers on their way an older one may come last: then the values as they stand are asked again.
  function checkAnswered(typed, values, ids) {
    var isOlder = typed && ids.some(function (id, place) { return typed[id.name] !== (values[place] || ""); });
    if (isOlder) { window.dash_clientside.set_props("predict-nudge", { data: Date.now() }); }
    return window.dash_clientside.no_update;
  }

  function keepQuestions(questions) {
    if (!questions.length || window.location.pathname !== "/predict") { return window.dash_clientside.no_update; }
    var words = new URLSearchParams({ dataset: questions[0].dataset, view: "drivers" });
    questions.forEach(function (asked) {
      words.set(asked.category ? "number" : "column", asked.number);
      if (asked.category) { words.set("category", asked.category); }
    });
    return keepAddress(window.location.pathname + "?" + words);
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.clientele = Object.assign({}, window.dash_clientside.clientele, {
    keepAddress: keepAddress, keepQuestions: keepQuestions, checkAnswered: checkAnswered,
  });
})();
