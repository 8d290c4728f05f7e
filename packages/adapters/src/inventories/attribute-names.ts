/** What is kept of a workload beside its labels; a column or key of any other name is a label. */
export const attributeNames = ["class", "owner", "os", "criticality", "hva", "fisma", "fisma-system", "mac", "fqdn", "same-as"] as const;
