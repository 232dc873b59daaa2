/* The search box: Ctrl-K (or /) opens it, results come as you type, arrows choose, Enter opens, Escape closes. */
(function () {
  "use strict";
  var host = document.getElementById("search-host");
  if (!host) return;
  var input = host.querySelector("input[type=search]");
  var results = document.getElementById("search-results");
  var before = null;
  var place = -1;

  function hits() { return Array.prototype.slice.call(results.querySelectorAll("a.hit")); }
  function choose(index) {
    var all = hits();
    if (!all.length) { place = -1; input.removeAttribute("aria-activedescendant"); return; }
    place = (index + all.length) % all.length;
    all.forEach(function (hit, i) {
      hit.classList.toggle("on", i === place);
      hit.setAttribute("aria-selected", String(i === place));
      hit.id = "hit-" + i;
    });
    input.setAttribute("aria-activedescendant", "hit-" + place);
    all[place].scrollIntoView({ block: "nearest" });
  }
  function open() {
    before = document.activeElement;
    host.classList.add("open");
    input.focus(); input.select();
  }
  function close() {
    host.classList.remove("open");
    if (before && document.contains(before)) before.focus();
  }

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-search-open]")) { event.preventDefault(); open(); }
    else if (event.target === host || event.target.closest("[data-search-close]")) close();
  });
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
    else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); open(); }
    else if (!host.classList.contains("open")) return;
    else if (event.key === "Escape") close();
    else if (event.key === "Tab") window.bankcrm.keepFocusInside(event, host);
  });
  input.addEventListener("keydown", function (event) {
    if (event.isComposing) return; // the Enter that ends a pinyin input is not a choice
    if (event.key === "ArrowDown") { event.preventDefault(); choose(place + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); choose(place - 1); }
    else if (event.key === "Enter" && place >= 0 && hits()[place]) { event.preventDefault(); hits()[place].click(); }
  });
  results.addEventListener("htmx:afterSwap", function () { choose(0); });
})();
