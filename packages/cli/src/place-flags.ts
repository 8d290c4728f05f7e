/** Where things are kept: the data directory, as `heldDirectory` and its kin find it. */
export const dataFlag = { kind: "parsed", parse: String, optional: true, brief: "Data directory (else BULKHEAD_DATA, else ./.bulkhead)" } as const;

/** Another inventory than that of the data directory. */
export const inventoryFlag = {
  kind: "parsed",
  parse: String,
  optional: true,
  brief: "A JSON file with workloads, points, quarantined (else what the data directory believes)",
} as const;
