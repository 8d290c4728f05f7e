import type { Flow } from "@bulkhead/core/model/flow";

/** Inputs as lines: everything but the flows first, then a flow a line, so that no text grows with an estate. */
export function* linesOf({ flows, ...rest }: { readonly flows: readonly Flow[] }): Generator<unknown> {
  yield rest;
  yield* flows;
}

/** The inputs that lines were made of. */
export async function inputsFrom<Inputs extends { readonly flows: readonly Flow[] }>(lines: AsyncIterable<unknown>): Promise<Inputs> {
  let rest: object | null = null;
  const flows: Flow[] = [];
  for await (const line of lines) {
    if (rest === null) rest = line as object;
    else flows.push(line as Flow);
  }
  if (rest === null) throw new Error("no inputs");
  return { ...rest, flows } as unknown as Inputs;
}
