const words = (text: string): readonly string[] => text.split(" ");

/** The default format of network interfaces, version 2, in AWS's order; any other order comes with a header line. */
export const interfaceFields = words("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status");

/** The default format of transit gateways, version 6. */
export const gatewayFields = words(
  "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id " +
    "tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr srcport dstport " +
    "protocol packets bytes start end log-status type packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired " +
    "tcp-flags region flow-direction pkt-src-aws-service pkt-dst-aws-service",
);
