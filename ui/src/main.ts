import "./platform/locale";
import { mount } from "svelte";
import "./design/tokens.css";
import "./design/base.css";
import App from "./shell/App.svelte";

const target = document.getElementById("app");
if (target !== null) {
  // The frame meter measures the canvas alone, inside the real window.
  if (location.search === "?bench=canvas") void import("./canvas/bench/page");
  else mount(App, { target });
  document.getElementById("opening")?.remove();
}
