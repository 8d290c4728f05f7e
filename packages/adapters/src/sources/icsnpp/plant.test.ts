import type { FileFormat } from "@bulkhead/core/outside";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { capturedFunctions } from "../pcap/functions.ts";
import { decodedBy } from "../testing/decoded-by.ts";
import { icsnpp } from "./decode.ts";

/** Captures of plants with the logs that Zeek made of them, beside the checkout. */
const plants = fileURLToPath(new URL("../../../../../../shared/data/ot-ics/", import.meta.url));
const isHere = existsSync(plants);

// Upstream keeps some logs without their head; these are the columns that it has cut off.
const ends = "ts uid id.orig_h id.orig_p id.resp_h id.resp_p";
const wayColumns = "is_orig source_h source_p destination_h destination_p";
const heads: Readonly<Record<string, string>> = {
  modbus: `${ends} func exception`,
  enip: `${ends} ${wayColumns} enip_command_code enip_command length session_handle enip_status sender_context options`,
  cip: `${ends} ${wayColumns} cip_sequence_count direction cip_service_code cip_service status_code status more_code more class_id class_name instance_id attribute_id`,
  cip_io: `${ends} ${wayColumns} connection_id sequence_number length content`,
  opcua_binary: `${ends} msg_type is_final ${Array.from({ length: 47 }, (_, at) => `c${at}`).join(" ")}`,
};

/** How often each function was asked between each pair: `10.0.0.1>10.0.0.2:502 modbus/3 2`. */
function sumsOf(format: FileFormat, contents: readonly (string | Uint8Array)[]): readonly string[] {
  const sums = new Map<string, number>();
  for (const content of contents)
    for (const one of decodedBy(format, content)) {
      if (one.kind !== "use") continue;
      const key = `${one.use.client}>${one.use.server}:${one.use.serverPort} ${one.use.function}`;
      sums.set(key, (sums.get(key) ?? 0) + one.use.messages);
    }
  return [...sums].map(([key, count]) => `${key} ${count}`).sort();
}

function logText(folder: string, name: string): string {
  const text = readFileSync(`${plants}${folder}/${name}.log`, "utf8").replace(/^### .*\n/, "");
  const head = heads[name];
  return text.startsWith("#separator") || head === undefined ? text : `#separator \\x09\n#path\t${name}\n#fields\t${head.replaceAll(" ", "\t")}\n${text}`;
}

const cases: readonly (readonly [trace: string, folder: string, logs: readonly string[]])[] = [
  ["icsnpp-modbus/traces/modbus_example.pcap", "icsnpp-modbus/baseline/analyzer.basic", ["modbus"]],
  ["icsnpp-modbus/traces/modbus_example.pcap", "icsnpp-modbus/baseline/analyzer.basic", ["modbus_detailed"]],
  ["icsnpp-enip/traces/enip_cip_example.pcap", "icsnpp-enip/baseline/analyzer.basic", ["enip", "cip", "cip_io"]],
  ["icsnpp-enip/traces/multiple_service_packet_cip.pcapng", "icsnpp-enip/baseline/analyzer.multiple_service_request", ["enip", "cip"]],
  ["icsnpp-enip/traces/set_attribute_single_service_cip.pcapng", "icsnpp-enip/baseline/analyzer.set_attr_single_service", ["enip", "cip"]],
  ["icsnpp-opcua-binary/traces/open62541_client-server_mainloop.pcap", "icsnpp-opcua-binary/baseline/analyzer.basic", ["opcua_binary"]],
  ["icsnpp-opcua-binary/traces/open62541_client-server_mainloop-no-handshake.pcap", "icsnpp-opcua-binary/baseline/analyzer.no-handshake", ["opcua_binary"]],
  [
    "icsnpp-opcua-binary/traces/open62541_client-server_mainloop-not-localhost-non-standard-port.pcap",
    "icsnpp-opcua-binary/baseline/analyzer.non-standard-port",
    ["opcua_binary"],
  ],
];

test.skipIf(!isHere)("a capture asks what Zeek's logs of it say, function by function (skipped where the plants do not lie beside the checkout)", () => {
  for (const [trace, folder, logs] of cases) {
    const inLogs = sumsOf(
      icsnpp,
      logs.map((name) => logText(folder, name)),
    );
    expect(inLogs, folder).not.toEqual([]);
    expect(sumsOf(capturedFunctions, [readFileSync(`${plants}${trace}`)]), `${trace} and ${logs.join(", ")}`).toEqual(inLogs);
  }
});

test.skipIf(!isHere)("a capture of DNP3 asks what Zeek's logs of it say (skipped where the plants do not lie beside the checkout)", () => {
  const folder = "icsnpp-dnp3/baseline/analyzer.basic";
  const captured = sumsOf(capturedFunctions, [readFileSync(`${plants}icsnpp-dnp3/traces/dnp3_example.pcap`)]);
  const isControl = (line: string): boolean => / dnp3\/[34] /.test(line);
  expect(captured.filter((line) => !isControl(line))).toEqual(sumsOf(icsnpp, [logText(folder, "dnp3")]).filter((line) => !isControl(line)));
  // dnp3.log names one request where two were sent before the first answer; the log of control blocks has them all, one block each in this capture.
  const blocks = logText(folder, "dnp3_control").split("\n");
  const asked = (name: string): number => blocks.filter((line) => line.includes(`\tT\t`) && line.includes(`\t${name}\t`)).length;
  expect(captured.filter(isControl)).toEqual([
    `10.10.20.5>10.10.20.8:20000 dnp3/3 ${asked("SELECT")}`,
    `10.10.20.5>10.10.20.8:20000 dnp3/4 ${asked("OPERATE")}`,
  ]);
});

test.skipIf(!isHere)("behind a gap of a capture, where Zeek gives up, messages are read on (skipped where the plants do not lie beside the checkout)", () => {
  const captured = sumsOf(capturedFunctions, [readFileSync(`${plants}icsnpp-opcua-binary/traces/opcua_with-gap.pcap`)]);
  for (const line of sumsOf(icsnpp, [logText("icsnpp-opcua-binary/baseline/analyzer.data-gap", "opcua_binary")])) expect(captured).toContain(line);
  expect(captured.some((line) => line.includes("opcua/631"))).toBe(true);
});

test.skipIf(!isHere)(
  "a function that is read as another is caught by the first of these tests (skipped where the plants do not lie beside the checkout)",
  () => {
    const trace = readFileSync(`${plants}icsnpp-modbus/traces/modbus_example.pcap`);
    const wrong = trace.map((byte, at) => (at > 24 && byte === 22 && trace[at - 7] === 0 && trace[at - 6] === 18 ? 21 : byte));
    expect(sumsOf(capturedFunctions, [wrong])).not.toEqual(sumsOf(icsnpp, [logText("icsnpp-modbus/baseline/analyzer.basic", "modbus")]));
  },
);
