/** A small file of each form of each format; the fuzz damages them. */
export const samples: Readonly<Record<string, string>> = {
  kubernetes: `apiVersion: v1
kind: ConfigMap
metadata: { name: routes, namespace: shop }
data: { routes.conf: "upstream stock.shop.svc.cluster.local:9000;", MAIL: "smtp://mail" }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          args: ["--cart=cart:7070", "--verbose"]
          env:
            - { name: LEDGER_URL, value: "http://ledger.shop/api" }
            - { name: PASSWORD, valueFrom: { secretKeyRef: { name: s, key: k } } }
            - { name: GONE_ADDR, value: "gone:80" }
          envFrom: [{ configMapRef: { name: routes } }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: c, ports: [{ name: grpc, containerPort: 7171 }] }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: stock, namespace: shop }
spec: { template: { metadata: { labels: { app: stock } }, spec: { containers: [] } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ledger, namespace: shop }
spec: { template: { metadata: { labels: { app: ledger } }, spec: { containers: [] } } }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 7070, targetPort: grpc }] }
---
apiVersion: v1
kind: Service
metadata: { name: stock, namespace: shop }
spec: { selector: { app: stock }, ports: [{ port: 9000 }] }
---
apiVersion: v1
kind: Service
metadata: { name: ledger, namespace: shop }
spec: { selector: { app: ledger }, ports: [{ port: 80, targetPort: 8080 }] }
`,
  compose: `name: shop
services:
  web:
    image: web
    environment:
      - API_URL=http://api:8080/v1
      - DB=postgres://user:secret@db/shop
    depends_on: [api, cache]
  api:
    build: .
    ports: ["127.0.0.1:8080:8080"]
    links: ["db:database"]
  db: { image: postgres, expose: [5432] }
  cache: { image: redis }
`,
  csv: `client app,server app,service,by,when
billing,ledger,postgres,team-billing,2026-01-15
app=portal env=prod,ledger,8443/tcp 9443,Ann,
id:batch-1,ledger,any,,
`,
};
