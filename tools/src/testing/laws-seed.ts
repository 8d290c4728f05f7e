import fc from "fast-check";

// A commit is judged by the same worlds each time it is tested; `npm run laws` looks where nobody has looked before.
fc.configureGlobal({ seed: Number(process.env["BULKHEAD_LAWS_SEED"] ?? 20_261_125) });
