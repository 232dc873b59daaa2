/* Pick lists with search for <select data-picklist>: long lists of units, managers, products. */
(function () {
  "use strict";
  function dress(root) {
    if (typeof TomSelect === "undefined") return;
    root.querySelectorAll("select[data-picklist]").forEach(function (select) {
      if (select.tomselect) return;
      new TomSelect(select, {
        maxOptions: null,
        allowEmptyOption: !select.multiple,
        plugins: select.multiple ? ["remove_button"] : [],
        hidePlaceholder: true,
        render: { no_results: function () { var none = document.createElement("div"); none.className = "no-results"; none.textContent = window.bankcrm.words.none; return none; } }
      });
    });
  }
  dress(document);
  document.body.addEventListener("htmx:load", function (event) { dress(event.detail.elt.parentNode || document); });
})();
