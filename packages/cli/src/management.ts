import { Failure } from "@bulkhead/core/base/failure";

/** The management path as `--management tcp/22,udp/161` writes it. */
export function managementOf(written: readonly string[] | undefined): readonly { readonly protocol: "tcp" | "udp"; readonly port: number }[] {
  return (written ?? []).map((text) => {
    const [, protocol, port] = /^(tcp|udp)\/(\d{1,5})$/.exec(text) ?? [];
    if (protocol === undefined || Number(port) > 65_535) throw new Failure(`the management path ${text} is no port`, "write it as tcp/22");
    return { protocol: protocol as "tcp" | "udp", port: Number(port) };
  });
}
