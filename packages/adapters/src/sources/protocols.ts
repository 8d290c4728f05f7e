import { protocolOf } from "./record.ts";

// IANA's protocol numbers by the names that logs use.
const numbers: Readonly<Record<string, number>> = {
  igmp: 2,
  ipip: 4,
  ipinip: 4,
  tcp: 6,
  egp: 8,
  igp: 9,
  igrp: 9,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  rsvp: 46,
  gre: 47,
  esp: 50,
  ipsec: 50,
  ah: 51,
  ahp: 51,
  eigrp: 88,
  ospf: 89,
  ospfigp: 89,
  nos: 94,
  pim: 103,
  pcp: 108,
  ipcomp: 108,
  snp: 109,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  udplite: 136,
};
const icmpNames = new Set(["icmp", "icmp6", "icmpv6", "ipv6-icmp", "icmp-v6", "1", "58"]);

/** The protocol that a log's word or number means, as a record carries it; null when it means none. ICMP is by the family of an address. */
export function protocolNamed(word: string | undefined, address: string): string | null {
  const name = word?.trim().toLowerCase() ?? "";
  if (icmpNames.has(name)) return address.includes(":") ? "icmp6" : "icmp";
  if (/^\d{1,3}$/.test(name)) return Number(name) < 256 ? protocolOf(Number(name)) : null;
  const number = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  return number === undefined ? null : protocolOf(number);
}

// The names that firewalls write for well-known ports.
const services: Readonly<Record<string, number>> = {
  "ftp-data": 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  nameserver: 42,
  whois: 43,
  tacacs: 49,
  domain: 53,
  dns: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  gopher: 70,
  finger: 79,
  www: 80,
  http: 80,
  hostname: 101,
  pop2: 109,
  pop3: 110,
  sunrpc: 111,
  ident: 113,
  nntp: 119,
  ntp: 123,
  "netbios-ns": 137,
  "netbios-dgm": 138,
  "netbios-ssn": 139,
  imap4: 143,
  imap: 143,
  snmp: 161,
  "snmp-trap": 162,
  snmptrap: 162,
  xdmcp: 177,
  bgp: 179,
  irc: 194,
  dnsix: 195,
  ldap: 389,
  "mobile-ip": 434,
  https: 443,
  "pim-auto-rp": 496,
  isakmp: 500,
  biff: 512,
  exec: 512,
  login: 513,
  who: 513,
  cmd: 514,
  rsh: 514,
  syslog: 514,
  lpd: 515,
  talk: 517,
  rip: 520,
  uucp: 540,
  klogin: 543,
  kshell: 544,
  rtsp: 554,
  ldaps: 636,
  "secureid-udp": 5510,
  kerberos: 88,
  "kerberos-tcp": 88,
  citrix: 1494,
  sqlnet: 1521,
  h323: 1720,
  pptp: 1723,
  radius: 1645,
  "radius-acct": 1646,
  nfs: 2049,
  ctiqbe: 2748,
  aol: 5190,
  sip: 5060,
  "pcanywhere-data": 5631,
  "pcanywhere-status": 5632,
  cifs: 445,
};

/** The port that a number or a firewall's name for it means, or null. */
export function portNamed(word: string | undefined): number | null {
  const name = word?.trim().toLowerCase() ?? "";
  if (/^\d{1,5}$/.test(name)) return Number(name) <= 65_535 ? Number(name) : null;
  return Object.hasOwn(services, name) ? services[name]! : null;
}
