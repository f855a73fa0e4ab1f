// Sends a file as it is (raw body, so that neither side holds it in memory), shows how far it is, and can be stopped.
// A zone is drawn by components/upload.py: [data-upload-zone] with [data-upload-choose] and an empty [data-upload-state] that is ours.
// Pages come and go meanwhile: what is on its way is kept here and drawn into whichever zone stands there.
(function () {
  "use strict";
  var MB = 1e6;
  var NO_TABLE = /^(image|video|audio|font)\/|^application\/pdf$/;
  var sending = null; // the request, its file, how much of it has gone, since when
  var missed = null; // what went wrong while no zone was there to say it
  var DATA = "/data?upload=";
  var arrived = {}; // by where a zone leads: the address for its file, which came while another page was shown

  function element(name, look, words) {
    var made = document.createElement(name);
    if (look) { made.className = look; }
    if (words !== undefined) { made.textContent = words; }
    return made;
  }

  function theZone() { return document.querySelector("[data-upload-zone]"); }

  function goesOf(zone) { return zone.getAttribute("data-upload-goes") || DATA; }

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

  function drawProgress(zone) {
    var name = "Sending " + sending.file.name;
    var box = element("div", "sending");
    var bar = element("progress");
    var words = element("p", "", name);
    var cancel = element("button", "btn", "Cancel");
    bar.max = 1;
    bar.setAttribute("aria-label", name);
    words.setAttribute("role", "status");
    cancel.type = "button";
    cancel.setAttribute("data-upload-cancel", "true");
    box.append(words, bar, cancel);
    zone.setAttribute("data-sending", "true");
    stateOf(zone).replaceChildren(box);
    showProgress(zone);
  }

  function showProgress(zone) {
    var state = stateOf(zone);
    state.querySelector("progress").value = sending.loaded / sending.total;
    state.querySelector("p").textContent = toldOf(sending);
  }

  function toldOf(upload) {
    if (upload.loaded >= upload.total) { return upload.file.name + " has arrived. Looking at it."; }
    var seconds = (Date.now() - upload.started) / 1000;
    var left = upload.loaded && seconds > 1 ? Math.round((upload.total - upload.loaded) * seconds / upload.loaded) : null;
    return "Sending " + upload.file.name + ": " + Math.floor(100 * upload.loaded / upload.total) + "%, " + megabytes(upload.loaded)
      + " of " + megabytes(upload.total) + " MB" + (left ? ", " + left + " s left" : "");
  }

  function follow() {
    var zone = theZone();
    if (!zone) { return; }
    if (sending && !zone.hasAttribute("data-sending")) { drawProgress(zone); }
    if (!sending && missed) {
      fail(zone, missed[0], missed[1]);
      missed = null;
    }
    if (!sending && arrived[goesOf(zone)]) { go(take(goesOf(zone))); }
  }

  function end(wrong) {
    var zone = theZone();
    sending = null;
    missed = wrong || null;
    if (zone) { clear(zone); }
    follow();
    return zone;
  }

  function take(goes) {
    var address = arrived[goes];
    delete arrived[goes];
    return address;
  }

  function go(address) {
    window.clienteleParts.go(address);
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

  function unfit(file, zone) {
    var limit = Number(zone.getAttribute("data-limit-mb"));
    if (!file.size) { return ["The file is empty.", file.name + " has no bytes. Export it again."]; }
    if (NO_TABLE.test(file.type)) { return ["This is not a table.", file.name + " is a picture, film, sound or document. Choose a CSV, text or Excel file."]; }
    if (file.size > limit * 1048576) {
      return ["The file is too large.", file.name + " has " + megabytes(file.size) + " MB; at most " + limit + " MB can be sent. Split it, or leave columns out."];
    }
    return null;
  }

  function send(zone, files) {
    if (sending) { return; }
    if (files.length > 1) { return fail(zone, "One file at a time.", files.length + " were dropped. Choose the one to begin with."); }
    if (!files[0]) { return fail(zone, "This is not a file.", "Drop a CSV or Excel file from a folder."); }
    var wrong = unfit(files[0], zone);
    if (wrong) { return fail(zone, wrong[0], wrong[1]); }
    post(files[0], goesOf(zone));
    drawProgress(zone);
  }

  function post(file, goes) {
    var request = new XMLHttpRequest();
    sending = { request: request, file: file, loaded: 0, total: file.size, started: Date.now() };
    request.open("POST", "/api/v1/uploads?wait=0");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-Filename", encodeURIComponent(file.name));
    request.upload.onprogress = function (event) {
      sending.loaded = event.loaded;
      var zone = theZone();
      if (zone && zone.hasAttribute("data-sending")) { showProgress(zone); }
    };
    request.onload = function () {
      if (request.status !== 201) { return end(told(request.responseText)); }
      // Whoever is busy on another page is left there; the file waits on Data, or for them to come back to where they dropped it.
      var address = goes + encodeURIComponent(JSON.parse(request.responseText).upload_id);
      var zone = end();
      if (zone && goesOf(zone) === goes) { go(address); } else if (goes !== DATA) { arrived[goes] = address; }
    };
    request.onerror = function () {
      end(["The file could not be sent.", "The connection broke, or the file changed meanwhile. Nothing of it was kept. Send it again."]);
    };
    request.onabort = function () { end(); };
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
    if (event.target.closest("[data-upload-cancel]") && sending) { sending.request.abort(); }
  });
  ["dragover", "dragleave", "drop"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      event.preventDefault(); // a file dropped beside the zone must not replace the page
      var zone = zoneOf(event);
      document.querySelectorAll("[data-upload-zone]").forEach(function (each) { each.toggleAttribute("data-over", name === "dragover" && each === zone); });
      if (name === "drop" && zone) { send(zone, event.dataTransfer.files); }
    });
  });
  window.addEventListener("beforeunload", function (event) { if (sending) { event.preventDefault(); } });
  new MutationObserver(follow).observe(document.documentElement, { childList: true, subtree: true });
})();
