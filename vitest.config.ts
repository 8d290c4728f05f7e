import { defineConfig } from "vitest/config";

// Tests run against the sources; `dist` is what people run.
export default defineConfig({
  resolve: {
    alias: [{ find: /^@bulkhead\/(core|adapters|agent|lab|cli)\/(.*)$/, replacement: `${import.meta.dirname}/packages/$1/src/$2.ts` }],
  },
  test: {
    include: ["packages/*/src/**/*.test.ts", "tools/**/*.test.ts", "bench/**/*.test.ts"],
    exclude: ["**/dist/**", "**/node_modules/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
