import { defineConfig } from "vitest/config";

/**
 * Sources stand in for the package's own entries, so pages and tests need no build of the
 * library.
 */
function here(path: string): string {
  return new URL(path, import.meta.url).pathname;
}

const testing = process.env.VITEST !== undefined;
const bridge = process.env.MOONWIRE_BRIDGE ?? "http://127.0.0.1:7420";

export default defineConfig({
  base: "./",
  resolve: {
    alias: [
      {
        find: "#net-backend",
        replacement: here(`./networking/backends/${testing ? "node" : "web"}/index.ts`),
      },
      { find: /^moonwire\/engine\/pixi$/, replacement: here("./engine/pixi/index.ts") },
      { find: /^moonwire\/engine$/, replacement: here("./engine/index.ts") },
      { find: /^moonwire\/networking$/, replacement: here("./networking/index.ts") },
      { find: /^moonwire\/networking\/testing$/, replacement: here("./networking/testing.ts") },
      { find: /^moonwire\/gridmate$/, replacement: here("./networking/gridmate/index.ts") },
      { find: /^moonwire\/toolkit$/, replacement: here("./networking/toolkit/index.ts") },
      { find: /^moonwire\/web$/, replacement: here("./networking/backends/web/index.ts") },
      { find: /^moonwire\/bridge$/, replacement: here("./networking/bridge/index.ts") },
    ],
  },
  build: {
    outDir: "dist/pages",
    target: "es2023",
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      input: [
        "index.html",
        "demos/start/index.html",
        "demos/arena/index.html",
        "demos/host/index.html",
      ],
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/bridge/": { target: bridge, ws: true } },
  },
  test: {
    testTimeout: 15_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/e2e/**", "tests/godot/**", "tests/proxies/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "proxies",
          include: ["tests/proxies/**/*.test.ts"],
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "soak",
          include: ["tests/soak/**/*.test.ts"],
          env: { MOONWIRE_SOAK_MINUTES: process.env.MOONWIRE_SOAK_MINUTES ?? "3" },
        },
      },
      {
        extends: true,
        test: {
          name: "godot",
          include: ["tests/godot/**/*.test.ts"],
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
