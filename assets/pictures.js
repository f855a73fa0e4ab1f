// What is behind a chart as files: its numbers as CSV, the chart with its words as PNG or SVG. Nothing leaves the machine.
(function () {
  "use strict";
  var EDGE = 20, LINE = 18, SCALE = 2;
  var fonts = null;

  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function escape(text) { return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;"); }

  function save(blob, name) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }
  function nameOf(card, kind) {
    var words = card.querySelector("h2").textContent.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60);
    return (words || "chart") + "." + kind;
  }

  // A picture drawn from SVG knows no fonts of the page: the page's own is put into it.
  function font() {
    fonts = fonts || fetch("/assets/fonts/inter-latin-wght-normal.woff2").then(function (answer) { return answer.blob(); }).then(function (blob) {
      return new Promise(function (done) {
        var reader = new FileReader();
        reader.onload = function () {
          done("@font-face{font-family:'Inter Variable';font-weight:100 900;src:url(" + reader.result + ") format('woff2')}");
        };
        reader.readAsDataURL(blob);
      });
    }).catch(function () { return ""; });
    return fonts;
  }

  function wrap(text, width, size, weight) {
    var pen = document.createElement("canvas").getContext("2d");
    pen.font = weight + " " + size + "px 'Inter Variable', system-ui, sans-serif";
    var lines = [], line = "";
    text.split(/\s+/).forEach(function (word) {
      var next = line ? line + " " + word : word;
      if (line && pen.measureText(next).width > width) { lines.push(line); line = word; } else { line = next; }
    });
    return line ? lines.concat(line) : lines;
  }
  function written(lines, x, y, size, weight, colour) {
    return lines.map(function (line, number) {
      return '<text x="' + x + '" y="' + (y + number * LINE) + '" font-size="' + size + '" font-weight="' + weight + '" fill="' + colour + '">'
        + escape(line) + "</text>";
    }).join("");
  }

  // Each drawing at its place in the card, with the words around it.
  function compose(card) {
    var graphs = Array.from(card.querySelectorAll(".js-plotly-plot"));
    var box = card.querySelector(".ctry, .ch").getBoundingClientRect();
    var width = Math.round(box.width) + 2 * EDGE, inner = box.width;
    var title = wrap(card.querySelector("h2").textContent, inner, 14, 620);
    var say = wrap(card.querySelector(".say").textContent, inner, 13, 400);
    var note = wrap(card.querySelector(".note").textContent, inner, 11.5, 400);
    var top = EDGE + (title.length + say.length) * LINE + 10;
    var height = Math.round(top + box.height + 10 + note.length * LINE + EDGE);
    return Promise.all([font()].concat(graphs.map(function (graph) {
      var size = graph.getBoundingClientRect();
      var asked = { format: "svg", width: Math.round(size.width), height: Math.round(size.height), imageDataOnly: true };
      return window.Plotly.toImage(graph, asked).then(function (svg) {
        var plain = svg.startsWith("<") ? svg : decodeURIComponent(svg.replace(/^data:image\/svg\+xml,/, ""));
        return plain.replace("<svg ", '<svg x="' + (EDGE + size.left - box.left) + '" y="' + (top + size.top - box.top) + '" ');
      });
    }))).then(function (parts) {
      var body = token("--bs-body-color"), second = token("--bs-secondary-color"), third = token("--bs-tertiary-color");
      var svg = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="' + width + '" height="' + height
        + '" viewBox="0 0 ' + width + " " + height + '" font-family="Inter Variable, Inter, system-ui, sans-serif"><style>' + parts[0] + "</style>"
        + '<rect width="100%" height="100%" fill="' + token("--cl-surface") + '"/>'
        + written(title, EDGE, EDGE + 12, 14, 620, body)
        + written(say, EDGE, EDGE + 12 + title.length * LINE, 13, 400, second)
        + parts.slice(1).join("")
        + written(note, EDGE, top + box.height + 10 + 12, 11.5, 400, third) + "</svg>";
      return { svg: svg, width: width, height: height };
    });
  }
  function asPng(picture) {
    return new Promise(function (done, fail) {
      var image = new Image();
      image.onload = function () {
        var canvas = document.createElement("canvas");
        canvas.width = picture.width * SCALE;
        canvas.height = picture.height * SCALE;
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(done, "image/png");
      };
      image.onerror = fail;
      image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(picture.svg);
    });
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.clientele = Object.assign({}, window.dash_clientside.clientele, {
    saveReport: function (answer) {
      if (answer) { save(new Blob([answer.html], { type: "text/html;charset=utf-8" }), answer.name.replace(/[\\/:*?"<>|]/g, "_")); }
      return answer ? answer.name : window.dash_clientside.no_update;
    },
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("#overview-report")) {
      window.dash_clientside.set_props("report-asked", { data: { filter: window.clienteleFilters.now(), asked: Date.now() } });
    }
    var button = event.target.closest("[data-file]");
    if (!button) { return; }
    var card = button.closest(".card"), kind = button.dataset.file;
    if (kind === "csv") {
      save(new Blob(["\ufeff" + window.clienteleFollowing.table(card.dataset.chart)], { type: "text/csv;charset=utf-8" }), nameOf(card, kind));
      return;
    }
    compose(card).then(function (picture) {
      return kind === "svg" ? new Blob([picture.svg], { type: "image/svg+xml" }) : asPng(picture);
    }).then(function (blob) { save(blob, nameOf(card, kind)); });
  });
})();
