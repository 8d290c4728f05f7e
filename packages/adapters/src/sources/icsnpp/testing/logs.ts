/** Small logs as Zeek writes them. */

const ends = "1540889767.5\tC1\t10.0.0.1\t40000\t10.0.0.2";

export const modbusLog = [
  "#separator \\x09",
  "#path\tmodbus",
  "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tpdu_type\tfunc\texception",
  `${ends}\t502\tREQ\tREAD_HOLDING_REGISTERS\t-`,
  `${ends}\t502\tRESP\tREAD_HOLDING_REGISTERS\t-`,
  `${ends}\t502\tREQ\tWRITE_MULTIPLE_REGISTERS\t-`,
  `${ends}\t502\tRESP\tWRITE_MULTIPLE_REGISTERS_EXCEPTION\tILLEGAL_DATA_ADDRESS`,
  "#close\t2018-10-30",
  "",
].join("\n");

export const modbusJson = ["READ_HOLDING_REGISTERS", "WRITE_MULTIPLE_REGISTERS"]
  .map((func) => `{"ts":1540889767.5,"uid":"C1","id.orig_h":"10.0.0.1","id.orig_p":40000,"id.resp_h":"10.0.0.2","id.resp_p":502,"func":"${func}"}\n`)
  .join("");

export const dnp3Log = [
  "#separator \\x09",
  "#path\tdnp3",
  "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tfc_request\tfc_reply\tiin",
  `${ends}\t20000\tREAD\tRESPONSE\t0`,
  `${ends}\t20000\t-\tUNSOLICITED_RESPONSE\t0`,
  "",
].join("\n");
