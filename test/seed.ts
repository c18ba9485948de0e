/**
 * `npm test` asks random cases of one seed, so that the same code gets the same answer each time. `npm run test:deep`
 * takes a new seed each time; fast-check prints it with what it found.
 */
import fc from "fast-check";
import { DEEP } from "./deep.js";

if (!DEEP) fc.configureGlobal({ seed: 20_261_201 });
