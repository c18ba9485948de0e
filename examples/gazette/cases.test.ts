import { describeCases } from "sitelift/vitest";
import site from "./site.js";

describeCases("cases", site);
