/* The list's selection. It lives as long as the page is open, over its pages of rows; nothing is stored. */
(function () {
  "use strict";
  var picked = new Set();

  function boxes() { return Array.prototype.slice.call(document.querySelectorAll("[data-pick]")); }
  function show() {
    var all = boxes();
    all.forEach(function (box) {
      box.checked = picked.has(box.dataset.pick);
      box.closest("tr").classList.toggle("picked", box.checked);
    });
    var whole = document.querySelector("[data-pick-page]");
    if (whole) {
      var chosen = all.filter(function (box) { return box.checked; }).length;
      whole.checked = all.length > 0 && chosen === all.length;
      whole.indeterminate = chosen > 0 && chosen < all.length;
    }
    var bar = document.querySelector("[data-pick-bar]");
    if (!bar) return;
    bar.hidden = picked.size === 0;
    var words = document.querySelector("[data-pick-words]");
    bar.querySelector("[data-pick-count]").textContent = words.dataset.picked.replace("{count}", String(picked.size));
  }
  function pick(box, on) { if (on) picked.add(box.dataset.pick); else picked.delete(box.dataset.pick); }

  document.addEventListener("change", function (event) {
    var target = event.target;
    if (target.matches("[data-pick]")) { pick(target, target.checked); show(); }
    else if (target.matches("[data-pick-page]")) { boxes().forEach(function (box) { pick(box, target.checked); }); show(); }
    else if (target.matches("[data-go]")) location.assign(target.value);
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-pick-clear]")) { picked.clear(); show(); }
  });
  document.addEventListener("submit", function (event) {
    // An address says only what it asks for.
    if (!event.target.matches("[data-skip-empty]")) return;
    Array.prototype.forEach.call(event.target.elements, function (field) { if (field.name && !field.value) field.disabled = true; });
    window.setTimeout(function () {
      Array.prototype.forEach.call(event.target.elements, function (field) { field.disabled = false; });
    }, 0);
  });
  document.body.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.elt.hasAttribute("data-pick-export")) event.detail.parameters.ids = Array.from(picked).join(",");
  });
  document.body.addEventListener("htmx:afterSettle", show);
  show();
})();
