import { cloudSamples } from "./cloud-samples.ts";
import { accountsJson, accountsLdif, credentialSamples, secretsJson } from "./credential-samples.ts";

/** A small file of each form of each format, written by hand from the tools' documentation; the fuzz damages them. */
export const samples: Readonly<Record<string, readonly string[]>> = {
  ...cloudSamples,
  ...credentialSamples,
  "ip-neigh": [
    `10.0.0.1 dev eth0 lladdr 52:54:00:12:35:02 REACHABLE
10.0.0.7 dev eth0 lladdr 52:54:00:12:35:07 used 20/15/10 probes 4 STALE
10.0.0.9 dev eth0  FAILED
fe80::2 dev eth0 lladdr 52:54:00:12:35:02 router STALE
2001:db8::7 dev eth0 lladdr 52:54:00:12:35:07 DELAY
224.0.0.22 dev eth0 lladdr 01:00:5e:00:00:16 NOARP
`,
    JSON.stringify([
      { dst: "10.0.0.1", dev: "eth0", lladdr: "52:54:00:12:35:02", state: ["REACHABLE"] },
      { dst: "10.0.0.9", dev: "eth0", state: ["FAILED"] },
    ]),
  ],
  "isc-dhcp": [
    `# The format of this file is documented in the dhcpd.leases(5) manual page.
authoring-byte-order little-endian;
server-duid "\\000\\001\\000\\001#\\272\\337\\351";
failover peer "east" state {
  my state normal at 1 2026/11/23 00:00:00;
}
lease 10.0.1.20 {
  starts 3 2026/11/25 08:00:00;
  ends 3 2026/11/25 20:00:00;
  tstp 3 2026/11/25 20:00:00;
  binding state active;
  next binding state free;
  hardware ethernet 52:54:00:aa:00:01;
  uid "\\001RT\\000\\252\\000\\001";
  client-hostname "Laptop-1";
}
lease 10.0.1.21 {
  starts epoch 1764057600; # Tue Nov 25 08:00:00 2025
  ends never;
  binding state active;
  hardware ethernet 52:54:00:aa:00:02;
}
lease 10.0.1.22 {
  starts 3 2026/11/25 08:00:00;
  ends 3 2026/11/25 20:00:00;
  binding state abandoned;
}
`,
    `ia-na "\\230\\262\\017\\001\\000\\001" {
  cltt 3 2026/11/25 08:00:00;
  iaaddr 2001:db8::20 {
    binding state active;
    preferred-life 27000;
    max-life 43200;
    ends 3 2026/11/25 20:00:00;
  }
}
`,
  ],
  dnsmasq: [
    "1795622400 52:54:00:aa:00:01 10.0.1.20 laptop-1 01:52:54:00:aa:00:01\n0 52:54:00:aa:00:02 10.0.1.21 * *\nduid 00:01:00:01:2a\n1795622400 123456 2001:db8::20 laptop-1 00:01\n",
  ],
  kea: [
    `address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id
10.0.1.20,52:54:00:aa:00:01,01:52:54:00:aa:00:01,3600,1795608000,1,0,0,laptop-1.example.gov,0,,0
10.0.1.20,52:54:00:aa:00:01,01:52:54:00:aa:00:01,3600,1795611600,1,0,0,laptop-1.example.gov,0,,0
10.0.1.21,52:54:00:aa:00:02,,4294967295,1795611600,1,0,0,,0,,0
`,
    `address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source,pool_id
2001:db8::20,00:01:00:01:2a,3600,1795611600,1,1800,0,7,128,0,0,laptop-1,52:54:00:aa:00:01,0,,1,2,0
2001:db8:1::,00:01:00:01:2a,3600,1795611600,1,1800,2,8,56,0,0,,,0,,1,2,0
`,
  ],
  "windows-dhcp": [
    `#TYPE Microsoft.Management.Infrastructure.CimInstance#root/Microsoft/Windows/DHCP/DhcpServerv4Lease
"IPAddress","ScopeId","AddressState","ClientId","ClientType","Description","DnsRR","HostName","LeaseExpiryTime","ServerIP"
"10.0.1.20","10.0.1.0","Active","52-54-00-aa-00-01","Dhcp","","A","Laptop-1.example.gov","11/25/2026 8:00:00 PM","10.0.1.2"
"10.0.1.30","10.0.1.0","InactiveReservation","52-54-00-aa-00-30","Dhcp","","NoRegistration","printer-1.example.gov","","10.0.1.2"
`,
    JSON.stringify([
      {
        IPAddress: { Address: 335609866, AddressFamily: 2, IPAddressToString: "10.0.1.20" },
        AddressState: "Active",
        ClientId: "52-54-00-aa-00-01",
        HostName: "Laptop-1.example.gov",
        LeaseExpiryTime: "/Date(1795636800000)/",
      },
      { IPAddress: "10.0.1.21", AddressState: "ActiveReservation", ClientId: "52-54-00-aa-00-02", HostName: null, LeaseExpiryTime: null },
    ]),
  ],
  rvtools: [
    `VM,Powerstate,Template,SRM Placeholder,DNS Name,Primary IP Address,Folder,Annotation,Application,Environment,Owner,Datacenter,Cluster,Host,OS according to the VMware Tools,VM ID,VM UUID
Billing API 1,poweredOn,False,False,billing-api-1.example.gov,10.0.2.11,Finance,,billing,prod,team-billing,east,c1,esx1,Red Hat Enterprise Linux 9 (64-bit),vm-101,421a-1
golden-image,poweredOff,True,False,,,Templates,,,,,east,c1,esx1,,vm-7,421a-7
billing-db-1,poweredOff,False,False,billing-db-1,10.0.2.12,Finance,,billing,prod,,east,c1,esx2,,vm-102,421a-2
`,
    `"VM";"Powerstate";"Template";"NIC label";"Network";"Mac Address";"IPv4 Address";"IPv6 Address";"VM ID";"VM UUID"
"Billing API 1";"poweredOn";"False";"Network adapter 1";"dvPortGroup-20";"00:50:56:aa:00:01";"10.0.2.11, 10.0.3.11";"fe80::250:56ff:feaa:1, 2001:db8::11";"vm-101";"421a-1"
`,
  ],
  powercli: [
    JSON.stringify([
      {
        Name: "billing-api-1",
        PowerState: 1,
        Guest: { OSFullName: "Ubuntu Linux (64-bit)", IPAddress: ["10.0.2.11", "fe80::1"], HostName: "billing-api-1.example.gov" },
        VMHost: { Name: "esx1" },
        Folder: { Name: "Finance" },
        CustomFields: [{ Key: "app", Value: "billing" }],
      },
      { Name: "old-1", PowerState: 0, Guest: "old-1:Microsoft Windows Server 2008 (64-bit)", VMHost: "esx1", Folder: "Attic", CustomFields: [] },
    ]),
    `#TYPE Selected.VMware.VimAutomation.ViCore.Impl.V1.VM.UniversalVirtualMachineImpl
"Name","PowerState","VMHost","Folder","IPAddress","Guest"
"billing-api-1","PoweredOn","esx1","Finance","10.0.2.11 fe80::1","billing-api-1:Ubuntu Linux (64-bit)"
`,
  ],
  netbox: [
    JSON.stringify({
      count: 5,
      next: null,
      previous: null,
      results: [
        {
          url: "https://netbox.example.gov/api/dcim/devices/1/",
          name: "sw-1",
          role: { name: "Access Switch", slug: "access-switch" },
          platform: { name: "IOS XE" },
          site: { name: "HQ" },
          tenant: null,
          status: { value: "active", label: "Active" },
          primary_ip4: { address: "10.0.9.1/24" },
          tags: [{ name: "Prod", slug: "prod" }],
          custom_fields: { application: "network", cost: 12, x: null },
        },
        {
          url: "https://netbox.example.gov/api/virtualization/virtual-machines/2/",
          name: "vm-2",
          status: { value: "planned" },
          cluster: { name: "c1" },
          primary_ip4: { address: "10.0.2.2/24" },
        },
        {
          url: "https://netbox.example.gov/api/ipam/ip-addresses/3/",
          address: "10.0.9.2/24",
          status: { value: "active" },
          role: null,
          dns_name: "",
          assigned_object: { name: "Vlan9", device: { name: "sw-1" } },
        },
        {
          url: "https://netbox.example.gov/api/ipam/ip-addresses/4/",
          address: "10.0.9.254/24",
          status: { value: "active" },
          role: { value: "vip" },
          dns_name: "gw.example.gov",
          assigned_object: { device: { name: "sw-1" } },
        },
        {
          url: "https://netbox.example.gov/api/ipam/prefixes/5/",
          prefix: "10.0.9.0/24",
          vlan: { vid: 9, name: "mgmt" },
          site: { name: "HQ" },
          status: { value: "active" },
          role: { name: "Management" },
          description: "",
        },
        { url: "https://netbox.example.gov/api/ipam/vlans/6/", vid: 9, name: "mgmt", status: { value: "active" } },
      ],
    }),
    `Name,Status,Tenant,Site,Role,Manufacturer,Type,IPv4 Address,IPv6 Address,Tags
sw-1,Active,IT,HQ,Access Switch,Cisco,C9300,10.0.9.1/24,,"prod,core"
`,
    `IP Address,VRF,Status,Role,Tenant,Assigned,DNS Name,Description,Device
10.0.9.2/24,,Active,,IT,True,,,sw-1
`,
    `Prefix,Status,Children,VRF,Utilization,Tenant,Site,VLAN,Role,Description
10.0.9.0/24,Active,0,,5%,IT,HQ,mgmt (9),Management,
10.0.9.7/24,Active,0,,5%,IT,HQ,mgmt (9),Management,
`,
    `VID,Name,Site,Group,Prefixes,Tenant,Status,Role,Description
9,mgmt,HQ,,10.0.9.0/24,IT,Active,Management,
`,
  ],
  servicenow: [
    `name,sys_class_name,ip_address,fqdn,os,operational_status,install_status,u_application,used_for,support_group,location,sys_id
billing-api-1,cmdb_ci_linux_server,10.0.2.11,billing-api-1.example.gov,Red Hat,1,1,billing,Production,team-billing,HQ,0a1b
old-1,cmdb_ci_win_server,10.0.2.99,,Windows 2008,6,7,,,,HQ,0a1c
`,
  ],
  "active-directory": [
    `version: 1

dn: CN=WEB-1,OU=Web,OU=Servers,DC=example,DC=gov
objectClass: top
objectClass: person
objectClass: computer
cn: WEB-1
sAMAccountName: WEB-1$
dNSHostName: web-1.example.gov
operatingSystem: Windows Server 2022 Datacenter
operatingSystemVersion: 10.0 (20348)
userAccountControl: 4096
description:: QmlsbGluZyBBUEk=
servicePrincipalName: HOST/WEB-1

dn: CN=Alice,OU=People,DC=example,DC=gov
objectClass: user
cn: Alice
`,
    `"DistinguishedName","DNSHostName","Enabled","IPv4Address","IPv6Address","Name","ObjectClass","OperatingSystem","SamAccountName"
"CN=WEB-1,OU=Web,OU=Servers,DC=example,DC=gov","web-1.example.gov","True","10.0.2.21","","WEB-1","computer","Windows Server 2022 Datacenter","WEB-1$"
"CN=PC-9,OU=Clients,DC=example,DC=gov","pc-9.example.gov","False","10.0.5.9","","PC-9","computer","Windows 11 Enterprise","PC-9$"
`,
    JSON.stringify({
      DistinguishedName: "CN=WEB-1,OU=Web,OU=Servers,DC=example,DC=gov",
      DNSHostName: "web-1.example.gov",
      Enabled: true,
      IPv4Address: "10.0.2.21",
      Name: "WEB-1",
      ObjectClass: "computer",
      OperatingSystem: "Windows Server 2022 Datacenter",
      SamAccountName: "WEB-1$",
    }),
    accountsLdif,
    accountsJson,
  ],
  nmap: [
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<!-- Nmap 7.94 scan -->
<nmaprun scanner="nmap" args="nmap -oX - 10.0.0.0/24" start="1795600800" version="7.94">
<host starttime="1795600860" endtime="1795600900"><status state="up" reason="arp-response"/>
<address addr="10.0.2.11" addrtype="ipv4"/><address addr="00:50:56:AA:00:01" addrtype="mac" vendor="VMware"/>
<hostnames><hostname name="Billing-API-1.example.gov" type="PTR"/></hostnames>
<ports><port protocol="tcp" portid="443"><state state="open"/><service name="https"/></port></ports>
<os><osmatch name="Linux 5.0 - 6.2" accuracy="100"/></os></host>
<host><status state="up"/><address addr="10.0.2.77" addrtype="ipv4"/></host>
<host><status state="down"/><address addr="10.0.2.78" addrtype="ipv4"/></host>
</nmaprun>
`,
  ],
  terraform: [
    JSON.stringify({
      version: 4,
      terraform_version: "1.9.0",
      serial: 3,
      lineage: "x",
      outputs: {},
      resources: [
        {
          mode: "managed",
          type: "aws_instance",
          name: "web",
          provider: 'provider["registry.terraform.io/hashicorp/aws"]',
          instances: [
            {
              index_key: 0,
              attributes: {
                id: "i-0a",
                private_ip: "10.0.2.31",
                public_ip: "",
                ipv6_addresses: [],
                secondary_private_ips: ["10.0.2.32"],
                tags: { Name: "web-1", App: "shop", Environment: "prod" },
              },
            },
            { index_key: 1, attributes: { id: "i-0b", private_ip: "10.0.2.33", tags: null } },
          ],
        },
        { mode: "managed", type: "aws_subnet", name: "a", instances: [{ attributes: { cidr_block: "10.0.2.0/24", tags: { Name: "private-a" } } }] },
        {
          mode: "managed",
          type: "google_compute_instance",
          name: "g",
          module: "module.g",
          instances: [
            {
              attributes: { name: "g-1", network_interface: [{ network_ip: "10.0.4.2", access_config: [{ nat_ip: "203.0.113.9" }] }], labels: { role: "api" } },
            },
          ],
        },
      ],
    }),
    JSON.stringify({
      format_version: "1.0",
      terraform_version: "1.9.0",
      values: {
        root_module: {
          child_modules: [
            {
              resources: [
                {
                  address: "module.a.hcloud_server.b",
                  type: "hcloud_server",
                  values: { name: "b-1", ipv4_address: "203.0.113.5", labels: { env: "dev" }, network: [{ ip: "10.0.6.2" }] },
                },
              ],
            },
          ],
        },
      },
    }),
  ],
  ansible: [
    `; the office
mail.example.gov ansible_host=10.0.7.5

[web]
web-[01:03].example.gov app=shop
[db]
db-1 ansible_host=10.0.7.9 role="data base" # primary
10.0.7.10
[prod:children]
web
db
[prod:vars]
env=prod
`,
    `all:
  hosts:
    mail.example.gov: { ansible_host: 10.0.7.5 }
  vars: { owner: it }
  children:
    web:
      hosts:
        web-[01:02].example.gov:
      vars: { app: shop }
    prod:
      children:
        web:
      vars: { env: prod }
`,
    JSON.stringify({
      _meta: { hostvars: { "web-01": { ansible_host: "10.0.7.1", app: "shop" } } },
      all: { children: ["ungrouped", "web"] },
      web: { hosts: ["web-01"] },
    }),
  ],
  kubernetes: [
    ...cloudSamples["kubernetes"]!,
    secretsJson,
    `apiVersion: v1\nkind: Pod\nmetadata: { name: web-1, namespace: shop, labels: { app: web } }\nstatus: { podIP: 10.1.0.5, startTime: "2026-01-01T00:00:00Z" }\n`,
    JSON.stringify({
      apiVersion: "v1",
      kind: "List",
      items: [{ apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "shop" }, spec: { clusterIP: "10.96.0.1" } }],
    }),
  ],
  assets: [
    `{"workloads":[{"id":"web-1","owner":"team","labels":{"app":"shop"},"addresses":["10.0.0.1",{"address":"10.0.0.2","from":"2026-01-01T00:00:00Z","until":null}],"identity":{"name":"a","tier":3}}]}`,
    `workloads:\n  - id: web-1\n    labels: { app: shop }\n    addresses: [10.0.0.1]\n`,
  ],
  "fisma-systems": [
    'system,boundary,level,hva,owner\nBILL-1,10.1.0.0/16 10.3.7.9,High,yes,Ann\nBILL-1,"app=billing,env=prod",,,\nHR-2,10.2.0.0/16; 2001:db8::/32,low,no,\n',
  ],
  agreements: [
    "from system,to system,service,agreement,since,until,direction\nBILL-1,HR-2,tcp/443 postgres,ISA-7,2026-01-01,2027-01-01,\nHR-2,BILL-1,,MOU-2,,2026-02-01,both\n",
  ],
  csv: ["id,app,owner,address,from,until\nweb-1,shop,team,10.0.0.1,2026-01-01,\nweb-2,shop,,10.0.0.2,,2026-11-25T12:00:00Z\n"],
};
