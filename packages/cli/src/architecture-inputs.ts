import type { Instant } from "@bulkhead/core/base/instant";
import type { ArchitectureInputs } from "@bulkhead/core/report/architecture/facts";
import type { Flow } from "@bulkhead/core/model/flow";
import type { Tells } from "@bulkhead/core/outside";

/** Everything that the architecture report of a data directory is computed from. */
export async function architectureInputs(
  directory: string,
  asked: Pick<ArchitectureInputs, "version" | "generatedAt" | "front"> & { readonly since: Instant | null; readonly until: Instant | null },
): Promise<ArchitectureInputs> {
  const [{ openArchive }, { loadInventory }, { holderSegments }, { formatNames, formatOf }] = await Promise.all([
    import("@bulkhead/adapters/stores/open"),
    import("@bulkhead/adapters/inventories/state"),
    import("@bulkhead/core/inventory/holders"),
    import("@bulkhead/adapters/sources/open"),
  ]);
  const believed = await loadInventory(directory);
  const archive = await openArchive(directory);
  try {
    const { since, until } = asked;
    const flows = await archive.conversations({ since, until, segments: holderSegments(believed.workloads) });
    const known = formatNames.flatMap((name) => {
      const format = formatOf(name);
      return format === null ? [] : [[name, cannotTellText(format.tells)] as const];
    });
    return { ...asked, flows, believed, sources: await archive.sources(), cannotTell: Object.fromEntries(known), confirmations: [], completeness: null };
  } finally {
    await archive.close();
  }
}

function cannotTellText({ opener, answered, verdict, counts, sampling, times, labels }: Tells): string {
  const cannot = [
    ...(opener.some((one) => one === "handshake" || one === "stated" || one === "first-packet") ? [] : ["who opened"]),
    ...(answered === "never" ? ["whether anything answered"] : []),
    ...(verdict === "never" ? ["whether it was allowed"] : []),
    ...(counts.includes("both") ? [] : ["both ways of a conversation at once"]),
    ...(sampling === "unsaid" ? ["what sampling left out"] : []),
    ...(times === "none" ? ["when"] : []),
    ...(labels.length === 0 ? ["names of its own"] : []),
  ];
  return cannot.join("; ");
}

/** The inputs as lines: everything but the flows first, then a flow a line, so that no text grows with an estate. */
export function* linesOf({ flows, ...rest }: ArchitectureInputs): Generator<unknown> {
  yield rest;
  yield* flows;
}

export async function inputsFrom(lines: AsyncIterable<unknown>): Promise<ArchitectureInputs> {
  let rest: Omit<ArchitectureInputs, "flows"> | null = null;
  const flows: Flow[] = [];
  for await (const line of lines) {
    if (rest === null) rest = line as Omit<ArchitectureInputs, "flows">;
    else flows.push(line as Flow);
  }
  if (rest === null) throw new Error("no inputs");
  return { ...rest, flows };
}
