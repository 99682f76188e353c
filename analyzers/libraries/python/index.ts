/** What is known of Python's packages; every api begins with `pypi:`, so that nothing mixes with npm's. */
import type { ClientFact, LibraryFact } from "../fact.ts";
import { pythonCache, pythonDatabase, pythonQueue, pythonStorage } from "./data.ts";
import { pythonHttp, pythonHttpClients, pythonPayment } from "./http.ts";
import { pythonMail, pythonMailClients } from "./mail.ts";
import { pythonModel, pythonModelClients } from "./model.ts";
import { pythonOperations, pythonWork } from "./work.ts";

export const pythonFacts: readonly LibraryFact[] = [
  ...pythonMail,
  ...pythonModel,
  ...pythonPayment,
  ...pythonHttp,
  ...pythonWork,
  ...pythonQueue,
  ...pythonDatabase,
  ...pythonCache,
  ...pythonStorage,
  ...pythonOperations,
];

export const pythonClients: readonly ClientFact[] = [...pythonMailClients, ...pythonModelClients, ...pythonHttpClients];
