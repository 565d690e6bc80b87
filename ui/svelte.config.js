import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

// The Svelte tools read their configuration from a default export.
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: ({ filename }) => (filename.includes("node_modules") ? undefined : true) },
};
