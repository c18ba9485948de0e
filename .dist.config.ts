import base from "./vitest.config.js";
import { mergeConfig } from "vitest/config";
export default mergeConfig(base, { test: { server: { deps: { external: [/\/dist\/src\//, /\/dist\/fixtures\//] } } }, resolve: { alias: [{ find: /^(?:\.\.\/)+(src|fixtures\/office)\/(.*)$/, replacement: "/tmp/wt/tests/dist/$1/$2" }] } });
