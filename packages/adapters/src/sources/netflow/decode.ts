import type { Decoded, Decoder, DecoderInput, FlowFormat, Tells } from "@bulkhead/core/outside";
import { u16, u32 } from "../big-endian.ts";
import { unread } from "../unread.ts";
import { fixedTemplate, headerAt, headerBytes } from "./headers.ts";
import { memoryOf } from "./memory.ts";
import { readingOf, readMessages } from "./messages.ts";

const tells: Tells = {
  reads: "",
  opener: ["handshake", "first-packet", "stated", "port", "unknown"],
  answered: "sometimes",
  verdict: "sometimes",
  rule: "sometimes",
  reason: "sometimes",
  counts: ["one", "both", "none"],
  connections: ["windows", "intervals", "events"],
  bytes: ["ip", "payload", "frame"],
  sampling: "said",
  labels: ["user"],
  times: "first and last",
  gaps: "sequence numbers say what was lost on the way, sampling what was never looked at; a firewall's and a router's own limits are not said",
};

/** NetFlow 1, 5, 7 and 9, as one datagram a file or messages one after the other; messages of IPFIX in between are read, too. */
export const netflow: FlowFormat = {
  name: "netflow",
  tells: {
    ...tells,
    reads: "NetFlow versions 1, 5, 7 and 9 (with NSEL and NEL): one datagram a file, one after the other, or with `--format netflow` a capture of them",
  },
  recognises: (head) => isMessage(head, [1, 5, 7, 9]),
  decoder: exportDecoder,
};

/** IPFIX (RFC 7011), as one datagram a file or messages one after the other (RFC 5655). */
export const ipfix: FlowFormat = {
  name: "ipfix",
  tells: {
    ...tells,
    reads:
      "IPFIX with biflows, sampled packets and the fields of Cisco, VMware, YAF, Antrea, Barracuda: one message a file, one after the other (RFC 5655), or with `--format ipfix` a capture of them",
    labels: ["user", "namespace", "pod", "node", "service"],
  },
  recognises: (head) => isMessage(head, [10]),
  decoder: exportDecoder,
};

function exportDecoder({ file, together, sender, before = 0 }: DecoderInput): Decoder {
  let ready: Decoded[] = [];
  const reading = readingOf(
    memoryOf(together),
    { file, sender: sender ?? "", observer: sender ?? null, records: before },
    (decoded) => void ready.push(decoded),
  );
  const held = unread();
  let isDone = false;

  function given(): Decoded[] {
    const out = ready;
    ready = [];
    return out;
  }

  function read(isLast: boolean): Decoded[] {
    const done = isDone ? -1 : readMessages(reading, held.all, isLast);
    isDone ||= done < 0;
    held.drop(isDone ? held.all.length : done);
    return given();
  }

  return {
    push(bytes) {
      if (isDone) return [];
      held.add(bytes);
      return read(false);
    },
    end: () => (isDone ? [] : read(true)),
  };
}

// 1990 and 2100: whoever exports has a clock that is not far off.
const [earliest, latest] = [631_152_000, 4_102_444_800];

function isMessage(head: Uint8Array, versions: readonly number[]): boolean {
  if (head.length < 16) return false;
  const version = u16(head, 0);
  if (!versions.includes(version) || head.length < headerBytes(version)) return false;
  const seconds = u32(head, version === 10 ? 4 : 8);
  if (seconds < earliest || seconds > latest) return false;
  const { size, length, count } = headerAt(head, 0);
  const template = fixedTemplate(version);
  // What is no longer than a head must be there; and of a set its header.
  if (template !== null) return count > 0 && count <= 100 && (head.length >= length || head.length >= 65_536 - template.bytes);
  if (head.length < size + 4) return false;
  const [id, setLength] = [u16(head, size), u16(head, size + 2)];
  const isTemplate = version === 10 ? id === 2 || id === 3 : id < 2;
  return (isTemplate || id >= 256) && setLength >= 4 && (version === 9 ? count > 0 : size + setLength <= length);
}
