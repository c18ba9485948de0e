import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // The site file is imported, so Vitest watches it by itself. Pages and expectations are read from the disk.
    forceRerunTriggers: [...configDefaults.forceRerunTriggers, "**/cases/**"],
  },
});
