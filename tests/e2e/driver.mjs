// A small W3C WebDriver client on Node's fetch.

import { setTimeout as sleep } from "node:timers/promises";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const POINTER = { parameters: { pointerType: "mouse" }, type: "pointer", id: "mouse" };

/** The keys that have no character, by the names of `KeyboardEvent.key`. */
export const KEYS = {
  Backspace: "\uE003", Tab: "\uE004", Enter: "\uE007", Shift: "\uE008", Control: "\uE009", Alt: "\uE00A",
  Escape: "\uE00C", Space: " ", PageUp: "\uE00E", PageDown: "\uE00F", End: "\uE010", Home: "\uE011",
  ArrowLeft: "\uE012", ArrowUp: "\uE013", ArrowRight: "\uE014", ArrowDown: "\uE015", Delete: "\uE017",
  F1: "\uE031", F2: "\uE032", F3: "\uE033", F4: "\uE034", F5: "\uE035", F6: "\uE036", Meta: "\uE03D",
};

/** An error that the driver answered with, such as `no such element`. */
export class DriverError extends Error {
  constructor({ error, message }) {
    super(`${error}: ${message}`);
    this.kind = error;
  }
}

/** One command to the driver. */
export async function command(base, method, path, body) {
  const response = await fetch(base + path, {
    method,
    ...(method === "POST" ? { body: JSON.stringify(body ?? {}), headers: { "content-type": "application/json" } } : {}),
    signal: AbortSignal.timeout(60_000),
  });
  const { value } = await response.json();
  if (!response.ok) throw new DriverError(value);
  return value;
}

/**
 * Waits until `probe` answers with something that is not false, null or undefined, and answers with that.
 * @template T
 * @param {string} what the sentence that the failure says
 * @param {() => Promise<T> | T} probe
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, probe, { seconds = 30, every = 50 } = {}) {
  const end = performance.now() + seconds * 1000;
  let last;
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== false && answer !== null && answer !== undefined) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) {
      throw new Error(`waited ${seconds} s in vain: ${what}${last === undefined ? "" : ` (last: ${last.message})`}`);
    }
    await sleep(every);
  }
}

/** How to find an element: a CSS selector, `{ testId }`, `{ role, name, within }` or `{ text, within }`. */
function describe(query) {
  return typeof query === "string" ? query : JSON.stringify(query);
}

/** An element of the page. */
export class Element {
  constructor(page, id) {
    this.page = page;
    this.id = id;
    this.reference = { [ELEMENT]: id };
  }

  click() {
    return this.page.post(`/element/${this.id}/click`);
  }

  clear() {
    return this.page.post(`/element/${this.id}/clear`);
  }

  /** Types into this element. */
  type(text) {
    return this.page.post(`/element/${this.id}/value`, { text });
  }

  /** The words in it as they are shown. The driver's own answer is empty where a text may be cut off by an ellipsis. */
  text() {
    return this.page.run("return arguments[0].innerText.trim();", this.reference);
  }

  attribute(name) {
    return this.page.get(`/element/${this.id}/attribute/${name}`);
  }

  property(name) {
    return this.page.get(`/element/${this.id}/property/${name}`);
  }

  /** The role that assistive technology is told. */
  role() {
    return this.page.get(`/element/${this.id}/computedrole`);
  }

  /** The name that assistive technology is told. */
  label() {
    return this.page.get(`/element/${this.id}/computedlabel`);
  }

  /** Position and size within the viewport. */
  box() {
    return this.page.run(
      "const { x, y, width, height } = arguments[0].getBoundingClientRect(); return { x, y, width, height };",
      this.reference,
    );
  }

  async centre() {
    const { x, y, width, height } = await this.box();
    return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
  }
}

/** The page in the window. */
export class Page {
  constructor(base, session) {
    this.base = base;
    this.session = `/session/${session}`;
  }

  get(path) {
    return command(this.base, "GET", this.session + path);
  }

  post(path, body) {
    return command(this.base, "POST", this.session + path, body);
  }

  quit() {
    return command(this.base, "DELETE", this.session);
  }

  title() {
    return this.get("/title");
  }

  url() {
    return this.get("/url");
  }

  /** Runs the body of a function in the page; `arguments` are the further arguments. */
  run(script, ...args) {
    return this.post("/execute/sync", { script, args });
  }

  /** Calls one method of the studio as the page does; answers `{ ok }` or `{ fault }`. */
  rpc(method, params = {}) {
    const script = `const [method, params, done] = arguments;
      window.__TAURI_INTERNALS__.invoke("rpc", { method, params }).then((ok) => done({ ok }), (fault) => done({ fault }));`;
    return this.post("/execute/async", { script, args: [method, params] });
  }

  /** All elements that a query finds now. */
  async all(query) {
    const found = typeof query === "string" || query.testId !== undefined
      ? await this.post("/elements", { using: "css selector", value: typeof query === "string" ? query : `[data-testid="${query.testId}"]` })
      : await this.run(FIND, query.within ?? "body", query.role ?? null, query.name ?? null, query.text ?? null);
    return found.map((reference) => new Element(this, reference[ELEMENT]));
  }

  /** The first element that a query finds, waited for. */
  find(query, options) {
    return until(`an element ${describe(query)}`, async () => (await this.all(query))[0], options);
  }

  /** Waits until a query finds nothing any more. */
  gone(query, options) {
    return until(`no element ${describe(query)}`, async () => (await this.all(query)).length === 0, options);
  }

  /**
   * Clicks what a query finds, again until the click arrives there: the driver clicks a place, and the page may still be
   * moving what stands in it. A disabled button takes no click, so this waits until it is ready.
   */
  async click(query, options) {
    await until(`a click on ${describe(query)}`, async () => {
      const [element] = await this.all(query);
      if (element === undefined) return false;
      await this.run(WATCH, element.reference);
      await element.click();
      return this.run("return window.clickArrived === true;");
    }, options);
  }

  /** Waits for `text` anywhere in what the query finds. */
  waitForText(text, query = "body", options) {
    return until(`the text "${text}" in ${describe(query)}`, async () => {
      const [element] = await this.all(query);
      return element !== undefined && (await this.run("return arguments[0].textContent;", element.reference)).includes(text);
    }, options);
  }

  /** Presses the keys of a chord together, such as `press("Control", "z")`, in whatever has the focus. */
  async press(...chord) {
    const values = chord.map((key) => KEYS[key] ?? key);
    const actions = [
      ...values.map((value) => ({ type: "keyDown", value })),
      ...values.toReversed().map((value) => ({ type: "keyUp", value })),
    ];
    await this.post("/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  /** Types text key by key into whatever has the focus. */
  async keyboard(text) {
    const actions = [...text].flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    await this.post("/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  /** Moves the mouse, pressing nothing. */
  hover(at) {
    return this.mouse([{ type: "pointerMove", duration: 20, ...at }]);
  }

  /** Clicks at a place of the viewport; `button` 2 is the secondary one, `times` 2 a double click. */
  clickAt(at, { button = 0, times = 1 } = {}) {
    const press = [{ type: "pointerDown", button }, { type: "pointerUp", button }];
    return this.mouse([{ type: "pointerMove", duration: 20, ...at }, ...Array.from({ length: times }, () => press).flat()]);
  }

  /** Drags from one place to another, by way of `steps` moves, as a hand does. */
  drag(from, to, { steps = 6, button = 0 } = {}) {
    const moves = Array.from({ length: steps }, (_, index) => ({
      type: "pointerMove",
      duration: 20,
      x: Math.round(from.x + ((to.x - from.x) * (index + 1)) / steps),
      y: Math.round(from.y + ((to.y - from.y) * (index + 1)) / steps),
    }));
    return this.mouse([
      { type: "pointerMove", duration: 0, x: Math.round(from.x), y: Math.round(from.y) },
      { type: "pointerDown", button },
      ...moves,
      { type: "pause", duration: 40 },
      { type: "pointerUp", button },
    ]);
  }

  /** Turns the wheel at a place. */
  wheel(at, { x = 0, y = 0 }) {
    const scroll = { type: "scroll", duration: 0, x: at.x, y: at.y, deltaX: x, deltaY: y };
    return this.post("/actions", { actions: [{ type: "wheel", id: "wheel", actions: [scroll] }] });
  }

  mouse(actions) {
    const exact = actions.map((one) => (one.type === "pointerMove" ? { origin: "viewport", ...one } : one));
    return this.post("/actions", { actions: [{ ...POINTER, actions: exact }] });
  }

  /** A picture of the page as PNG. */
  async screenshot() {
    return Buffer.from(await this.get("/screenshot"), "base64");
  }

  resize(width, height) {
    return this.post("/window/rect", { width, height });
  }
}

// Tells whether a click reaches an element. One that goes at the press already is told by that.
const WATCH = `
  window.clickArrived = false;
  const arrived = () => { window.clickArrived = true; };
  for (const kind of ["mousedown", "click"]) arguments[0].addEventListener(kind, arrived, { once: true, capture: true });
`;

// Finds visible elements by role and name or by text, with the parts of the rules of accessible names that the studio uses.
const FIND = `
  const [within, role, name, text] = arguments;
  const implicit = {
    button: "button, summary", link: "a[href]", textbox: "input:not([type]), input[type=text], input[type=search], textarea",
    checkbox: "input[type=checkbox]", radio: "input[type=radio]", combobox: "select", spinbutton: "input[type=number]",
    slider: "input[type=range]", heading: "h1, h2, h3, h4, h5, h6", list: "ul, ol", listitem: "li", table: "table", row: "tr",
    dialog: "dialog", main: "main", navigation: "nav", img: "img", option: "option",
  };
  const visible = (one) => one.checkVisibility ? one.checkVisibility() : one.getClientRects().length > 0;
  const tidy = (words) => (words ?? "").replace(/\\s+/g, " ").trim();
  const label = (one) => {
    const by = one.getAttribute("aria-labelledby");
    if (by) return tidy(by.split(/\\s+/).map((id) => document.getElementById(id)?.textContent).join(" "));
    return tidy(one.getAttribute("aria-label") || (one.labels?.length ? [...one.labels].map((l) => l.textContent).join(" ") : "") ||
      one.textContent || one.getAttribute("placeholder") || one.getAttribute("title"));
  };
  const root = document.querySelector(within);
  if (!root) return [];
  let all;
  if (role !== null) {
    const selector = '[role="' + role + '"]' + (implicit[role] ? ", " + implicit[role].split(", ").map((s) => s + ":not([role])").join(", ") : "");
    all = [...root.querySelectorAll(selector)].filter((one) => name === null || label(one) === name);
    if (all.length === 0 && name !== null) all = [...root.querySelectorAll(selector)].filter((one) => label(one).includes(name));
  } else {
    all = [...root.querySelectorAll("*")].filter((one) => tidy(one.textContent).includes(text))
      .filter((one, _, hits) => !hits.some((other) => other !== one && one.contains(other)));
  }
  return all.filter(visible);
`;
