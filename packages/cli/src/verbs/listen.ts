import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, madeDirectory } from "../context.ts";
import { untilEnded } from "../until-ended.ts";
import { datedBy, type DatedFlags, zoneFlag } from "../reading-flags.ts";

interface Flags extends Pick<DatedFlags, "zone"> {
  readonly netflow?: string;
  readonly ipfix?: string;
  readonly sflow?: string;
  readonly syslog?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly data?: string;
  readonly json?: boolean;
}

export const command = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Hear exported flows and syslog over the network until Ctrl-C; docs/reference/feeds.md says what is kept when",
  },
  parameters: {
    flags: {
      netflow: { kind: "parsed", parse: String, optional: true, brief: "ADDRESS:PORT for NetFlow over UDP, usually port 2055" },
      ipfix: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "ADDRESS:PORT for IPFIX over UDP and TCP, usually port 4739; over TLS instead of TCP with a certificate",
      },
      sflow: { kind: "parsed", parse: String, optional: true, brief: "ADDRESS:PORT for sFlow over UDP, usually port 6343" },
      syslog: { kind: "parsed", parse: String, optional: true, brief: "ADDRESS:PORT for syslog over UDP and TCP; over TLS alone with a certificate" },
      tlsCert: { kind: "parsed", parse: String, optional: true, brief: "Certificate (PEM) for syslog and IPFIX over TLS" },
      tlsKey: { kind: "parsed", parse: String, optional: true, brief: "Its key (PEM)" },
      zone: zoneFlag,
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "One JSON object a line: what is listened at, and in the end what was heard" },
    },
  },
  async func(this: Context, flags) {
    const [{ endpointOf, listenAtAll }, { feed, keptText }, { digestOf }, { readFileSync }] = await Promise.all([
      import("@bulkhead/adapters/feeds/listen"),
      import("../feeding.ts"),
      import("@bulkhead/adapters/digest"),
      import("node:fs"),
    ]);
    if ((flags.tlsCert === undefined) !== (flags.tlsKey === undefined))
      throw new Failure("TLS needs a certificate and its key", "give --tls-cert and --tls-key");
    const pem = (path: string): Buffer => {
      try {
        return readFileSync(path);
      } catch (error) {
        throw new Failure(`${path} cannot be read (${String((error as NodeJS.ErrnoException).code)})`, "name a file in PEM");
      }
    };
    const secrets = flags.tlsCert === undefined || flags.tlsKey === undefined ? null : { cert: pem(flags.tlsCert), key: pem(flags.tlsKey) };
    const asStream = secrets === null ? "tcp" : "tls";
    const endpoints = [
      ...(["netflow", "ipfix", "sflow"] as const).flatMap((kind) => (flags[kind] === undefined ? [] : [endpointOf(kind, flags[kind])])),
      ...(flags.ipfix === undefined ? [] : [endpointOf("ipfix", flags.ipfix, asStream)]),
      ...(flags.syslog === undefined ? [] : [...(secrets === null ? [endpointOf("syslog", flags.syslog)] : []), endpointOf("syslog", flags.syslog, asStream)]),
    ];
    if (endpoints.length === 0) throw new Failure("there is nothing to listen to", "say for example --netflow 127.0.0.1:2055");
    const data = madeDirectory(this, flags.data);
    const words = endpoints.map(({ kind, transport, host, port }) => `${kind} ${host}:${port} ${transport}`);
    const signal = untilEnded(this.env);
    const folder = `listen-${digestOf(words.join("\n")).slice(0, 16)}`;
    const inbox = await feed({ data, feed: `listen ${words.join(", ")}`, folder, say: this.say, signal }, async (inbox) => {
      const ears = await listenAtAll(endpoints, { inbox, secrets, dated: datedBy(flags), say: this.say, now: () => Date.now() * 1000 });
      for (const ear of ears) this.out(flags.json === true ? `${JSON.stringify({ listening: ear.name })}\n` : `listening: ${ear.name}\n`);
      return {
        beforeFlush: () => undefined,
        kernelDrops: () => Object.fromEntries(ears.map((ear) => [ear.name, ear.kernelDrops()])),
        close: async () => {
          for (const ear of ears) await ear.close();
        },
      };
    });
    this.out(flags.json === true ? `${JSON.stringify({ heard: inbox.records, unkept: inbox.waiting })}\n` : keptText(inbox, "heard"));
    if (inbox.waiting > 0) this.exit(1);
  },
});
