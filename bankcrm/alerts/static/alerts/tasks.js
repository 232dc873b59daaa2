/* The desk of tasks: one box that ticks all of the page. Without this file each task is ticked by itself. */
(function () {
  "use strict";
  document.addEventListener("change", function (event) {
    var name = event.target.dataset ? event.target.dataset.checkAll : "";
    if (!name) return;
    document.querySelectorAll("input[type=checkbox][name='" + name + "']").forEach(function (box) {
      box.checked = event.target.checked;
    });
  });
})();
