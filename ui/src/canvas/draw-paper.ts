/** What lies under everything: lanes with their names, and the dots of the grid. */
import { GRID } from "./geometry";
import type { Band } from "./lanes";
import type { Look } from "./renderer";

export function drawLanes(ctx: CanvasRenderingContext2D, bands: readonly Band[], look: Look): void {
  const { view, theme, ratio } = look;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  bands.forEach((band, index) => {
    const last = index === bands.length - 1;
    const top = index === 0 ? 0 : (band.y - view.y) * view.zoom;
    const bottom = last ? view.height : (band.y + band.h - view.y) * view.zoom;
    if (bottom < 0 || top > view.height) return;
    ctx.fillStyle = theme.lanes[index % theme.lanes.length] ?? theme.paper;
    ctx.fillRect(0, top, view.width, bottom - top);
    if (index === 0) return;
    ctx.strokeStyle = theme.laneLine;
    ctx.lineWidth = 1;
    ctx.setLineDash([4, 4]);
    ctx.beginPath();
    ctx.moveTo(0, Math.round(top) + 0.5);
    ctx.lineTo(view.width, Math.round(top) + 0.5);
    ctx.stroke();
    ctx.setLineDash([]);
  });
}

/** Dots never closer than 18 pixels; none where they would only be noise. */
export function drawGrid(ctx: CanvasRenderingContext2D, look: Look): void {
  const { view, theme, ratio } = look;
  if (view.zoom < 0.3) return;
  let step = GRID * 3;
  while (step * view.zoom < 18) step *= 2;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = theme.grid;
  const size = view.zoom >= 0.8 ? 1.5 : 1;
  const x0 = (Math.floor(view.x / step) * step - view.x) * view.zoom;
  const y0 = (Math.floor(view.y / step) * step - view.y) * view.zoom;
  const apart = step * view.zoom;
  for (let x = x0; x < view.width; x += apart) for (let y = y0; y < view.height; y += apart) ctx.fillRect(x, y, size, size);
}
