/** sflow/ reads what switches sample: decode.ts finds datagrams and their samples, samples.ts the packets in them. */
import type { Connection } from "@bulkhead/core/model/connection";
import type { Decoded, Decoder, DecoderInput, FlowFormat } from "@bulkhead/core/outside";
import { fourText, sixText } from "../address-texts.ts";
import { u32 } from "../big-endian.ts";
import { connectionOfPacket } from "../sampled-packet.ts";
import { unread } from "../unread.ts";
import { discardOf } from "./discard.ts";
import { remarksOf } from "./remarks.ts";
import { isCounter, type Sample, sampleOf } from "./samples.ts";

/** sFlow version 5, as one datagram a file or one after the other: one record for each sampled packet. */
export const sflow: FlowFormat = {
  name: "sflow",
  tells: {
    reads:
      "sFlow version 5: flow samples, expanded ones, and discarded packets; one datagram a file, one after the other, or with `--format sflow` a capture of them",
    opener: ["handshake", "stated", "port", "unknown"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "never",
    reason: "sometimes",
    counts: ["one"],
    connections: ["windows"],
    bytes: ["ip"],
    sampling: "said",
    labels: ["user"],
    times: "none",
    gaps: "it knows no time: where bulkhead listens, or reads a capture, it is that of arrival; sequence numbers say which datagrams were lost, agents how many samples they had to drop",
  },
  recognises: isDatagram,
  decoder: datagramDecoder,
};

// A datagram holds 64 KiB; what claims more is damage.
const sampleMax = 65_536;
const samplesMax = 16_384;
const wrap = 4_294_967_296;

/** An agent, or its part of a switch, and what it said last. */
interface Agent {
  expected: number;
  readonly drops: Map<number, number>;
}

interface Datagram {
  readonly agent: Agent;
  readonly address: string;
  samples: number;
}

const memories = new WeakMap<object, Map<string, Agent>>();
const agentsMax = 4096;
const sourcesMax = 4096;

function datagramDecoder({ file, together, arrived, before = 0 }: DecoderInput): Decoder {
  let ready: Decoded[] = [];
  const reading: Reading = {
    agents: agentsOf(together),
    file,
    arrived: arrived ?? null,
    records: before,
    open: null,
    give: (decoded) => void ready.push(decoded),
  };
  const held = unread();
  let isDone = false;

  function read(isLast: boolean): Decoded[] {
    const done = isDone ? -1 : readAll(reading, held.all, isLast);
    isDone ||= done < 0;
    held.drop(isDone ? held.all.length : done);
    const out = ready;
    ready = [];
    return out;
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

function agentsOf(together: object | undefined): Map<string, Agent> {
  const known = together === undefined ? undefined : memories.get(together);
  const agents = known ?? new Map<string, Agent>();
  if (together !== undefined) memories.set(together, agents);
  return agents;
}

/** Where the reading of a file stands. */
interface Reading {
  readonly agents: Map<string, Agent>;
  readonly file: string;
  readonly arrived: number | null;
  records: number;
  open: Datagram | null;
  readonly give: (decoded: Decoded) => void;
}

const more = 0;
const lost = -1;

function readAll(reading: Reading, bytes: Uint8Array, isLast: boolean): number {
  let at = 0;
  while (at < bytes.length) {
    const step = reading.open === null ? begin(reading, bytes, at) : next(reading, reading.open, bytes, at);
    if (step === lost) return lost;
    if (step === more) break;
    at += step;
  }
  if (!isLast) return at;
  if (at < bytes.length || reading.open !== null) refuse(reading, "truncated", "the file ends inside a datagram");
  return bytes.length;
}

/** Reads the header of a datagram. */
function begin(reading: Reading, bytes: Uint8Array, at: number): number {
  if (at + 8 > bytes.length) return more;
  const [version, family] = [u32(bytes, at), u32(bytes, at + 4)];
  if (version !== 5 || family < 1 || family > 2) {
    const isOlder = version === 2 || version === 4;
    refuse(
      reading,
      "no-datagram",
      isOlder ? `sFlow version ${version} is not read: let the agent send version 5` : "no datagram of sFlow version 5 begins here",
    );
    return lost;
  }
  const behind = at + (family === 1 ? 12 : 24);
  if (behind + 16 > bytes.length) return more;
  const address = family === 1 ? fourText(u32(bytes, at + 8)) : sixText(bytes, at + 8);
  const [part, sequence, samples] = [u32(bytes, behind), u32(bytes, behind + 4), u32(bytes, behind + 12)];
  if (samples > samplesMax) {
    refuse(reading, "absurd-length", `a datagram claims ${samples} samples; nothing behind it can be trusted`);
    return lost;
  }
  const agent = agentOf(reading.agents, `${address} ${part}`);
  follow(reading, agent, sequence);
  reading.open = samples === 0 ? null : { agent, address, samples };
  return behind + 16 - at;
}

function agentOf(agents: Map<string, Agent>, key: string): Agent {
  const known = agents.get(key);
  if (known !== undefined) return known;
  if (agents.size >= agentsMax) agents.clear();
  const agent: Agent = { expected: -1, drops: new Map() };
  agents.set(key, agent);
  return agent;
}

// More at once is an agent that started anew.
const gapMax = 1_000_000;

function follow({ give }: Reading, agent: Agent, sequence: number): void {
  const gap = agent.expected < 0 ? 0 : (sequence - agent.expected + wrap) % wrap;
  agent.expected = (sequence + 1) % wrap;
  if (gap === 0) return;
  if (gap <= gapMax) give({ kind: "notice", reason: "lost on the way, by the sequence numbers", count: gap });
  else give({ kind: "notice", reason: "the sequence numbers began anew" });
}

/** Reads the next sample of a datagram. */
function next(reading: Reading, datagram: Datagram, bytes: Uint8Array, at: number): number {
  if (at + 8 > bytes.length) return more;
  const [format, length] = [u32(bytes, at), u32(bytes, at + 4)];
  if (length > sampleMax) {
    refuse(reading, "absurd-length", `a sample claims ${length} bytes; nothing behind it can be trusted`);
    return lost;
  }
  if (at + 8 + length > bytes.length) return more;
  datagram.samples -= 1;
  if (datagram.samples === 0) reading.open = null;
  const sample = sampleOf(format, { bytes, at: at + 8, end: at + 8 + length });
  if (sample === undefined) refuse(reading, "bad-sample", "a sample's records are longer than the sample");
  else if (sample !== null) take(reading, datagram, sample);
  else if (isCounter(format)) reading.give({ kind: "notice", reason: "counters of interfaces, no packets" });
  else reading.give({ kind: "notice", reason: `samples of format ${format >>> 12}/${format & 0xfff}, which is not read` });
  return 8 + length;
}

function take(reading: Reading, { agent, address }: Datagram, sample: Sample): void {
  dropped(reading, agent, sample);
  if (sample.header === null) {
    reading.give({ kind: "notice", reason: "a sample holds no IP packet" });
    return;
  }
  reading.records += 1;
  const { clientUser, serverUser, note } = remarksOf(sample);
  const connection = connectionOfPacket(sample.header, {
    source: "sflow",
    file: reading.file,
    record: reading.records,
    observer: address,
    first: reading.arrived,
    last: reading.arrived,
    sampling: sample.rate,
    ...discardOf(sample.reason),
    note,
  });
  reading.give({
    kind: "connection",
    connection: clientUser === null && serverUser === null ? connection : named(connection, sample.header.source, [clientUser, serverUser]),
  });
}

/** The connection with the names of the users at source and destination. */
function named(connection: Connection, source: string, [from, to]: readonly [string | null, string | null]): Connection {
  const labels = (user: string | null): Connection["clientLabels"] => (user === null ? {} : { user });
  const isTurned = connection.client !== source;
  return { ...connection, clientLabels: labels(isTurned ? to : from), serverLabels: labels(isTurned ? from : to) };
}

/** Tells how many samples a source has dropped since it said so last. */
function dropped({ give }: Reading, { drops }: Agent, sample: Sample): void {
  const known = drops.get(sample.source);
  if (known === undefined && drops.size >= sourcesMax) return;
  drops.set(sample.source, sample.drops);
  if (known !== undefined && sample.drops > known) give({ kind: "notice", reason: "samples that the agent had to drop", count: sample.drops - known });
}

function refuse({ give, file, records }: Reading, reason: string, message: string): void {
  give({ kind: "reject", reject: { file, record: records + 1, line: null, reason, message } });
}

function isDatagram(head: Uint8Array): boolean {
  if (head.length < 28 || u32(head, 0) !== 5) return false;
  const family = u32(head, 4);
  if (family !== 1 && family !== 2) return false;
  const behind = family === 1 ? 12 : 24;
  if (head.length < behind + 24) return head.length >= behind + 16 && u32(head, behind + 12) === 0;
  const [samples, format, length] = [u32(head, behind + 12), u32(head, behind + 16), u32(head, behind + 20)];
  return samples > 0 && samples <= samplesMax && format >>> 12 < 65_536 && length > 0 && length <= sampleMax && length % 4 === 0;
}
