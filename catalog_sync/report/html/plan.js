"use strict";
(() => {
  const CHUNK = 50;
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const changes = data.rows.map((row) => Object.fromEntries(data.fields.map((field, at) => [field, row[at]])));

  const byId = (id) => document.getElementById(id);
  const list = byId("list"), more = byId("more"), search = byId("search"), clear = byId("clear"), told = byId("told");
  const filters = [...document.querySelectorAll("[data-filter]")];
  const template = byId("change").content;

  const pictureWord = words.picture.split("{")[0];

  const number = (count) => count.toLocaleString(words.language);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const fold = (text) => text.normalize("NFKC").toLowerCase();

  // What a search looks through, folded once: a search then is a walk over plain strings.
  for (const change of changes) {
    const values = change.values.flatMap(([, ...sides]) => sides);
    const held = change.held.map(([reason]) => reason);
    const sought = [change.address, change.id, change.name, change.was, change.reason, change.note, ...values, ...held];
    change.sought = fold(sought.filter((text) => text !== null).join("\n"));
  }

  const element = (tag, text, name) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) made.className = name;
    return made;
  };

  const foreign = (tag, text) => Object.assign(element(tag, text), { lang: "zh", dir: "auto" });

  const inside = (tag, made) => {
    const around = document.createElement(tag);
    around.append(made);
    return around;
  };

  const covers = (change) => {
    const name = change.name || change.address;
    const labels = change.pictures.length > 1 ? [words.as_file, words.as_uploaded] : [""];
    return change.pictures.map((place, at) => {
      const figure = document.createElement("figure");
      const image = document.createElement("img");
      image.src = data.pictures[place];
      image.alt = fill(at ? words.fitted : words.cover, { name });
      figure.append(image);
      if (labels[at]) figure.append(element("figcaption", labels[at]));
      return figure;
    });
  };

  const about = (change) => {
    const parts = [element("code", change.address)];
    if (change.id !== null) parts.push(fill(words.id, { id: change.id }));
    if (change.status) parts.push(words.statuses[change.status] ?? change.status);
    if (data.texts[change.calls]) parts.push(data.texts[change.calls]);
    if (change.place) parts.push(change.place);
    const line = parts.flatMap((part, at) => (at ? [" · ", part] : [part]));
    if (change.link) {
      const link = element("a", words.platform_picture);
      link.href = change.link;
      link.rel = "noreferrer noopener";
      line.push(" · ", link);
    }
    return line;
  };

  const label = (name) => words.fields[name] ?? name;

  // What becomes of an item that is there: both values of each field, side by side.
  const difference = (change, table) => {
    const head = (text, scope) => Object.assign(element("th", text), { scope });
    table.tHead.rows[0].append(...[words.field, words.before, words.after].map((text) => head(text, "col")));
    for (const [name, before, after] of change.values) {
      const sides = [foreign("del", before), foreign("ins", after)].map((side) => inside("td", side));
      table.tBodies[0].insertRow().append(head(label(name), "row"), ...sides);
    }
  };

  // An item that comes or goes as a whole; its name is the heading, its cover the picture beside it.
  const whole = (change, fields) => {
    for (const [name, before, after] of change.values) {
      const text = after ?? before;
      if (text === change.name || (change.pictures.length && text.startsWith(pictureWord))) continue;
      const pair = document.createElement("div");
      pair.append(element("dt", label(name)), inside("dd", foreign("span", text)));
      fields.append(pair);
    }
  };

  const why = (change) => {
    const lines = [];
    const say = (text, name) => text && lines.push(element("p", text, name));
    if (change.was) say(fill(words.was, { address: change.was }));
    if (change.late) say(words.late, "late");
    say(data.texts[change.message]);
    for (const [, fields, message] of change.held) {
      const names = fields.map(label).join(words.listed);
      say(fill(words.held, { fields: names, message: data.texts[message] }), "held");
    }
    if (change.note) say(fill(words.note, { note: change.note }));
    return lines;
  };

  const shown = (change) => {
    const item = template.cloneNode(true).firstElementChild;
    const part = (name) => item.querySelector(`.${name}`);
    item.dataset.action = change.action;
    item.dataset.disposition = change.disposition;
    part("action").textContent = `${words.symbols[change.action]} ${words.actions[change.action]}`;
    part("name").textContent = change.name || change.address;
    part("about").append(...about(change));
    part("state").append(words.dispositions[change.disposition]);
    if (change.day) part("state").append(" ", element("small", change.day, "number"));
    part("covers").append(...(change.pictures.length ? covers(change) : [element("div", "", "blank")]));
    const both = change.values.some(([, before, after]) => before !== null && after !== null);
    if (both) difference(change, part("values"));
    else whole(change, part("whole"));
    part(both ? "whole" : "values").remove();
    part("why").append(...why(change));
    return item;
  };

  let matching = changes, count = 0;

  const chosen = () => {
    const sets = new Map();
    for (const button of filters.filter((each) => each.getAttribute("aria-pressed") === "true")) {
      const { filter, value } = button.dataset;
      sets.set(filter, (sets.get(filter) ?? new Set()).add(value));
    }
    return [...sets];
  };

  const tell = () => {
    const numbers = { shown: number(count), matching: number(matching.length), all: number(changes.length) };
    const all = matching.length === changes.length;
    const some = count < matching.length;
    const text = some ? (all ? words.some_of_all : words.some_matching) : all ? words.all : words.matching;
    told.textContent = fill(matching.length ? text : words.nothing, numbers);
    const left = Math.min(CHUNK, matching.length - count);
    more.hidden = !left;
    more.textContent = fill(words.show_more, { number: number(left) });
  };

  const show = (upTo) => {
    const items = document.createDocumentFragment();
    for (const change of matching.slice(count, upTo)) items.append(shown(change));
    count = Math.min(upTo, matching.length);
    list.append(items);
    tell();
  };

  const again = () => {
    const sought = fold(search.value).split(/\s+/).filter(Boolean);
    const sets = chosen();
    matching = changes.filter(
      (change) =>
        sets.every(([filter, set]) => set.has(change[filter])) && sought.every((word) => change.sought.includes(word)),
    );
    clear.hidden = !sought.length && !sets.length;
    count = 0;
    list.replaceChildren();
    show(CHUNK);
  };

  search.addEventListener("input", again);
  more.addEventListener("click", () => show(count + CHUNK));
  for (const button of filters) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      again();
    });
  }
  clear.addEventListener("click", () => {
    search.value = "";
    for (const button of filters) button.setAttribute("aria-pressed", "false");
    again();
    search.focus();
  });
  for (const button of document.querySelectorAll("[data-reason]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      search.value = button.dataset.reason;
      again();
      byId("changes").focus();
    });
  }

  // Paper has no buttons: everything that matches is printed, and every section open.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const section of closed) section.open = true;
    show(Infinity);
  });
  addEventListener("afterprint", () => {
    for (const section of closed) section.open = false;
    again();
  });

  list.classList.toggle("plain", !data.pictures.length);
  byId("no-script").hidden = true;
  document.querySelector(".tools").hidden = false;
  again();
})();
