import { archiveContract } from "../contract.ts";
import { memoryArchive } from "./archive.ts";

archiveContract(async () => ({ archive: memoryArchive(), end: async () => undefined }));
