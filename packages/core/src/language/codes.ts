/** Every code that `check` can give: how bad it is, and its title. One page for each stands in docs/reference/diagnostics. */
export const catalogue = {
  // The file as a text.
  "file-too-large": { severity: "error", title: "A file is larger than 1 MiB" },
  "not-utf8": { severity: "error", title: "A file is not UTF-8" },
  "control-character": { severity: "error", title: "A file holds a control character" },
  syntax: { severity: "error", title: "A file is not YAML" },
  "too-deep": { severity: "error", title: "Lists and mappings are nested more than 32 deep" },
  "several-documents": { severity: "error", title: "A file holds more than one YAML document" },
  anchor: { severity: "error", title: "A YAML anchor or alias is used" },
  "merge-key": { severity: "error", title: "A YAML merge key is used" },
  tag: { severity: "error", title: "A YAML tag or directive is used" },
  "duplicate-key": { severity: "error", title: "A key is written twice in one mapping" },
  "bad-key": { severity: "error", title: "A key cannot be used as a key" },
  // The shape of sections and rules.
  "unknown-key": { severity: "error", title: "A key does not exist here" },
  "missing-key": { severity: "error", title: "A key is missing" },
  "wrong-type": { severity: "error", title: "A value is of another type than is asked for" },
  empty: { severity: "error", title: "Something is empty that must say something" },
  "unknown-word": { severity: "error", title: "A value is none of the words that are possible here" },
  "bad-name": { severity: "error", title: "A name is not made of the characters of a name" },
  "reserved-name": { severity: "error", title: "A name has a meaning of its own" },
  "duplicate-name": { severity: "error", title: "A name is used twice" },
  "unknown-name": { severity: "error", title: "A name is declared nowhere" },
  // What stands inside a rule.
  "bad-peer": { severity: "error", title: "A peer cannot be read" },
  "bad-identity": { severity: "error", title: "A star does not stand at the end of an identity" },
  "bad-service": { severity: "error", title: "A service cannot be read" },
  "bad-prefix": { severity: "error", title: "A prefix cannot be read" },
  "host-bits": { severity: "error", title: "A prefix has host bits" },
  "bad-time": { severity: "error", title: "A time cannot be read" },
  "ends-before-start": { severity: "error", title: "A rule ends before it starts" },
  "bad-fact": { severity: "error", title: "A demanded fact cannot be read" },
  "tier-in-forbid": { severity: "error", title: "A forbid asks for the tier of an identity" },
  "unknown-label": { severity: "error", title: "A label key is not in the label schema" },
  "unknown-label-value": { severity: "error", title: "A label value is not in the label schema" },
  // What concerns several places.
  "no-member": { severity: "error", title: "A rule of a policy can select no member of it" },
  "prefix-of-two-zones": { severity: "error", title: "Two zones claim the same prefix" },
  "unplaced-zone": { severity: "error", title: "The zone unplaced is given members or networks" },
  "test-failed": { severity: "error", title: "A test of the policy has another answer than it expects" },
  // Warnings.
  overlap: { severity: "warning", title: "Two zones or two policies could claim one workload" },
  "to-less-than-scope": { severity: "warning", title: "A rule names less than its scope" },
  "need-opens-segment": { severity: "warning", title: "A need is so wide that it opens its own segment" },
  "need-does-not-count": { severity: "warning", title: "A need of a guarded server opens nothing" },
  "any-of-labels": { severity: "warning", title: "A list of single labels means any of them" },
  "literal-value": { severity: "warning", title: "A label value looks as if it said more than its letters" },
  "forbid-by-loose-label": { severity: "warning", title: "A forbid selects by a label that is not required" },
} as const satisfies Readonly<Record<string, { readonly severity: "error" | "warning"; readonly title: string }>>;

export type Code = keyof typeof catalogue;
