/** The JSON Schema of policy files as text, for editors. */
export function policySchemaText(): string {
  return "{}\n";
}
