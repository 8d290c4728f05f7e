/** Small files of each source of credentials, written by hand from the tools' documentation. */

const day = "12:00:00 2026 GMT";

/** A certificate as `openssl x509 -text` prints it, of the fields that are read. */
export const certificateText = ({
  subject = "CN = web-1",
  issuer = "O = Example, CN = Example CA",
  from = "Nov 25",
  until = "Nov 26",
  names = "DNS:web-1.example.gov",
} = {}): string => `Certificate:
    Data:
        Version: 3 (0x2)
        Serial Number:
            49:1b:7c:b7
        Signature Algorithm: ecdsa-with-SHA256
        Issuer: ${issuer}
        Validity
            Not Before: ${from} ${day}
            Not After : ${until} ${day}
        Subject: ${subject}
        X509v3 extensions:
            X509v3 Subject Alternative Name: critical
                ${names}
            X509v3 Basic Constraints: 
                CA:FALSE
`;

const reportHead =
  "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";
const arn = "arn:aws:iam::123456789012";

export const credentialSamples: Readonly<Record<string, readonly string[]>> = {
  certificates: [certificateText(), certificateText() + certificateText({ names: "DNS:*.example.gov, URI:spiffe://example.gov/ns/shop/sa/web" })],
  spire: [
    JSON.stringify({
      entries: [
        {
          id: "1",
          spiffe_id: { trust_domain: "example.gov", path: "/ns/shop/sa/web" },
          parent_id: { trust_domain: "example.gov", path: "/spire/agent/k8s_psat/1" },
          selectors: [
            { type: "k8s", value: "ns:shop" },
            { type: "k8s", value: "sa:web" },
            { type: "k8s", value: "container-name:front" },
          ],
          x509_svid_ttl: 1800,
          expires_at: "0",
          admin: false,
          downstream: false,
        },
        {
          id: "2",
          spiffe_id: { trust_domain: "example.gov", path: "/node" },
          parent_id: { trust_domain: "example.gov", path: "/spire/server" },
          selectors: [{ type: "k8s_psat", value: "cluster:one" }],
          x509_svid_ttl: 0,
          expires_at: "1700000000",
        },
      ],
      next_page_token: "",
    }),
  ],
  entra: [
    JSON.stringify([
      {
        appId: "a-1",
        displayName: "shop",
        passwordCredentials: [
          { displayName: "ci", startDateTime: "2025-01-01T00:00:00Z", endDateTime: "2027-01-01T00:00:00Z" },
          { keyId: "old", startDateTime: "2024-01-01T00:00:00Z", endDateTime: "2025-01-01T00:00:00Z" },
        ],
        keyCredentials: [{ displayName: "cert", startDateTime: "2026-11-01T00:00:00Z", endDateTime: "2027-01-30T00:00:00Z" }],
        federatedIdentityCredentials: [{ issuer: "https://oidc.example.gov", subject: "system:serviceaccount:shop:web" }],
      },
    ]),
    JSON.stringify({
      value: [
        {
          appId: "a-2",
          displayName: "web-9",
          servicePrincipalType: "ManagedIdentity",
          alternativeNames: ["isExplicit=False", "/subscriptions/s/resourceGroups/Shop/providers/Microsoft.Compute/virtualMachines/Web-9"],
          passwordCredentials: [],
          keyCredentials: [],
        },
      ],
    }),
  ],
  "iam-report": [
    [
      reportHead,
      `<root_account>,${arn}:root,2020-01-01T00:00:00+00:00,not_supported,2026-01-01T00:00:00+00:00,not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A`,
      `deploy,${arn}:user/deploy,2020-01-01T00:00:00+00:00,false,N/A,N/A,N/A,false,true,2026-11-15T12:00:00+00:00,2026-11-24T12:00:00+00:00,eu-central-1,s3,false,2021-01-01T00:00:00+00:00,N/A,N/A,N/A,false,N/A,false,N/A`,
      `ann,${arn}:user/ann,2020-01-01T00:00:00+00:00,true,no_information,2020-01-01T00:00:00+00:00,N/A,true,true,2026-11-15T12:00:00+00:00,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A`,
      "",
    ].join("\n"),
  ],
};

/** LDIF of the accounts that machines and services use. */
export const accountsLdif = `version: 1
dn: CN=WEB-1,OU=Servers,DC=example,DC=gov
objectClass: user
objectClass: computer
sAMAccountName: WEB-1$
dNSHostName: web-1.example.gov
pwdLastSet: 134399088000000000
userAccountControl: 4096
servicePrincipalName: HOST/web-1.example.gov

dn: CN=DB-1,OU=Servers,DC=example,DC=gov
objectClass: user
objectClass: computer
sAMAccountName: DB-1$
dNSHostName: db-1.example.gov
pwdLastSet: 132000000000000000
userAccountControl: 528384

dn: CN=svc-sql,OU=Services,DC=example,DC=gov
objectClass: user
sAMAccountName: svc-sql
servicePrincipalName: MSSQLSvc/db-1.example.gov:1433
servicePrincipalName: HTTP/web-1.example.gov
userAccountControl: 66048
msDS-AllowedToDelegateTo: cifs/files.example.gov

dn: CN=gmsa-web,CN=Managed Service Accounts,DC=example,DC=gov
objectClass: computer
objectClass: msDS-GroupManagedServiceAccount
sAMAccountName: gmsa-web$
servicePrincipalName: HTTP/web-1.example.gov

dn: CN=old,OU=Services,DC=example,DC=gov
objectClass: user
sAMAccountName: svc-old
servicePrincipalName: HTTP/web-1.example.gov
userAccountControl: 514

dn: CN=ann,OU=People,DC=example,DC=gov
objectClass: user
sAMAccountName: ann
`;

/** What `Get-ADServiceAccount -Filter * -Properties * | ConvertTo-Json` prints. */
export const accountsJson = JSON.stringify([
  {
    DistinguishedName: "CN=gmsa-web,CN=Managed Service Accounts,DC=example,DC=gov",
    Enabled: true,
    Name: "gmsa-web",
    ObjectClass: "msDS-GroupManagedServiceAccount",
    SamAccountName: "gmsa-web$",
    PasswordLastSet: "/Date(1795003200000)/",
    ServicePrincipalNames: { value: ["HTTP/shop.example.gov"], Count: 1 },
    PrincipalsAllowedToRetrieveManagedPassword: ["CN=WEB-1,OU=Servers,DC=example,DC=gov"],
    TrustedForDelegation: true,
  },
]);

/** Deployments that share an account and a secret. */
export const secretsJson = JSON.stringify({
  apiVersion: "v1",
  kind: "List",
  items: [
    ...["web", "api"].map((name) => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace: "shop" },
      spec: {
        template: {
          spec: {
            serviceAccountName: "web",
            imagePullSecrets: [{ name: "registry" }],
            volumes: name === "web" ? [{ name: "v", secret: { secretName: "tls" } }] : [],
            containers: [{ name: "a", env: [{ name: "P", valueFrom: { secretKeyRef: { name: "db", key: "p" } } }] }],
          },
        },
      },
    })),
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "web", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/web" } },
      automountServiceAccountToken: false,
    },
    { apiVersion: "v1", kind: "Secret", type: "Opaque", metadata: { name: "db", namespace: "shop" }, data: { p: "aHVudGVyMg==" } },
    { apiVersion: "v1", kind: "Secret", type: "kubernetes.io/tls", metadata: { name: "tls", namespace: "shop" } },
    { apiVersion: "v1", kind: "Secret", type: "kubernetes.io/dockerconfigjson", metadata: { name: "registry", namespace: "shop" } },
    {
      apiVersion: "v1",
      kind: "Secret",
      type: "kubernetes.io/service-account-token",
      metadata: { name: "web-token", namespace: "shop", annotations: { "kubernetes.io/service-account.name": "web" } },
    },
  ],
});
