/* The table of merchants: search, sort and pages over columns of numbers, fifty rows of HTML at a time, so that
   100,000 merchants cost no more than fifty. Text from feeds is only ever set as text. */
"use strict";

(function () {
  const table = document.getElementById("shops");
  const source = document.getElementById("table-settings");
  if (!table || !source || !window.towerTable) return;

  const settings = JSON.parse(source.textContent);
  const data = JSON.parse(window.towerTable);
  window.towerTable = null;
  const count = data.page.length;
  const lightOf = { r: "red", a: "amber", g: "green", s: "star", x: "grey" };
  const state = { sort: "money", down: true, page: 0, query: "" };
  const MINUS = "\u2212";
  let order = Uint32Array.from({ length: count }, (_, i) => i);
  let found = order;
  let haystack = null;

  function word(column, i) {
    const at = data[column].of[i];
    return at < 0 ? "" : data[column].words[at];
  }

  function label(family, code) {
    return (settings.families[family] || {})[code] || code;
  }

  function plain(value, decimals) {
    return new Intl.NumberFormat("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value);
  }

  function money(value) {
    const size = Math.abs(value);
    const step = settings.money.compact.filter((each) => size >= each.at).pop();
    const text = step ? plain(size / step.divide, 1) + step.suffix : plain(size, 0);
    return (value < 0 ? MINUS : "") + settings.money.symbol + text;
  }

  function why(i) {
    const known = settings.metrics[word("why", i)];
    if (!known) return "—";
    const [name, unit, decimals, pattern] = known;
    const value = data.why_value[i];
    if (value === null) return name + " —";
    const text = plain(Math.abs(unit === "percent" ? value * 100 : value), decimals);
    const signed = (value < 0 ? MINUS : "") + text;
    if (unit === "money") return name + " " + money(value);
    return name + " " + (unit === "percent" ? signed + "%" : pattern.replace("{value}", signed));
  }

  function changed(i) {
    return data.before[i] === null ? null : data.money[i] - data.before[i];
  }

  function stateOf(i) {
    if (data.open[i]) return settings.state.open.replace("{n}", data.open[i]);
    return data.acked[i] ? settings.state.acked : settings.state.none;
  }

  /* --- search and sort ---------------------------------------------------------------------------------------- */

  function search() {
    const query = state.query.trim().toLowerCase();
    if (!query) {
      found = order;
      return;
    }
    haystack = haystack || Array.from({ length: count }, (_, i) =>
      [data.name[i], data.id[i], word("category", i), label("category", word("category", i)), word("manager", i)].join("\n").toLowerCase());
    found = order.filter((i) => haystack[i].includes(query));
  }

  const weights = { r: 10000, a: 100, x: 1, s: 0, g: 0 };
  const keys = {
    rank: (i) => (data.rank[i] === null ? Infinity : data.rank[i]),
    money: (i) => data.money[i],
    change: (i) => { const by = changed(i); return by === null ? -Infinity : by; },
    legs: (i) => { let sum = 0; for (const letter of data.lights[i]) sum += weights[letter]; return sum; },
    state: (i) => data.open[i] * 1000 + data.acked[i],
  };
  const texts = {
    name: (i) => data.name[i],
    why: (i) => why(i),
    manager: (i) => word("manager", i) || "\uffff",
  };

  function sort() {
    const sign = state.down ? -1 : 1;
    const fresh = Array.from({ length: count }, (_, i) => i);
    if (keys[state.sort]) {
      const values = Float64Array.from(fresh, keys[state.sort]);
      fresh.sort((a, b) => sign * (values[a] - values[b]) || a - b);
    } else {
      const values = fresh.map(texts[state.sort]);
      const compare = new Intl.Collator(settings.locale).compare;
      fresh.sort((a, b) => sign * compare(values[a], values[b]) || a - b);
    }
    order = Uint32Array.from(fresh);
  }

  /* --- rows --------------------------------------------------------------------------------------------------- */

  function element(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function shape(light, title) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const use = document.createElementNS(space, "use");
    svg.setAttribute("class", "shape " + light);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", title);
    use.setAttribute("href", "#i-" + light);
    svg.append(use);
    return svg;
  }

  function nameCell(i) {
    const cell = element("th");
    cell.scope = "row";
    const link = element("a", "", data.name[i]);
    link.href = data.page[i] + ".html";
    link.dir = "auto";
    const small = element("small", "list");
    const segment = [label("stage", word("growth_stage", i)), label("size", word("size_class", i))].filter(Boolean).join(settings.comma);
    for (const text of [label("category", word("category", i)), segment]) if (text) small.append(element("span", "", text));
    cell.append(link, small);
    return cell;
  }

  function row(i) {
    const line = document.createElement("tr");
    const legs = element("td", "route-cell");
    Array.from(data.lights[i]).forEach((letter, leg) => {
      const light = lightOf[letter];
      legs.append(shape(light, settings.legs[leg] + " " + settings.lights[light]));
    });
    const amount = element("td", "n");
    amount.append(element("b", "", money(data.money[i])));
    const by = changed(i);
    const manager = element("td", "manager", word("manager", i) || "—");
    manager.dir = "auto";
    line.append(element("td", "n", data.rank[i] === null ? "—" : plain(data.rank[i], 0)), nameCell(i), legs, amount,
      element("td", "n change", by === null ? "—" : (by > 0 ? "+" : "") + money(by)),
      element("td", "why", why(i)), manager, element("td", "state", stateOf(i)));
    return line;
  }

  const body = table.tBodies[0];
  const pager = document.querySelector(".pager");

  function show() {
    const from = state.page * settings.rows;
    const here = Array.from(found.slice(from, from + settings.rows));
    body.replaceChildren(...here.map(row));
    const text = found.length ? settings.words.page.replace("{from}", plain(from + 1, 0))
      .replace("{to}", plain(from + here.length, 0)).replace("{all}", plain(found.length, 0)) : settings.words.nothing;
    pager.querySelector(".shown").textContent = text;
    pager.querySelector('[data-move="-1"]').disabled = state.page === 0;
    pager.querySelector('[data-move="1"]').disabled = from + here.length >= found.length;
  }

  function headings() {
    for (const heading of table.tHead.querySelectorAll("th")) {
      if (heading.dataset.sort === state.sort) heading.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    }
  }

  for (const heading of table.tHead.querySelectorAll("th")) {
    const button = element("button", "", heading.textContent);
    button.type = "button";
    heading.replaceChildren(button);
    button.addEventListener("click", function () {
      const name = heading.dataset.sort;
      state.down = state.sort === name ? !state.down : Boolean(keys[name]) && name !== "rank";
      state.sort = name;
      state.page = 0;
      sort();
      search();
      headings();
      show();
    });
  }

  pager.addEventListener("click", function (click) {
    const button = click.target.closest("button");
    if (!button) return;
    state.page += Number(button.dataset.move);
    show();
    table.scrollIntoView({ block: "nearest" });
  });

  let waiting = 0;
  document.getElementById("find").addEventListener("input", function (input) {
    clearTimeout(waiting);
    waiting = setTimeout(function () {
      state.query = input.target.value;
      state.page = 0;
      search();
      show();
    }, 120);
  });

  document.querySelector(".find").hidden = false;
  pager.hidden = false;
  headings();
  show();
})();
