import type { Decoded, FileFormat } from "@bulkhead/core/outside";
import { captureDecoder } from "./capture.ts";
import { pcap } from "./decode.ts";
import { type MessageReader, messageReader } from "./messages.ts";

/** Captures, looked at for what the messages of industrial protocols in them ask. Nothing but headers and function codes is kept. */
export const capturedFunctions: FileFormat = {
  name: "captured-functions",
  recognises: pcap.recognises,
  decoder: (input) =>
    captureDecoder(input, ({ textOf }) => {
      const reader = messageReader(textOf);
      return { packet: reader.see, told: () => told(reader) };
    }),
};

function told(reader: MessageReader): readonly Decoded[] {
  const uses = reader.uses().map((use): Decoded => ({ kind: "use", use }));
  const beyond = reader.beyond();
  return beyond === 0 ? uses : [...uses, { kind: "notice", reason: "messages of further pairs found no room", count: beyond }];
}
