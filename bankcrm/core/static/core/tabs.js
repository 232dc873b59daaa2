/* A row of tabs stays one line: those that do not fit stand in a menu behind a button, in the same order. Without this
   script the row scrolls. The menu is a disclosure: the button opens it, arrows walk it, Escape closes it. */
(function () {
  "use strict";

  function made(nav) {
    var box = nav.querySelector(".more-tabs");
    if (box) return box;
    box = document.createElement("div");
    box.className = "more-tabs";
    var button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    var menu = document.createElement("div");
    menu.className = "more-menu";
    menu.id = "more-" + Math.random().toString(36).slice(2);
    menu.hidden = true;
    button.setAttribute("aria-controls", menu.id);
    box.appendChild(button); box.appendChild(menu);
    nav.appendChild(box);
    nav.classList.add("fitted");
    return box;
  }
  function label(nav, box) {
    var active = box.querySelector(".more-menu a[aria-current]");
    var button = box.querySelector("button");
    button.textContent = active ? nav.dataset.more + " · " + active.textContent.trim() : nav.dataset.more;
    button.classList.toggle("on", Boolean(active));
  }
  function fit(nav) {
    var box = made(nav), menu = box.querySelector(".more-menu");
    while (menu.firstElementChild) nav.insertBefore(menu.firstElementChild, box);
    toggle(box, false);
    box.hidden = true;
    if (nav.scrollWidth <= nav.clientWidth) return;
    box.hidden = false;
    label(nav, box);
    while (nav.scrollWidth > nav.clientWidth && box.previousElementSibling) {
      menu.insertBefore(box.previousElementSibling, menu.firstElementChild);
      label(nav, box);
    }
  }
  function fitAll() {
    document.querySelectorAll("nav.tabs[data-more]").forEach(fit);
  }
  function toggle(box, open) {
    box.querySelector(".more-menu").hidden = !open;
    box.querySelector("button").setAttribute("aria-expanded", String(open));
  }
  function step(box, event) {
    var links = Array.prototype.slice.call(box.querySelectorAll(".more-menu a"));
    var place = links.indexOf(document.activeElement);
    var next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: links.length - 1 }[event.key];
    if (next === undefined) return;
    toggle(box, true);
    links[(next + links.length) % links.length].focus();
    event.preventDefault();
  }

  document.addEventListener("click", function (event) {
    var hit = event.target.closest(".more-tabs");
    document.querySelectorAll(".more-tabs").forEach(function (box) {
      var opens = box === hit && event.target.closest("button") && box.querySelector(".more-menu").hidden;
      toggle(box, Boolean(opens));
    });
  });
  document.addEventListener("keydown", function (event) {
    var box = event.target.closest && event.target.closest(".more-tabs");
    if (!box) return;
    if (event.key === "Escape") { toggle(box, false); box.querySelector("button").focus(); }
    else step(box, event);
  });
  document.addEventListener("focusout", function (event) {
    var box = event.target.closest && event.target.closest(".more-tabs");
    if (box && event.relatedTarget && !box.contains(event.relatedTarget)) toggle(box, false);
  });
  window.addEventListener("resize", fitAll);
  window.addEventListener("load", fitAll);
  document.addEventListener("htmx:oobAfterSwap", fitAll);
  document.addEventListener("htmx:afterSettle", fitAll);
  fitAll();
}());
