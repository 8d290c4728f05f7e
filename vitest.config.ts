import { defineConfig } from "vitest/config";

// Tests run against the sources; `dist` is what people run.
export default defineConfig({
  resolve: {
    alias: [{ find: /^@bulkhead\/(core|adapters|agent|lab|cli)\/(.*)$/, replacement: `${import.meta.dirname}/packages/$1/src/$2.ts` }],
  },
  test: {
    include: ["packages/*/src/**/*.test.ts", "tools/**/*.test.ts", "bench/**/*.test.ts"],
    setupFiles: ["tools/src/testing/laws-seed.ts"],
    exclude: ["**/dist/**", "**/node_modules/**"],
    // Laws over random worlds take a quarter of a minute on two idle cores; on busy ones four times that is no failure.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    maxWorkers: 2,
  },
});
