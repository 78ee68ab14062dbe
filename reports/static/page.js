/* What a merchant's page does beyond its HTML: folds legs by screen, shows the small route after the large one has
   gone by, and draws the forecast from the columns in the page. Text reaches the page only as text, never as HTML. */
"use strict";

(function () {
  const wide = matchMedia("(min-width: 900px)");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const printing = matchMedia("print");

  function openLegs() {
    if (!wide.matches) return;
    for (const leg of document.querySelectorAll("details.leg")) leg.open = true;
  }

  function openTarget() {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") target.open = true;
  }

  function showMiniRoute() {
    const mini = document.querySelector(".mini");
    const route = document.querySelector(".route-card");
    if (!mini || !route || !("IntersectionObserver" in window)) return;
    new IntersectionObserver(function (seen) {
      mini.hidden = seen[0].isIntersecting || seen[0].boundingClientRect.top > 0;
    }).observe(route);
  }

  /* --- the forecast ------------------------------------------------------------------------------------------- */

  function days(first, count) {
    const start = Date.parse(first + "T00:00:00Z");
    return Array.from({ length: count }, (_, i) => new Date(start + i * 864e5).toISOString().slice(0, 10));
  }

  function ink(name) {
    return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  }

  function clear(colour, share) {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    return "rgba(" + r + "," + g + "," + b + "," + share + ")";
  }

  /* Plotly reads a few tags in text; a feed's words must stay words. */
  function plain(text) {
    return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  function formatter(data) {
    const options = data.currency ? { style: "currency", currency: data.currency, maximumFractionDigits: 0 } : { maximumFractionDigits: 0 };
    const format = new Intl.NumberFormat(data.locale, options);
    return (value) => (value === null ? "—" : format.format(value));
  }

  function band(x, low, high, colour, share) {
    const side = { x: x, mode: "lines", line: { width: 0 }, hoverinfo: "skip", showlegend: false };
    return [{ ...side, y: low }, { ...side, y: high, fill: "tonexty", fillcolor: clear(colour, share) }];
  }

  function traces(data, past, ahead, say) {
    const blue = ink("data");
    const day = new Intl.DateTimeFormat(data.locale, { month: "short", day: "numeric", weekday: "short", timeZone: "UTC" });
    const name = (iso) => plain(day.format(new Date(iso + "T00:00:00Z")));
    const lines = [
      ...band(ahead, data.q025, data.q975, blue, 0.13),
      ...band(ahead, data.q10, data.q90, blue, 0.18),
      ...band(ahead, data.q25, data.q75, blue, 0.28),
    ];
    lines.push({
      x: past, y: data.actual, mode: "lines", line: { color: ink("ink"), width: 2 }, connectgaps: false,
      text: past.map((d, i) => name(d) + "<br>" + plain(data.words.actual) + " <b>" + say(data.actual[i]) + "</b>"),
      hovertemplate: "%{text}<extra></extra>",
    });
    lines.push({
      x: ahead, y: data.q50, mode: "lines", line: { color: blue, width: 2.2 },
      text: ahead.map((d, i) => name(d) + "<br>" + plain(data.words.forecast) + " <b>" + say(data.q50[i]) + "</b><br>" +
        plain(data.words.range) + " " + say(data.q10[i]) + "–" + say(data.q90[i])),
      hovertemplate: "%{text}<extra></extra>",
    });
    return lines;
  }

  function isEventDay(data, day) {
    return data.events.some((event) => event.from <= day && day <= event.to);
  }

  function highest(data, past, ahead, plainDays) {
    const keep = (dates, values) => values.filter((v, i) => v !== null && !(plainDays && isEventDay(data, dates[i])));
    return Math.max(1, ...keep(past, data.actual), ...keep(ahead, data.q975)) * 1.12;
  }

  function marks(data, past, ahead, top, say, narrow) {
    const shapes = [];
    const notes = [];
    const font = { size: 12, color: ink("ink") };
    const line = (x, style) => ({ type: "line", x0: x, x1: x, y0: 0, y1: 1, yref: "paper", line: style });
    shapes.push(line(data.made_on, { color: ink("ink3"), width: 1, dash: "dot" }));
    notes.push({ x: data.made_on, y: 1, yref: "paper", xanchor: "right", xshift: -4, yanchor: "top", text: plain(data.words.today),
      showarrow: false, font: { ...font, color: ink("ink3") } });
    const last = ahead[ahead.length - 1];
    for (const event of data.events) {
      const at = ahead.indexOf(event.from);
      if (at < 0) {
        const then = past.indexOf(event.from);
        if (then < 0 || narrow) continue;
        notes.push({ x: event.from, y: Math.min(top * 0.9, data.actual[then] || 0), yshift: 14, text: plain(event.name), showarrow: false, font: { ...font, color: ink("ink3") } });
        continue;
      }
      const right = at < ahead.length * 0.62;
      shapes.push(line(event.from, { color: ink("ink"), width: 1.2 }));
      notes.push({ x: event.from, y: Math.min(data.q50[at], top * 0.78), align: right ? "left" : "right", xanchor: right ? "left" : "right", bgcolor: clear(ink("surface"), 0.72),
        xshift: right ? 7 : -7, yanchor: "middle", showarrow: false, font: font,
        text: plain(event.name) + "<br><b>" + say(data.q50[at]) + "</b><br>" + say(data.q10[at]) + "–" + say(data.q90[at]) });
    }
    return { shapes: shapes, annotations: notes, range: [past[0], last] };
  }

  function ticks(data, past, ahead) {
    const format = new Intl.DateTimeFormat(data.locale === "en" ? "en-GB" : data.locale,
      data.locale === "en" ? { month: "short", day: "numeric", timeZone: "UTC" } : { month: "numeric", day: "numeric", timeZone: "UTC" });
    const all = past.concat(ahead);
    const step = 14;
    const values = all.filter((_, i) => (i - past.length + 1) % step === 0 && i > 3 && i < all.length - 2);
    return { tickvals: values, ticktext: values.map((d) => format.format(new Date(d + "T00:00:00Z"))) };
  }

  function draw(box, data, plainDays) {
    const narrow = box.clientWidth < 480;
    const skip = narrow ? Math.max(0, data.actual.length - 32) : 0;
    const shown = { ...data, actual: data.actual.slice(skip) };
    const past = days(data.from, data.actual.length).slice(skip);
    const ahead = days(days(data.made_on, 2)[1], data.q50.length);
    const say = formatter(data);
    const top = highest(shown, past, ahead, plainDays);
    const marked = marks(shown, past, ahead, top, say, narrow);
    const layout = {
      margin: { l: 4, r: 4, t: 8, b: 26 }, height: 300, showlegend: false, dragmode: false, hovermode: "closest",
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, size: 11.5, color: ink("ink3") },
      hoverlabel: { bgcolor: ink("ink"), bordercolor: ink("ink"), font: { color: ink("surface"), size: 13 }, align: "left" },
      xaxis: { type: "date", range: marked.range, showgrid: false, zeroline: false, fixedrange: true, tickcolor: ink("line"), ...ticks(data, past, ahead) },
      yaxis: { range: [0, top], nticks: 4, gridcolor: ink("line"), zeroline: true, zerolinecolor: ink("line"), zerolinewidth: 2,
        fixedrange: true, ticklabelposition: "inside top", tickfont: { color: ink("ink3") }, tickformat: ",.3~s", separatethousands: true, layer: "below traces" },
      shapes: marked.shapes, annotations: marked.annotations,
    };
    layout.yaxis.tickformat = top >= 1e5 ? ",.2~s" : ",.0f";
    return window.Plotly.react(box, traces(shown, past, ahead, say), layout, { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false });
  }

  /* The page allows no inline style, and the chart library knows three ways to write some: rules of its own (our style
     sheet has them, and this mark tells it so), a sheet for maps (never drawn here), and style attributes (the same
     through the object model is allowed). Returns what to call once the library has loaded. */
  function keepPolicy() {
    const mark = document.createElement("meta");
    mark.id = "plotly.js-style-global";
    mark.className = "no-inline-styles";
    document.head.append(mark);
    const setAttribute = Element.prototype.setAttribute;
    Element.prototype.setAttribute = function (name, value) {
      if (name === "style") this.style.cssText = value;
      else setAttribute.call(this, name, value);
    };
    const create = document.createElement;
    document.createElement = (tag, options) => create.call(document, tag === "style" ? "template" : tag, options);
    return () => { document.createElement = create; };
  }

  function startChart() {
    const box = document.getElementById("chart");
    const source = document.getElementById("chart-data");
    if (!box || !source) return;
    const data = JSON.parse(source.textContent);
    const zoom = document.querySelector(".zoom");
    let plainDays = false;
    const redraw = () => draw(box, data, plainDays);
    const ready = keepPolicy();
    const library = document.createElement("script");
    library.src = document.querySelector('script[src*="page.js"]').src.replace(/page\.js.*$/, "plotly.min.js");
    library.onerror = () => box.classList.add("off");
    library.onload = function () {
      ready();
      redraw();
      dark.addEventListener("change", redraw);
      printing.addEventListener("change", redraw);
      const ahead = days(days(data.made_on, 2)[1], data.q50.length);
      if (!ahead.some((day) => isEventDay(data, day))) return;
      zoom.hidden = false;
      zoom.addEventListener("click", function (click) {
        const button = click.target.closest("button");
        if (!button) return;
        plainDays = button.dataset.zoom === "plain";
        for (const each of zoom.querySelectorAll("button")) each.setAttribute("aria-pressed", String(each === button));
        redraw();
      });
    };
    document.head.append(library);
  }

  openLegs();
  openTarget();
  showMiniRoute();
  wide.addEventListener("change", openLegs);
  window.addEventListener("hashchange", openTarget);
  window.addEventListener("beforeprint", function () {
    for (const leg of document.querySelectorAll("details.leg, details.action")) leg.open = true;
  });
  if ("requestIdleCallback" in window) window.requestIdleCallback(startChart, { timeout: 800 });
  else setTimeout(startChart, 200);
})();
