/** terraform/ reads states: what each type of resource calls its name, its addresses and its tags. */
export interface ResourceShape {
  /** Where the name stands, before the resource's own; a path of keys, `*` is every element of a list. */
  readonly name: readonly string[];
  readonly addresses: readonly string[];
  readonly tags: readonly string[];
  readonly class: string;
}

const shape = (addresses: string, tags = "tags", name = "name", kind = "server"): ResourceShape => ({
  name: name.split(" "),
  addresses: addresses.split(" "),
  tags: tags.split(" "),
  class: kind,
});

// From the providers' schemas, 2026-11.
/** Machines by type of resource. Interfaces, disks and groups are none. */
export const machines: Readonly<Record<string, ResourceShape>> = {
  aws_instance: shape("private_ip secondary_private_ips public_ip ipv6_addresses", "tags_all tags", "tags.Name tags_all.Name id"),
  aws_spot_instance_request: shape("private_ip public_ip ipv6_addresses", "tags_all tags", "tags.Name tags_all.Name spot_instance_id"),
  aws_lightsail_instance: shape("private_ip_address public_ip_address ipv6_addresses", "tags_all tags"),
  azurerm_linux_virtual_machine: shape("private_ip_addresses private_ip_address public_ip_addresses"),
  azurerm_windows_virtual_machine: shape("private_ip_addresses private_ip_address public_ip_addresses"),
  azurerm_container_group: shape("ip_address", "tags", "name", "container"),
  google_compute_instance: shape(
    "network_interface.*.network_ip network_interface.*.access_config.*.nat_ip network_interface.*.ipv6_address",
    "effective_labels labels",
  ),
  google_sql_database_instance: shape("ip_address.*.ip_address", "settings.*.user_labels", "name", "database"),
  google_redis_instance: shape("host", "labels", "name", "database"),
  vsphere_virtual_machine: shape("guest_ip_addresses default_ip_address", "custom_attributes"),
  openstack_compute_instance_v2: shape("network.*.fixed_ip_v4 network.*.fixed_ip_v6 access_ip_v4 access_ip_v6", "metadata"),
  digitalocean_droplet: shape("ipv4_address_private ipv4_address ipv6_address", "tags"),
  hcloud_server: shape("ipv4_address ipv6_address network.*.ip", "labels"),
  linode_instance: shape("private_ip_address ipv4 ip_address ipv6", "tags", "label"),
  vultr_instance: shape("internal_ip main_ip v6_main_ip", "tags", "label hostname"),
  oci_core_instance: shape("private_ip public_ip", "freeform_tags", "display_name"),
  ibm_is_instance: shape("primary_network_interface.*.primary_ipv4_address network_interfaces.*.primary_ipv4_address", "tags"),
  alicloud_instance: shape("private_ip public_ip", "tags", "instance_name"),
  proxmox_vm_qemu: shape("default_ipv4_address default_ipv6_address", "tags"),
  proxmox_virtual_environment_vm: shape("ipv4_addresses.*.* ipv6_addresses.*.*", "tags"),
  libvirt_domain: shape("network_interface.*.addresses.*", "metadata"),
  nutanix_virtual_machine: shape("nic_list_status.*.ip_endpoint_list.*.ip nic_list.*.ip_endpoint_list.*.ip", "categories"),
};

/** Networks by type of resource: where their prefixes stand. */
export const networks: Readonly<Record<string, { readonly prefixes: readonly string[]; readonly kind: string }>> = {
  aws_vpc: { prefixes: ["cidr_block", "ipv6_cidr_block"], kind: "vpc" },
  aws_subnet: { prefixes: ["cidr_block", "ipv6_cidr_block"], kind: "subnet" },
  azurerm_virtual_network: { prefixes: ["address_space.*"], kind: "vnet" },
  azurerm_subnet: { prefixes: ["address_prefixes.*"], kind: "subnet" },
  google_compute_subnetwork: { prefixes: ["ip_cidr_range", "secondary_ip_range.*.ip_cidr_range"], kind: "subnet" },
  openstack_networking_subnet_v2: { prefixes: ["cidr"], kind: "subnet" },
  hcloud_network_subnet: { prefixes: ["ip_range"], kind: "subnet" },
  digitalocean_vpc: { prefixes: ["ip_range"], kind: "vpc" },
  oci_core_subnet: { prefixes: ["cidr_block", "ipv6cidr_block"], kind: "subnet" },
  alicloud_vswitch: { prefixes: ["cidr_block"], kind: "subnet" },
};
