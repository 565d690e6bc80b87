import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// Vite reads its configuration from a default export.
export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  // Vitest runs in Node; without this Svelte would resolve to its server build.
  ...(mode === "test" ? { resolve: { conditions: ["browser"] } } : {}),
  build: {
    // WebKitGTK 2.40, Safari 16 and WebView2 all read this.
    target: ["es2022", "safari16", "chrome110"],
    // The strict CSP allows no data: scripts or styles, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
  // A busy machine is no fault.
  test: { include: ["src/**/*.test.ts"], passWithNoTests: true, testTimeout: 60_000 },
}));
