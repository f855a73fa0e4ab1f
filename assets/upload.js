// Sends a file as it is (raw body, so that neither side holds it in memory), shows how far it is, and can be stopped.
// A zone is drawn by components/upload.py: [data-upload-zone] with [data-upload-choose] and an empty [data-upload-state] that is ours.
(function () {
  "use strict";
  var MB = 1e6;
  var request = null;

  function element(name, look, words) {
    var made = document.createElement(name);
    if (look) { made.className = look; }
    if (words !== undefined) { made.textContent = words; }
    return made;
  }

  function stateOf(zone) { return zone.querySelector("[data-upload-state]"); }

  function clear(zone) {
    zone.removeAttribute("data-sending");
    stateOf(zone).replaceChildren();
  }

  function fail(zone, title, words) {
    clear(zone);
    var box = element("div", "failure");
    var text = element("div");
    box.setAttribute("role", "alert");
    text.append(element("p", "", ""), element("p", "", words));
    text.firstChild.append(element("b", "", title));
    box.append(element("span", "ic ic-warning"), text);
    stateOf(zone).append(box);
  }

  function megabytes(bytes) { return (bytes / MB).toFixed(bytes < 10 * MB ? 1 : 0); }

  function showProgress(zone, file) {
    zone.setAttribute("data-sending", "true");
    var box = element("div", "sending");
    var bar = element("progress");
    var words = element("p", "", "Sending " + file.name);
    var cancel = element("button", "btn", "Cancel");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", "Sending " + file.name);
    words.setAttribute("role", "status");
    cancel.type = "button";
    cancel.setAttribute("data-upload-cancel", "true");
    box.append(words, bar, cancel);
    stateOf(zone).replaceChildren(box);
    var started = Date.now();
    return function (loaded, total) {
      bar.value = total ? loaded / total : 0;
      var seconds = (Date.now() - started) / 1000;
      var left = loaded && seconds > 1 ? Math.round((total - loaded) * seconds / loaded) : null;
      words.textContent = loaded >= total
        ? file.name + " has arrived. Looking at it."
        : "Sending " + file.name + ": " + megabytes(loaded) + " of " + megabytes(total) + " MB" + (left ? ", " + left + " s left" : "");
    };
  }

  function go(address) {
    window.history.pushState({}, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }

  function told(body) {
    try {
      var error = JSON.parse(body).error;
      return [error.title, [error.detail, error.fix].filter(Boolean).join(" ")];
    } catch (failure) {
      return ["The file could not be sent.", "The service gave no readable answer. Send it again."];
    }
  }

  function send(zone, files) {
    if (request) { return; }
    var file = files[0];
    var limit = Number(zone.getAttribute("data-limit-mb"));
    if (files.length > 1) { return fail(zone, "One file at a time.", files.length + " were dropped. Choose the one to begin with."); }
    if (!file) { return fail(zone, "This is not a file.", "Drop a CSV or Excel file from a folder."); }
    if (!file.size) { return fail(zone, "The file is empty.", file.name + " has no bytes. Export it again."); }
    if (file.size > limit * 1048576) {
      return fail(zone, "The file is too large.", file.name + " has " + megabytes(file.size) + " MB; at most " + limit + " MB can be sent. Split it, or leave columns out.");
    }
    var show = showProgress(zone, file);
    request = new XMLHttpRequest();
    request.open("POST", "/api/v1/uploads?wait=0");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-Filename", encodeURIComponent(file.name));
    request.upload.onprogress = function (event) { show(event.loaded, event.total || file.size); };
    request.onload = function () {
      var answer = request;
      request = null;
      if (answer.status !== 201) { return fail.apply(null, [zone].concat(told(answer.responseText))); }
      clear(zone);
      return go("/data?upload=" + encodeURIComponent(JSON.parse(answer.responseText).upload_id));
    };
    request.onerror = function () {
      request = null;
      fail(zone, "The file could not be sent.", "The connection broke, or the file changed meanwhile. Nothing of it was kept. Send it again.");
    };
    request.onabort = function () {
      request = null;
      clear(zone);
    };
    request.send(file);
  }

  function choose(zone) {
    var input = element("input");
    input.type = "file";
    input.accept = ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods,.gz,.xz,.zip";
    input.hidden = true;
    input.setAttribute("data-upload-input", "true");
    input.addEventListener("change", function () {
      if (input.files.length) { send(zone, input.files); }
      input.remove();
    });
    document.querySelectorAll("[data-upload-input]").forEach(function (left) { left.remove(); });
    document.body.append(input);
    input.click();
  }

  function zoneOf(event) { return event.target.closest ? event.target.closest("[data-upload-zone]") : null; }

  document.addEventListener("click", function (event) {
    var zone = zoneOf(event);
    if (!zone) { return; }
    if (event.target.closest("[data-upload-choose]")) { choose(zone); }
    if (event.target.closest("[data-upload-cancel]") && request) { request.abort(); }
  });
  ["dragover", "dragleave", "drop"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      event.preventDefault(); // a file dropped beside the zone must not replace the page
      var zone = zoneOf(event);
      document.querySelectorAll("[data-upload-zone]").forEach(function (each) { each.toggleAttribute("data-over", name === "dragover" && each === zone); });
      if (name === "drop" && zone) { send(zone, event.dataTransfer.files); }
    });
  });
  window.addEventListener("beforeunload", function (event) { if (request) { event.preventDefault(); } });
})();
