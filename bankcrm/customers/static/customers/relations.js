/* The graph of relations: draws the JSON beside #relation-graph with cytoscape, which is fetched only when there is one.
   A click on a customer that the reader may see opens its page. */
(function () {
  "use strict";
  var COLOURS = { control: "#1f4e79", office: "#4a90b8", kin: "#8a5a83", guarantee: "#c0673f", employment: "#5b8a72", trade: "#b7791f", other: "#7a8592" };
  var ANY = "00000000000";

  function withCytoscape(address, then) {
    if (window.cytoscape) { then(); return; }
    // Cytoscape would write a style element of its own, which the content policy refuses; detail.css has what it says.
    if (!document.getElementById("__________cytoscape_stylesheet")) {
      var mark = document.createElement("meta");
      mark.id = "__________cytoscape_stylesheet";
      document.head.appendChild(mark);
    }
    var script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", then);
    document.head.appendChild(script);
  }
  function elements(data, at) {
    var nodes = data.nodes.map(function (node) {
      return { data: { id: node.id, label: node.name, number: node.number }, classes: (node.subject ? "subject " : "") + node.kind + (node.number ? " open" : " closed") + (at[node.id].y < -100 ? " above" : "") };
    });
    var edges = data.edges.map(function (edge, index) {
      return { data: { id: "e" + index, source: edge.source, target: edge.target, label: edge.label, colour: COLOURS[edge.ground] || COLOURS.other, width: edge.control ? 3 : 1.5 }, classes: edge.label.indexOf("\n") < 0 ? "along" : "" };
    });
    return nodes.concat(edges);
  }
  function style(family) {
    return [
      { selector: "node", style: { "background-color": "#ffffff", "border-width": 1.5, "border-color": "#7f9fbd", width: 26, height: 26, label: "data(label)", "font-size": 11, "font-family": family, color: "#1d2733", "text-valign": "bottom", "text-margin-y": 4, "text-wrap": "wrap", "text-max-width": 110, "text-background-color": "#ffffff", "text-background-opacity": 0.9, "text-background-padding": 1, "z-index": 2 } },
      { selector: "node.above", style: { "text-valign": "top", "text-margin-y": -4 } },
      { selector: "node.organisation", style: { shape: "round-rectangle", width: 34, height: 24 } },
      { selector: "node.crowd", style: { shape: "round-rectangle", width: 40, height: 26, "border-style": "double", "border-width": 4 } },
      { selector: "node.unknown", style: { "border-style": "dashed", "border-color": "#a8b2bd" } },
      { selector: "node.closed", style: { color: "#5b6776" } },
      { selector: "node.subject", style: { "background-color": "#1f4e79", "border-color": "#1f4e79", "font-weight": "bold" } },
      { selector: "edge", style: { width: "data(width)", "line-color": "data(colour)", "target-arrow-color": "data(colour)", "target-arrow-shape": "triangle", "arrow-scale": 0.8, "curve-style": "bezier", label: "data(label)", "font-size": 10, "font-family": family, color: "#3c4855", "text-background-color": "#ffffff", "text-wrap": "wrap", "text-background-opacity": 0.9, "text-background-padding": 2 } },
      { selector: "edge.along", style: { "text-rotation": "autorotate" } }
    ];
  }
  /* Who stands above holds; who stands below is held; kin, officers and the like stand beside. */
  function levels(data) {
    var level = {}, subject = data.nodes.filter(function (node) { return node.subject; })[0].id;
    level[subject] = 0;
    for (var round = 0; round < data.nodes.length; round += 1) {
      data.edges.forEach(function (edge) {
        if (edge.ground !== "control") return;
        if (edge.target in level && !(edge.source in level)) level[edge.source] = level[edge.target] - 1;
        else if (edge.source in level && !(edge.target in level)) level[edge.target] = level[edge.source] + 1;
      });
      data.edges.forEach(function (edge) {
        if (edge.target === subject && !(edge.source in level)) level[edge.source] = 0;
        if (edge.source === subject && !(edge.target in level)) level[edge.target] = 0;
      });
    }
    return level;
  }
  function places(data) {
    var level = levels(data), rows = {}, at = {};
    data.nodes.forEach(function (node) {
      var row = level[node.id] || 0;
      (rows[row] = rows[row] || []).push(node);
    });
    Object.keys(rows).forEach(function (row) {
      var beside = rows[row].filter(function (node) { return !node.subject; });
      if (Number(row) === 0) {
        at[data.nodes.filter(function (node) { return node.subject; })[0].id] = { x: 0, y: 0 };
        beside.forEach(function (node, index) {
          var side = index % 2 ? 1 : -1, step = Math.floor(index / 2);
          at[node.id] = { x: side * (240 + Math.floor(step / 3) * 160), y: ((step % 3) - 1) * 62 };
        });
        return;
      }
      var perRow = Math.max(5, Math.ceil(Math.sqrt(beside.length) * 2));
      beside.forEach(function (node, index) {
        var line = Math.floor(index / perRow), inLine = Math.min(perRow, beside.length - line * perRow);
        var down = Number(row) * 180 + (Number(row) < 0 ? -line : line) * 95;
        at[node.id] = { x: ((index % perRow) - (inLine - 1) / 2) * 165, y: down };
      });
    });
    return at;
  }
  function draw(box) {
    var data = JSON.parse(document.getElementById(box.dataset.graph).textContent), at = places(data);
    var view = window.cytoscape({
      container: box, elements: elements(data, at), style: style(getComputedStyle(document.body).fontFamily),
      layout: { name: "preset", positions: function (node) { return at[node.id()]; }, fit: true, padding: 28 },
      minZoom: 0.3, maxZoom: 2
    });
    if (view.zoom() > 1.15) { view.zoom(1.15); view.center(); }
    view.on("tap", "node.open", function (event) {
      if (!event.target.hasClass("subject")) location.assign(box.dataset.address.replace(ANY, event.target.data("number")));
    });
    view.on("mouseover", "node.open", function () { box.classList.add("can-open"); });
    view.on("mouseout", "node.open", function () { box.classList.remove("can-open"); });
  }
  function drawAll() {
    var box = document.getElementById("relation-graph");
    if (!box || box.dataset.drawn) return;
    box.dataset.drawn = "1";
    withCytoscape(box.dataset.cytoscape, function () { draw(box); });
  }
  drawAll();
  document.body.addEventListener("htmx:load", drawAll);
})();
