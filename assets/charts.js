// Figures come without colours of their own: "var(--token)" or "var(--token)@opacity" is looked up in the style sheet of the theme shown.
(function () {
  "use strict";
  var TOKEN = /^var\((--[a-z0-9-]+)\)(?:@([.\d]+))?$/;

  function rgba(colour, opacity) {
    var probe = document.createElement("canvas").getContext("2d");
    probe.fillStyle = colour;
    var hex = probe.fillStyle;
    var parts = [1, 3, 5].map(function (at) { return parseInt(hex.slice(at, at + 2), 16); });
    return "rgba(" + parts.join(",") + "," + opacity + ")";
  }

  function resolver() {
    var style = getComputedStyle(document.documentElement);
    function resolve(value) {
      if (typeof value === "string") {
        var found = TOKEN.exec(value);
        if (!found) { return value; }
        var colour = style.getPropertyValue(found[1]).trim();
        return found[2] ? rgba(colour, found[2]) : colour;
      }
      if (Array.isArray(value)) { return value.map(resolve); }
      if (value && typeof value === "object") {
        return Object.fromEntries(Object.entries(value).map(function (pair) { return [pair[0], resolve(pair[1])]; }));
      }
      return value;
    }
    return resolve;
  }

  // The look of every chart, once, instead of in each answer of the server.
  function template() {
    var family = "Inter Variable, Inter, system-ui, sans-serif";
    var axis = {
      showgrid: false, zeroline: false, showline: true, linecolor: "var(--cl-axis)", linewidth: 1, ticks: "", gridcolor: "var(--cl-grid)",
      tickfont: { size: 11, color: "var(--bs-tertiary-color)" }, title: { font: { size: 11, color: "var(--bs-tertiary-color)" }, standoff: 8 },
      automargin: true, fixedrange: true,
    };
    return {
      layout: {
        font: { family: family, size: 11.5, color: "var(--bs-secondary-color)" },
        paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
        colorway: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(function (n) { return "var(--seg-" + n + ")"; }),
        margin: { l: 8, r: 8, t: 18, b: 8, pad: 0 }, bargap: 0.34, barcornerradius: 2.5, boxgap: 0.45, showlegend: false,
        hovermode: "closest", dragmode: false,
        hoverlabel: {
          bgcolor: "var(--bs-body-color)", bordercolor: "rgba(0,0,0,0)", align: "left",
          font: { family: family, size: 12, color: "var(--bs-body-bg)" },
        },
        xaxis: axis,
        yaxis: Object.assign({}, axis, { showgrid: true, showline: false, nticks: 5 }),
        geo: {
          bgcolor: "rgba(0,0,0,0)", showframe: false, showcoastlines: false, showland: true, landcolor: "var(--cl-none)",
          showcountries: true, countrycolor: "var(--cl-surface)", countrywidth: 0.6, showocean: false, showlakes: false,
        },
      },
    };
  }

  // What a chart shows by now, where it was redrawn in place since its page came.
  var redrawn = {};

  function draw(spec) {
    var asked = window.dash_clientside.callback_context;
    var name = asked && asked.outputs_list && asked.outputs_list.id ? asked.outputs_list.id.name : "";
    var isTheme = asked && asked.triggered.every(function (each) { return each.prop_id.startsWith("theme."); });
    if (!isTheme) { delete redrawn[name]; }
    return figureOf(redrawn[name] || spec);
  }

  function figureOf(spec) {
    if (!spec) { return window.dash_clientside.no_update; }
    var resolve = resolver();
    var layout = Object.assign({}, spec.layout, { template: template() });
    return resolve({ data: spec.data, layout: layout });
  }

  // A figure takes the place of another without asking for its callback first.
  window.clienteleRedraw = function (name, spec) {
    redrawn[name] = spec;
    var graph = document.getElementById(JSON.stringify({ name: name, type: "chart" }));
    var place = graph && graph.querySelector(".js-plotly-plot");
    if (!place) { return; }
    var figure = figureOf(spec);
    window.Plotly.react(place, figure.data, Object.assign(figure.layout, { autosize: true }));
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    clientele: {
      draw: draw,
      // A page has come: the window is named after it, a screen reader says it, and the notice of the last page goes.
      arrive: function () {
        var title = document.querySelector("#page h1");
        document.title = title ? title.textContent + " · Clientele" : "Clientele";
        if (window.dash_clientside.set_props) { window.dash_clientside.set_props("notice", { children: null }); }
        return title ? title.textContent : "";
      },
      theme: function (clicks) { return clicks ? window.clienteleTheme.toggle() : window.clienteleTheme.now(); },
    },
  });
  window.addEventListener("clientele-theme", function (event) {
    if (window.dash_clientside.set_props) { window.dash_clientside.set_props("theme", { data: event.detail }); }
  });
})();
