// Where the shell gives its place to us, npx hands on the Ctrl-C that the terminal has sent to us already.
const sameMs = 1000;
const lookMs = 500;

/** Aborted when somebody ends this program: SIGINT or SIGTERM, or that what npx started us in is gone. A signal a second later ends it at once. */
export function untilEnded(env: Readonly<Record<string, string | undefined>>): AbortSignal {
  const ending = new AbortController();
  const end = (): void => {
    if (ending.signal.aborted) return;
    ending.abort();
    setTimeout(() => {
      for (const signal of signals) process.removeListener(signal, end);
    }, sameMs).unref();
  };
  for (const signal of signals) process.on(signal, end);
  if (env["npm_command"] === "exec") watchParent(end, ending.signal);
  return ending.signal;
}

const signals = ["SIGINT", "SIGTERM"] as const;

// npx (npm 11, 2026-11) starts a shell between itself and us: SIGTERM ends both, and the shell hands nothing on.
function watchParent(end: () => void, ended: AbortSignal): void {
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid !== parent) end();
    if (ended.aborted) clearInterval(look);
  }, lookMs);
  look.unref();
}
