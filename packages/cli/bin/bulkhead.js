#!/usr/bin/env node
import { main } from "../dist/bulkhead.js";

await main(process);
