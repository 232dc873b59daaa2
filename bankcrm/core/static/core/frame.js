/* The frame's behaviour: menu drawer, panels, messages, htmx's manners, watermark. No eval, no inline handlers:
   elements say what they are by data attributes. Plain functions that browsers of 2021 know. */
(function () {
  "use strict";
  var body = document.body;
  var words = JSON.parse(document.getElementById("frame-words").textContent);

  /* ---- left menu as a drawer on small screens ---- */
  var rail = document.getElementById("rail");
  function toggleRail(open) {
    if (!rail) return;
    rail.classList.toggle("open", open);
    document.querySelectorAll("[data-menu-toggle]").forEach(function (button) {
      button.setAttribute("aria-expanded", String(rail.classList.contains("open")));
    });
    if (rail.classList.contains("open")) { var first = rail.querySelector("a"); if (first) first.focus(); }
  }

  /* ---- panels: a link or form with data-panel loads its piece into the panel ---- */
  var host = document.getElementById("panel-host");
  var panel = host.querySelector(".panel");
  var opener = null;
  function openPanel(from) {
    opener = from || document.activeElement;
    panel.classList.toggle("wide", Boolean(from && from.dataset && from.dataset.panel === "wide"));
    host.classList.add("open");
    panel.focus();
  }
  function closePanel() {
    if (!host.classList.contains("open")) return;
    host.classList.remove("open");
    document.getElementById("panel-body").innerHTML = "";
    if (opener && document.contains(opener)) opener.focus();
  }
  function keepFocusInside(event, box) {
    var stops = Array.prototype.filter.call(
      box.querySelectorAll("a[href],button,input,select,textarea,summary,[tabindex]"),
      function (stop) { return !stop.disabled && stop.tabIndex >= 0 && stop.offsetParent !== null; });
    if (!stops.length) return;
    var last = stops[stops.length - 1];
    if (event.shiftKey && (document.activeElement === stops[0] || document.activeElement === box)) { last.focus(); event.preventDefault(); }
    else if (!event.shiftKey && document.activeElement === last) { stops[0].focus(); event.preventDefault(); }
  }

  /* ---- messages that float ---- */
  function say(text, kind) {
    var box = document.createElement("div");
    box.className = "notice " + (kind || "error");
    box.setAttribute("role", kind === "success" ? "status" : "alert");
    var words_ = document.createElement("div");
    words_.textContent = text;
    var close = document.createElement("button");
    close.type = "button"; close.className = "close-x"; close.textContent = "×";
    close.setAttribute("aria-label", words.close); close.dataset.dismiss = "";
    box.appendChild(words_); box.appendChild(close);
    document.getElementById("toasts").appendChild(box);
    if (kind === "success") window.setTimeout(function () { box.remove(); }, 5000);
  }

  document.addEventListener("click", function (event) {
    var hit = function (selector) { return event.target.closest(selector); };
    if (hit("[data-menu-toggle]")) toggleRail(!rail.classList.contains("open"));
    else if (hit(".rail-shade")) toggleRail(false);
    else if (hit("[data-panel-close]")) closePanel();
    else if (hit("[data-dismiss]")) hit("[data-dismiss]").closest(".notice").remove();
    else if (hit("[data-print]")) window.print();
    else if (hit("[data-copy]")) {
      navigator.clipboard.writeText(hit("[data-copy]").dataset.copy).then(function () { say(words.copied, "success"); });
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { closePanel(); if (rail && rail.classList.contains("open")) toggleRail(false); }
    if (event.key === "Tab" && host.classList.contains("open")) keepFocusInside(event, panel);
  });
  document.addEventListener("change", function (event) {
    var field = event.target.closest("[data-submit-on-change]");
    if (field && field.form) field.form.requestSubmit ? field.form.requestSubmit() : field.form.submit();
  });

  /* ---- htmx ---- */
  body.addEventListener("htmx:configRequest", function (event) {
    event.detail.headers["X-CSRFToken"] = body.dataset.csrf;
    // A piece that refreshes itself does not keep the session alive.
    if (event.detail.elt.hasAttribute("data-refresh")) event.detail.headers["X-Refresh"] = "true";
  });
  body.addEventListener("htmx:beforeSwap", function (event) {
    var answer = event.detail.xhr;
    // A redirect to the log-in page means that the session is over: the page itself must go there, not a piece of it.
    var login = body.dataset.login;
    if (login && answer.responseURL && new URL(answer.responseURL).pathname === login && location.pathname !== login) {
      event.detail.shouldSwap = false;
      location.assign(login + "?next=" + encodeURIComponent(location.pathname + location.search));
      return;
    }
    if (answer.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  body.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    if (status === 401) { location.reload(); return; }
    say(words["error_" + status] || (status >= 500 ? words.error_500 : words.error_400));
  });
  ["htmx:sendError", "htmx:timeout"].forEach(function (name) {
    body.addEventListener(name, function () { say(words.error_network); });
  });
  body.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id === "panel-body" && event.detail.target.innerHTML.trim()) {
      openPanel(event.detail.requestConfig && event.detail.requestConfig.elt);
      var title = event.detail.target.querySelector("[data-panel-title]");
      document.getElementById("panel-title").textContent = title ? title.dataset.panelTitle : "";
      var first = event.detail.target.querySelector("[autofocus],input:not([type=hidden]),select,textarea");
      if (first) first.focus();
    }
  });
  body.addEventListener("panel-close", closePanel); // HX-Trigger: panel-close
  body.addEventListener("say", function (event) { say(event.detail.text, event.detail.kind); });
  body.addEventListener("page-reload", function () { location.reload(); });
  var busy = document.getElementById("busy");
  var running = 0;
  body.addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.elt.matches("[data-quiet],[data-refresh]")) return;
    running += 1; busy.classList.add("on");
  });
  body.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.elt.matches("[data-quiet],[data-refresh]")) return;
    running = Math.max(0, running - 1); if (!running) busy.classList.remove("on");
  });

  /* ---- a width from data, where a style attribute is not allowed ---- */
  function setWidths(root) {
    root.querySelectorAll("[data-width]").forEach(function (bar) { bar.style.width = bar.dataset.width + "%"; });
  }
  setWidths(document);
  body.addEventListener("htmx:load", function (event) { if (event.detail.elt.querySelectorAll) setWidths(event.detail.elt); });

  /* ---- watermark: who looks, and when, behind every page ---- */
  var mark = document.getElementById("watermark");
  if (mark && mark.dataset.text) {
    var ratio = window.devicePixelRatio || 1;
    var width = Math.max(260, mark.dataset.text.length * 11), height = 130;
    var canvas = document.createElement("canvas");
    canvas.width = width * ratio; canvas.height = height * ratio;
    var pen = canvas.getContext("2d");
    pen.scale(ratio, ratio); pen.rotate(-0.35);
    pen.font = "14px " + getComputedStyle(body).fontFamily; pen.fillStyle = "#000";
    pen.fillText(mark.dataset.text, -10, height - 20);
    mark.style.backgroundImage = "url(" + canvas.toDataURL() + ")";
    mark.style.backgroundSize = width + "px " + height + "px";
  }

  window.bankcrm = { say: say, openPanel: openPanel, closePanel: closePanel, keepFocusInside: keepFocusInside, words: words };
})();
