/* Declarative charts: <div class="chart" data-chart="id"> draws the JSON in <script id="id" type="application/json">.
   {kind: line|bar|stacked|ranking|pie, categories: [...], series: [{name, values, area?}], unit, digits}
   Text is drawn on the canvas (tooltips too): no inline styles, so the content policy stays strict. */
(function () {
  "use strict";
  var PALETTE = ["#1f4e79", "#b7791f", "#5b8a72", "#8a5a83", "#4a90b8", "#c0673f", "#7a8592", "#a8a24a"];
  var axisText = { color: "#66717f", fontSize: 11 };
  var axis = { axisLine: { lineStyle: { color: "#cfd8e1" } }, axisTick: { show: false }, axisLabel: axisText };

  function number(value, digits) {
    if (value === null || value === undefined) return "–";
    return Number(value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }
  function compact(value) {
    return Number(value).toLocaleString("en-US", { maximumFractionDigits: 2 });
  }
  function tooltip(data, trigger) {
    return {
      trigger: trigger, renderMode: "richText", confine: true, backgroundColor: "#fff", borderColor: "#e3e8ee",
      textStyle: { color: "#1d2733", fontSize: 12 }, axisPointer: { lineStyle: { color: "#b4c0cc" } },
      formatter: function (points) {
        var list = Array.isArray(points) ? points : [points];
        var lines = list.map(function (point) {
          var value = Array.isArray(point.value) ? point.value[1] : point.value;
          var share = point.percent === undefined ? "" : "  " + point.percent + "%";
          return (point.seriesName && trigger === "axis" ? point.seriesName : point.name) + "  " + number(value, data.digits) + (data.unit || "") + share;
        });
        return trigger === "axis" ? list[0].axisValueLabel + "\n" + lines.join("\n") : lines.join("\n");
      }
    };
  }
  function legend(data) {
    return { show: data.series.length > 1, top: 2, right: 8, itemWidth: 14, itemHeight: 3, textStyle: { color: "#5b6776", fontSize: 11 } };
  }
  function cartesian(data) {
    var stacked = data.kind === "stacked";
    return {
      grid: { left: 10, right: 28, top: data.series.length > 1 ? 30 : 14, bottom: 6, containLabel: true },
      legend: legend(data), tooltip: tooltip(data, "axis"),
      xAxis: Object.assign({ type: "category", data: data.categories, boundaryGap: data.kind !== "line" }, axis),
      yAxis: Object.assign({}, axis, { type: "value", scale: data.kind === "line" && Boolean(data.fromData), splitLine: { lineStyle: { color: "#eef1f4" } }, axisLine: { show: false }, axisLabel: Object.assign({ formatter: compact }, axisText) }),
      series: data.series.map(function (series, index) {
        return {
          name: series.name, data: series.values, color: series.color || PALETTE[index % PALETTE.length],
          type: data.kind === "line" ? "line" : "bar", stack: stacked ? "all" : undefined, barMaxWidth: 26,
          symbol: "circle", symbolSize: 4, connectNulls: false, step: series.step || false,
          areaStyle: series.area ? { opacity: 0.07 } : undefined
        };
      })
    };
  }
  function ranking(data) {
    return {
      grid: { left: 8, right: 64, top: 6, bottom: 6, containLabel: true }, tooltip: tooltip(data, "axis"), legend: { show: false },
      xAxis: { type: "value", show: false },
      yAxis: Object.assign({ type: "category", inverse: true, data: data.categories }, axis, { axisLine: { show: false }, axisLabel: { color: "#1d2733", fontSize: 12 } }),
      series: [{
        name: data.series[0].name, type: "bar", barMaxWidth: 14, data: data.series[0].values.map(function (value) {
          return { value: value, itemStyle: { color: value < 0 ? "#d9a29b" : "#7f9fbd" } };
        }),
        label: { show: true, position: "right", fontSize: 11, color: "#1d2733", formatter: function (point) { return number(point.value, data.digits); } }
      }]
    };
  }
  function pie(data) {
    return {
      color: PALETTE, tooltip: tooltip(data, "item"),
      legend: { orient: "vertical", left: "58%", top: "middle", itemWidth: 10, itemHeight: 10, textStyle: { color: "#1d2733", fontSize: 12 } },
      series: [{
        type: "pie", radius: ["48%", "76%"], center: ["32%", "50%"], label: { show: false }, itemStyle: { borderColor: "#fff", borderWidth: 1 },
        data: data.categories.map(function (name, index) { return { name: name, value: data.series[0].values[index] }; })
      }]
    };
  }
  function draw(box) {
    var source = document.getElementById(box.dataset.chart);
    if (!source || box.dataset.drawn || typeof echarts === "undefined") return;
    var data = JSON.parse(source.textContent);
    var build = { line: cartesian, bar: cartesian, stacked: cartesian, ranking: ranking, pie: pie }[data.kind];
    var chart = echarts.init(box);
    var option = build(data);
    option.animation = false;
    option.textStyle = { fontFamily: getComputedStyle(document.body).fontFamily };
    chart.setOption(option);
    box.dataset.drawn = "1";
    if (window.ResizeObserver) new ResizeObserver(function () { chart.resize(); }).observe(box);
    else window.addEventListener("resize", function () { chart.resize(); });
  }
  function drawAll(root) { root.querySelectorAll(".chart[data-chart]").forEach(draw); }
  drawAll(document);
  document.body.addEventListener("htmx:load", function (event) { drawAll(event.detail.elt.parentNode || document); });
})();
