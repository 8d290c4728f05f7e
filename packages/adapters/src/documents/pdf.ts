/** documents/ sets documents of core as files that need a library: PDF, by Typst. */
import { Failure } from "@bulkhead/core/base/failure";
import { second, type Instant } from "@bulkhead/core/base/instant";

/** A tagged PDF (PDF/UA-1) of a Typst source; the same source and time give the same bytes. It loads nothing: the source holds its pictures. */
export async function pdfOf(source: string, at: Instant): Promise<Uint8Array> {
  const { NodeCompiler } = await import("@myriaddreamin/typst-ts-node-compiler").catch((error: Error) => {
    throw new Failure(`the typesetter cannot be loaded: ${error.message}`, "run `npm install` on this machine, or ask for the report without PDF: `--no-pdf`");
  });
  return NodeCompiler.create({}).pdf({ mainFileContent: source }, { pdfStandard: "ua-1", creationTimestamp: Math.floor(at / second) });
}
