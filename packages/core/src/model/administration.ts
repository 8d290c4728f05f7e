import { protocolNumbers, type ServicePoint } from "./service.ts";

/** A service by which one machine commands another, with its ports. */
export interface AdministrationService {
  readonly name: string;
  readonly protocol: number;
  readonly low: number;
  readonly high: number;
}

const tcp = (name: string, low: number, high = low): AdministrationService => ({ name, protocol: protocolNumbers.tcp, low, high });

/**
 * The services that intruders move by from machine to machine. MITRE ATT&CK (v17, 2025): T1021 remote services (RDP, SMB, DCOM, SSH, VNC, WinRM),
 * T1047 WMI, T1609 and T1610 containers; telnet and the r-commands as CISA and NSA name them (AA23-278A, weak remote services).
 * Ports are those that IANA registers; what a site moved elsewhere is not seen here, only among "any service".
 */
export const administrationServices: readonly AdministrationService[] = [
  tcp("ssh", 22),
  tcp("telnet", 23),
  // WMI and DCOM begin here, whatever port they go on with.
  tcp("rpc, wmi", 135),
  tcp("netbios", 139),
  tcp("smb", 445),
  tcp("rexec, rlogin, rsh", 512, 514),
  tcp("docker", 2375, 2376),
  tcp("rdp", 3389),
  // A display adds its number (RFC 6143, §6).
  tcp("vnc", 5900, 5909),
  tcp("winrm", 5985, 5986),
  tcp("kubelet", 10_250),
];

/** Every single port of them. */
export const administrationPoints: readonly (ServicePoint & { readonly name: string })[] = administrationServices.flatMap(({ name, protocol, low, high }) =>
  Array.from({ length: high - low + 1 }, (_, step) => ({ name, protocol, port: low + step })),
);
