"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (query, inside = document) => [...inside.querySelectorAll(query)];
  document.documentElement.classList.add("js");

  // The drawing: what is seen of it is the view box.
  const svg = byId("drawing");
  const canvas = byId("canvas");
  const boxOf = (text) => {
    const [x, y, w, h] = text.split(" ").map(Number);
    return { x, y, w, h };
  };
  let home = boxOf(svg.getAttribute("viewBox"));
  let view = { ...home };
  // Only what is in view is drawn, and from afar neither words nor arrowheads.
  const cardsDrawn = all("#nodes > svg, #triggers > svg");
  const edgesDrawn = all("[data-edge]");
  const measured = () => {
    const found = cardsDrawn.map((part) => {
      const [x, y] = [part.x.baseVal.value, part.y.baseVal.value];
      return { part, left: x, top: y, right: x + part.width.baseVal.value, bottom: y + part.height.baseVal.value, on: true };
    });
    for (const part of edgesDrawn) {
      const numbers = part.getAttribute("d").match(/-?\d+/g).map(Number);
      const xs = numbers.filter((_, i) => i % 2 === 0);
      const ys = numbers.filter((_, i) => i % 2 === 1);
      found.push({ part, left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys), on: true });
    }
    for (const { part } of found) part.style.display = "";
    return found;
  };
  let parts = measured();
  const FAR = 3;
  const cull = () => {
    const box = svg.getBoundingClientRect();
    const far = Math.max(view.w / Math.max(box.width, 1), view.h / Math.max(box.height, 1));
    svg.classList.toggle("far", far > FAR);
    const [w, h] = [box.width * far, box.height * far];
    const [left, top] = [view.x + view.w / 2 - w / 2, view.y + view.h / 2 - h / 2];
    for (const one of parts) {
      const on = one.right > left - 12 && one.left < left + w + 12 && one.bottom > top - 12 && one.top < top + h + 12;
      if (on !== one.on) one.part.style.display = on ? "" : "none";
      one.on = on;
    }
  };
  // As high as the drawing needs, and never more than most of the screen.
  const room = () => {
    const high = Math.max(320, Math.min(innerHeight * 0.72, (canvas.clientWidth * home.h) / home.w));
    document.documentElement.style.setProperty("--canvas", `${Math.round(high)}px`);
  };
  room();
  cull();
  addEventListener("resize", () => {
    room();
    show();
  });
  // Paper shows all of it, whatever is in view here.
  const PAPER = 1000;
  addEventListener("beforeprint", () => {
    for (const one of parts) {
      one.part.style.display = "";
      one.on = true;
    }
    svg.classList.toggle("far", home.w / PAPER > FAR);
    svg.setAttribute("viewBox", `${home.x} ${home.y} ${home.w} ${home.h}`);
  });
  addEventListener("afterprint", () => show());
  let drawn = 0;
  const show = () => {
    drawn ||= requestAnimationFrame(() => {
      drawn = 0;
      svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
      cull();
    });
  };
  const scale = () => {
    const box = svg.getBoundingClientRect();
    return Math.max(view.w / Math.max(box.width, 1), view.h / Math.max(box.height, 1));
  };
  const zoom = (factor, cx = view.x + view.w / 2, cy = view.y + view.h / 2) => {
    const w = Math.min(Math.max(view.w * factor, 240), home.w * 4);
    const f = w / view.w;
    view = { x: cx - (cx - view.x) * f, y: cy - (cy - view.y) * f, w, h: view.h * f };
    show();
  };
  const move = (dx, dy) => {
    view.x += dx;
    view.y += dy;
    show();
  };
  const fit = () => {
    view = { ...home };
    show();
  };
  // Each place with lanes stands beside the place without: they change places.
  const lanesButton = byId("lanes-on");
  const swap = (part, name, other) => {
    const was = part.getAttribute(name);
    part.setAttribute(name, part.dataset[other]);
    part.dataset[other] = was;
  };
  const lanes = () => {
    if (lanesButton === null) return;
    lanesButton.setAttribute("aria-pressed", String(svg.classList.toggle("laned")));
    for (const part of cardsDrawn) swap(part, "y", "y");
    for (const part of edgesDrawn) swap(part, "d", "d");
    const was = `${home.x} ${home.y} ${home.w} ${home.h}`;
    home = boxOf(svg.dataset.view);
    svg.dataset.view = was;
    parts = measured();
    room();
    fit();
  };
  lanesButton?.addEventListener("click", lanes);
  const point = (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [at.x, at.y];
  };
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== svg && !canvas.contains(document.activeElement)) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, ...point(event));
  }, { passive: false });
  const fingers = new Map();
  let dragged = false;
  svg.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    dragged = false;
    svg.focus({ preventScroll: true });
  });
  svg.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const [dx, dy] = [event.clientX - before[0], event.clientY - before[1]];
    if (!dragged && Math.abs(dx) + Math.abs(dy) < 4) return;
    if (!dragged) svg.setPointerCapture(event.pointerId);
    dragged = true;
    svg.classList.add("moving");
    if (fingers.size === 1) {
      move(-dx * scale(), -dy * scale());
    } else {
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
      const far = (a) => Math.hypot(a[0] - other[0], a[1] - other[1]);
      zoom(Math.max(far(before), 1) / Math.max(far([event.clientX, event.clientY]), 1));
    }
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    svg.addEventListener(end, (event) => {
      fingers.delete(event.pointerId);
      svg.classList.remove("moving");
    });
  }
  svg.addEventListener("keydown", (event) => {
    const far = view.w / 10;
    const keys = {
      "+": () => zoom(1 / 1.25), "=": () => zoom(1 / 1.25), "-": () => zoom(1.25), 0: fit,
      ArrowLeft: () => move(-far, 0), ArrowRight: () => move(far, 0), ArrowUp: () => move(0, -far), ArrowDown: () => move(0, far),
      Escape: () => choose(null), l: lanes, L: lanes,
    };
    const act = keys[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  byId("closer").addEventListener("click", () => zoom(1 / 1.25));
  byId("further").addEventListener("click", () => zoom(1.25));
  byId("whole").addEventListener("click", fit);

  const nodes = new Map(all("#nodes [data-node]").map((node) => [node.dataset.node, node]));
  const edges = new Map(all("[data-edge]").map((edge) => [edge.dataset.edge, edge]));
  const chips = new Map(all("[data-trigger]").map((chip) => [chip.dataset.trigger, chip]));
  const cards = new Map(all("[data-card]").map((card) => [card.dataset.card, card]));
  // A card of a called flow is shown at the card that calls it.
  const near = (id) => (nodes.has(id) ? id : id.split("/")[0]);
  const centre = (id, closer) => {
    const node = nodes.get(near(id));
    if (node === undefined) return;
    const card = node.parentNode;
    const [x, y] = [card.x.baseVal.value + 94, card.y.baseVal.value + 32];
    const box = svg.getBoundingClientRect();
    const ratio = Math.max(box.height, 1) / Math.max(box.width, 1);
    const w = closer ? Math.min(view.w, Math.max(1100, box.width)) : view.w;
    const h = w * ratio;
    if (!closer && Math.abs(x - view.x - view.w / 2) < view.w * 0.4 && Math.abs(y - view.y - view.h / 2) < view.h * 0.4) return;
    view = { x: x - w / 2, y: y - h / 2, w, h };
    show();
  };

  // A flow too long to be read as a whole begins at its start.
  const start = svg.querySelector(".node.start");
  if (start !== null && scale() > 4) centre(start.dataset.node, true);

  // The card that is read.
  const detail = document.createElement("aside");
  detail.id = "detail";
  detail.hidden = true;
  detail.setAttribute("aria-label", "Card");
  canvas.append(detail);
  const choose = (id) => {
    for (const node of nodes.values()) node.classList.remove("chosen");
    detail.replaceChildren();
    const card = id === null ? undefined : cards.get(near(id));
    detail.hidden = card === undefined;
    if (card === undefined) return;
    nodes.get(near(id))?.classList.add("chosen");
    const close = document.createElement("button");
    close.type = "button";
    close.className = "close";
    close.textContent = "×";
    close.setAttribute("aria-label", "Close");
    close.addEventListener("click", () => choose(null));
    const copies = [...card.childNodes].map((child) => child.cloneNode(true));
    detail.append(close, ...copies);
    detail.scrollTop = 0;
  };
  svg.addEventListener("click", (event) => {
    if (dragged) return;
    const node = event.target.closest?.("#nodes [data-node]");
    choose(node === null || node === undefined ? null : node.dataset.node);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-node]");
    if (link === null || link === undefined || !nodes.has(near(link.dataset.node))) return;
    event.preventDefault();
    centre(link.dataset.node, true);
    choose(link.dataset.node);
    canvas.scrollIntoView({ block: "nearest" });
  });

  // Conversations, step by step.
  const plays = all(".played");
  const player = byId("player");
  if (player === null || plays.length === 0) return;
  const which = byId("which");
  const playButton = byId("play");
  const now = byId("now");
  player.hidden = false;
  let shown = plays[0];
  let steps = [];
  let at = -1;
  let timer = 0;
  const light = () => {
    for (const part of [...nodes.values(), ...edges.values(), ...chips.values()]) part.classList.remove("lit", "now");
    steps.forEach((step, i) => {
      step.classList.toggle("past", i < at);
      step.classList.toggle("now", i === at);
      if (i > at) return;
      const { node, port } = step.dataset;
      nodes.get(near(node))?.classList.add("lit");
      const trigger = port.startsWith("trigger.") ? port.slice(8) : undefined;
      chips.get(trigger)?.classList.add("lit");
      const edge = edges.get(trigger === undefined ? `${near(node)}.${port}` : port);
      edge?.classList.add("lit");
      if (i === at) edge?.classList.add("now");
    });
    const step = steps[at];
    for (const part of all(".move[data-step]", shown)) {
      part.classList.toggle("later", at >= 0 && Number(part.dataset.step) > at);
      part.classList.toggle("now", at >= 0 && Number(part.dataset.step) === at);
    }
    now.textContent = step === undefined ? `${steps.length} steps` : `${at + 1} of ${steps.length}: ${step.textContent}`;
    if (step === undefined) return;
    nodes.get(near(step.dataset.node))?.classList.add("now");
    centre(step.dataset.node, false);
    (shown.querySelector(".move.now") ?? step).scrollIntoView({ block: "nearest" });
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    playButton.textContent = "Play";
  };
  const go = (to) => {
    at = Math.min(Math.max(to, -1), steps.length - 1);
    document.body.classList.toggle("playing", at >= 0);
    light();
    if (at >= steps.length - 1) stop();
  };
  const take = (number) => {
    stop();
    for (const play of plays) play.classList.remove("shown");
    shown = plays[number];
    shown.classList.add("shown");
    steps = all(".steps li", shown);
    go(-1);
  };
  which.addEventListener("change", () => take(Number(which.value)));
  byId("first").addEventListener("click", () => { stop(); go(-1); });
  byId("back").addEventListener("click", () => { stop(); go(at - 1); });
  byId("next").addEventListener("click", () => { stop(); go(at + 1); });
  playButton.addEventListener("click", () => {
    if (timer !== 0) return stop();
    if (at >= steps.length - 1) go(-1);
    playButton.textContent = "Pause";
    timer = setInterval(() => go(at + 1), 1100);
    go(at + 1);
  });
  player.addEventListener("keydown", (event) => {
    if (event.target === which) return;
    if (event.key === "ArrowRight") go(at + 1);
    else if (event.key === "ArrowLeft") go(at - 1);
    else return;
    event.preventDefault();
  });
  new IntersectionObserver((entries) => {
    if (entries.every((entry) => !entry.isIntersecting)) {
      stop();
      document.body.classList.remove("playing");
    }
  }).observe(byId("conversations"));
  take(0);
})();
